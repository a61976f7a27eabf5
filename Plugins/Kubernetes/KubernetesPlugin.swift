// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
public import CBioExport
import Workload

private let entry = PluginEntry(
    PluginDescription(
        id: "org.biome.kubernetes", name: "kubernetes", version: "0.1.0", vendor: "bio", license: "Apache-2.0",
        formats: [
            FormatDescription(
                id: "kubernetes", aliases: ["k8s"], summary: "Kubernetes objects that run packages as services",
                doc: """
                    Every service becomes a StatefulSet or a Deployment with its Services and, as options ask, a Secret, \
                    storage and an Ingress, all in one stream of YAML on standard output. The binds between them are \
                    wired. Images are those of the format docker. With `--operator` each is the object of the former \
                    Habitat operator.
                    """,
                options: WorkloadOptions.all, groups: [.packages, .imageName, .image],
                basePackages: WorkloadOptions.basePackages, artifactKinds: ["manifest", "image"],
                needs: [.fail, .log, .files, .document, .chain], isStreamed: true, exporter: KubernetesExporter.self)
        ], functions: WorkloadChecks.all))

@c(bio_export_entry) @implementation
public func bio_export_entry(
    _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
) -> Int32 { entry.answer(negotiation, out) }
