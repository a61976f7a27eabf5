// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPluginHost

/// What is shown of a plugin before it is installed.
struct PluginOffer {
    let id: String
    let text: String

    init(_ staged: borrowing StagedPlugin, key: PublicKey?, _ decision: InstallDecision, place: String) {
        let manifest = staged.manifest
        id = manifest.id
        var rows = [
            ("plugin", "\(manifest.id) \(manifest.version)"), ("", manifest.summary),
            ("formats", manifest.formats.joined(separator: ", ")), ("licence", manifest.license),
            ("from", staged.source),
        ]
        if let package = staged.package { rows.append(("package", package.ident)) }
        rows.append(
            ("signed", key.map { "with the key \($0.name)" } ?? "by nobody: whoever gave it to you can be anybody"))
        if case .replaces(let version) = decision { rows.append(("replaces", version)) }
        rows += Self.powers(manifest).map { ("may", $0) }
        rows.append(("into", "\(place)/\(manifest.id)"))
        text = rows.map { name, value in "  \(name)\(String(repeating: " ", count: 10 - name.count))\(value)" }
            .joined(separator: "\n")
    }

    /// What it may do beyond writing its artifacts.
    private static func powers(_ manifest: PluginManifest) -> [String] {
        var powers = manifest.tools.map { "have '\($0)' run, with all that this program may do" }
        if manifest.startsProcesses { powers.append("start processes of its own, in the sandbox") }
        powers.append("make files, images and registry uploads through bio; no network and no files of its own")
        return powers
    }
}
