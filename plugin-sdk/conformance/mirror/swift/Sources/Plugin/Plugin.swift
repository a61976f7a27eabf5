// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

/// The mirror in Swift.
private let entry = PluginEntry(
    PluginDescription(
        id: "org.example.mirror", name: "mirror", version: "0.1.0", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "mirror", summary: "The job as JSON", options: Mirror.options, groups: [.packages],
                artifactKinds: ["mirror"], needs: [.fail, .files, .document], isStreamable: true, exporter: Mirror.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
