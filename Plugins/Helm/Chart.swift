// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// A chart, decided: every option and package has been looked at.
struct Chart {
    let metadata: ChartMetadata
    private let packages: [String]
    private let services: [ChartService]

    init(_ job: Job, _ host: Host) throws(ExportFailure) {
        let metadata = try ChartMetadata(job)
        self.metadata = metadata
        packages = job.roots.map(\.ident)
        services = job.roots.enumerated().map { number, package in
            let service = ServicePackage(package, of: job)
            return ChartService(
                service: service, defaults: ChartDefaults(image: "a/b:1"),
                template: number == 0 ? metadata.name : "\(metadata.name).\(service.name)",
                path: number == 0 ? ".Values" : ".Values.services.\(service.name)")
        }
    }

    private var entries: [ChartValue] {
        let others = services.dropFirst().map { ChartValue($0.service.name, of: $0.entries, "The service \($0.service.name)") }
        return (services.first?.entries ?? [])
            + (others.isEmpty ? [] : [ChartValue("services", of: others, "The chart's other services, with the same keys")])
    }

    /// Its files, with their paths in it.
    func files(_ host: Host) throws(ExportFailure) -> [(path: String, text: String)] {
        let schema: DocumentValue = ["$schema": "http://json-schema.org/draft-07/schema#", "title": "\(metadata.name)"]
        var files = [
            (".helmignore", ChartFiles.ignored),
            ("Chart.yaml", try host.text(of: metadata.file, as: .yaml)),
            ("README.md", ChartFiles.readMe(metadata, packages: packages, values: entries)),
            ("templates/NOTES.txt", ChartFiles.notes(metadata.name)),
            (
                "values.schema.json",
                try host.text(of: schema.adding(ChartValue.schema(entries, more: ["global"])), as: .json)
            ),
            ("values.yaml", try host.text(of: ChartValue.values(entries), as: .yaml)),
        ]
        for (number, service) in services.enumerated() {
            let prefix = number == 0 ? "" : "\(ChartName.nearest(to: service.service.name))-"
            let helpers = ChartNames.templates(of: service, version: service.service.version, isFirst: number == 0)
            files.append(("templates/_\(prefix)helpers.tpl", try host.text(of: helpers, as: .yamlTemplate)))
            let test = try host.text(of: ChartTest.pod(of: service), as: .yamlTemplate)
            files.append(("templates/tests/\(prefix)health.yaml", test))
            for (title, object) in service.objects(peers: [], isJoined: false).all {
                files.append(("templates/\(prefix)\(title).yaml", try host.text(of: object, as: .yamlTemplate)))
            }
        }
        return files
    }
}
