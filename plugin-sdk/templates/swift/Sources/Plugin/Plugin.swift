// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

/// Who the plugin is, and the one format that it offers.
private let entry = PluginEntry(
    PluginDescription(
        id: "@ID@", name: "@NAME@", version: "0.1.0", license: "@LICENSE@",
        formats: [
            FormatDescription(
                id: "@FORMAT@", summary: "@SUMMARY@", options: [PackageList.heading], groups: [.packages],
                artifactKinds: ["package-list"], needs: [.fail], isStreamable: true, exporter: PackageList.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
