// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.aci", name: "aci", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "aci", summary: "An App Container Image of a service",
                doc: """
                    The image holds the packages and their whole closure, users, links and /init.sh, which starts the \
                    first service under the supervisor. With `--sign` gpg signs it, and FILE.aci.asc lies beside it. \
                    With `--runtime direct` a small first process runs the service as it is configured now.
                    """,
                options: ACIOptions.all, groups: [.packages], basePackages: ACIOptions.basePackages,
                artifactKinds: ["image", "signature"],
                needs: [.fail, .files, .rootfs, .archive, .document, .tool, .secret, .template],
                exporter: ACIExporter.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
