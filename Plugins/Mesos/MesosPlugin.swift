// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.mesos", name: "mesos", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "mesos", summary: "A service for Mesos: its root as a tarball, and the Marathon application",
                doc: """
                    The tarball holds the packages and their whole closure, users, links and /init.sh, which starts \
                    the first service under the supervisor. The application, JSON for Marathon, goes to a file beside \
                    it and to standard output. With `--docker` an image takes the tarball's place; `--to` says which \
                    registry it goes to. With `--runtime direct` a small first process runs the service as it is \
                    configured now.
                    """,
                options: MesosOptions.all, groups: [.packages, .imageName, .image],
                basePackages: MesosOptions.basePackages, artifactKinds: ["tarball", "application"],
                needs: [.fail, .files, .rootfs, .archive, .document, .template], exporter: MesosExporter.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
