// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.tar", name: "tar", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "tar", summary: "A tar of packages and their whole runtime closure, to unpack at /",
                doc: """
                    The archive holds hab/pkgs/ORIGIN/NAME/VERSION/RELEASE for every package of the closure, the base \
                    packages (the package manager, supervisor, launcher and a busybox), a copy of the package \
                    manager's programs in hab/bin, and an empty hab/cache. Unpack it with `tar -C / -xpf FILE`. With \
                    `--runtime direct` it holds no base packages but a small first process, and the first service as it \
                    is configured now: start it with `/hab/bin/bio-init /hab/svc/NAME/bio-init.spec`.
                    """,
                options: TarOptions.all, groups: [.packages], basePackages: TarOptions.basePackages,
                artifactKinds: ["tarball"], needs: [.fail, .log, .files, .rootfs, .archive, .template],
                isStreamable: true,
                exporter: TarExporter.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
