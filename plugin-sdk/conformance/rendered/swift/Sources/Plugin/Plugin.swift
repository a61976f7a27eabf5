// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

/// What the host renders, in Swift.
private let entry = PluginEntry(
    PluginDescription(
        id: "org.example.rendered", name: "rendered", version: "0.1.0", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "rendered", summary: "What the host renders", options: Rendered.options, groups: [.packages],
                artifactKinds: ["rendered", "rendered-tree"],
                needs: [.fail, .document, .rootfs, .archive, .template], exporter: Rendered.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
