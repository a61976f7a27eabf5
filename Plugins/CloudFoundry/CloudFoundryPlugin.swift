// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.cf", name: "cf", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "cf",
                summary: "A container image for Cloud Foundry that takes its configuration from bound services",
                doc: """
                    The image is that of the format docker, with one layer more. When a container starts, every $NAME, \
                    ${…}, $(…) and `…` in the mapping is filled by the shell of the image, and the result is the \
                    user.toml of the service. A mapping can call service NAME PATH, services PATH, application PATH, \
                    port and jq. Beside the image there is a manifest for `cf push`. \
                    With `--runtime direct` there is no mapping: a small first process runs the service as it is \
                    configured now.
                    """,
                options: CloudFoundryOptions.all, groups: [.packages, .imageName, .image],
                basePackages: CloudFoundryOptions.basePackages, artifactKinds: ["image", "manifest"],
                needs: [.fail, .log, .files, .rootfs, .oci, .chain, .document], isStreamable: true, tagPrefix: "cf-",
                exporter: CloudFoundryExporter.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
