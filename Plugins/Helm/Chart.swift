// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// A chart, decided: every option and package has been looked at.
struct Chart {
    let metadata: ChartMetadata
    private let packages: [String]

    init(_ job: Job, _ host: Host) throws(ExportFailure) {
        metadata = try ChartMetadata(job)
        packages = job.roots.map(\.ident)
    }

    /// Its files, with their paths in it.
    func files(_ host: Host) throws(ExportFailure) -> [(path: String, text: String)] {
        let values: [ChartValue] = []
        return [
            (".helmignore", ChartFiles.ignored),
            ("Chart.yaml", try host.text(of: metadata.file, as: .yaml)),
            ("README.md", ChartFiles.readMe(metadata, packages: packages, values: values)),
            ("templates/NOTES.txt", ChartFiles.notes(metadata.name)),
            ("values.schema.json", try host.text(of: ChartValue.schema(values, title: metadata.name), as: .json)),
            ("values.yaml", try host.text(of: ChartValue.values(values), as: .yaml)),
        ]
    }
}
