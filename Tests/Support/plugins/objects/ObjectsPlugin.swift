// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.test.objects", name: "objects", version: "0.0.1", vendor: "nobody", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "objects", summary: "Kubernetes objects and a chart",
                options: [ObjectsExporter.config, ObjectsExporter.namespace, ObjectsExporter.notes],
                groups: [.packages], artifactKinds: ["manifest", "chart"], needs: [.fail, .document],
                exporter: ObjectsExporter.self)
        ]))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
