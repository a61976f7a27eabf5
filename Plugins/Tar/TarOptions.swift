// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The options of `bio pkg export tar`, and the base packages they let out.
enum TarOptions {
    static let compression = Option.compression(
        default: "gzip", "Compress with gzip, gzip:fast, gzip:small, zstd, zstd:LEVEL, xz or none")
    static let noBin = Option.flag(
        "no-bio-bin", aliases: ["no-hab-bin"], "Leave out hab/bin; the package manager stays in hab/pkgs")
    static let noSupervisor = Option.flag(
        "no-bio-sup", aliases: ["no-hab-sup"], "Leave out the supervisor and its launcher")

    static let all = [compression, DirectOptions.runtime] + DirectOptions.options + [noBin, noSupervisor]

    private static let direct = "runtime=direct"

    static let basePackages = [
        BasePackage(.cli, omitWhen: direct), BasePackage(.supervisor, omitWhen: "no-bio-sup \(direct)"),
        BasePackage(.launcher, omitWhen: "no-bio-sup \(direct)"), BasePackage(.shell, omitWhen: direct),
        DirectOptions.firstProcess(omitWhen: "runtime=supervisor"),
    ]
}
