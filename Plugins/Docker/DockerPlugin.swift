// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.docker", name: "docker", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "docker", aliases: ["container"],
                summary: "A container image of packages and their whole runtime closure",
                doc: """
                    The image holds every package of the closure, one layer each, and a small layer with users, links \
                    and /init.sh, which starts the first service under the supervisor. With `--runtime none` it runs a \
                    program of the packages by itself. No engine is needed to make it.
                    """,
                options: DockerOptions.all, groups: [.packages, .imageName, .image],
                basePackages: DockerOptions.basePackages, artifactKinds: ["image"],
                needs: [.fail, .log, .files, .rootfs, .oci, .document, .template], isStreamable: true,
                exporter: DockerExporter.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
