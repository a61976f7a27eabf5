// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport
import Workload

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.helm", name: "helm", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "helm", summary: "A Helm chart of packages that run as services",
                doc: """
                    The chart holds what `bio pkg export kubernetes` writes, as templates, with values, their schema, notes \
                    and a test. Without `--package` and `--push` it is a directory.
                    """,
                options: WorkloadOptions.all + HelmOptions.all, groups: [.packages, .imageName, .image],
                basePackages: WorkloadOptions.basePackages,
                artifactKinds: ["chart", "chart-archive", "image", "chart-reference"],
                needs: [.fail, .log, .files, .rootfs, .archive, .document, .chain, .registry], isStreamable: true,
                exporter: HelmExporter.self)
        ], functions: WorkloadChecks.all))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
