// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What `Chart.yaml` says: the options that describe a chart, read and checked.
struct ChartMetadata {
    let name: String
    let version: ChartVersion
    let file: DocumentValue
    /// The same in a registry, by the names that OCI gives them.
    let annotations: [(key: String, value: String)]

    /// Of a job whose first package the chart is called after.
    init(_ job: Job, dependencies: [DocumentValue] = []) throws(ExportFailure) {
        guard let package = job.roots.first(where: { $0.roles.contains(.service) }) ?? job.roots.first else {
            throw ExportFailure("there is no package to export")
        }
        name = try Self.name(job, package)
        version = try Self.version(job, package)
        for option in [HelmOptions.home, HelmOptions.icon] {
            if let address = job.text(option) { try WebAddress.check(address, option) }
        }
        for address in job.list(HelmOptions.source) { try WebAddress.check(address, HelmOptions.source) }
        for option in [HelmOptions.keyword, HelmOptions.description] {
            let texts = option.kind == .list ? job.list(option) : job.text(option).map { [$0] } ?? []
            for text in texts { try Self.checkLine(text, option) }
        }
        let maintainers = try job.list(HelmOptions.maintainer).map { (text) throws(ExportFailure) in
            try ChartMaintainer(text).value
        }
        let description = job.text(HelmOptions.description) ?? "\(package.origin)/\(package.name) as a service"
        let links = [
            ("url", job.text(HelmOptions.home)), ("source", job.list(HelmOptions.source).first),
        ].compactMap { (key, value) in value.map { (key, $0) } }
        annotations =
            ([("title", name), ("version", version.text), ("description", description)] + links)
            .map { (key: "org.opencontainers.image.\($0)", value: $1) }
        file = [
            "apiVersion": "v2",
            "name": "\(name)",
            "version": "\(version.text)",
            // Of the objects of today; the operator ended before.
            "kubeVersion": dependencies.isEmpty ? ">=1.25.0-0" : .absent,
            "description": "\(description)",
            "type": "application",
            "appVersion": "\(package.version)-\(package.release)",
            "keywords": .strings(job.list(HelmOptions.keyword)).unlessEmpty,
            "home": .string(job.text(HelmOptions.home)),
            "icon": .string(job.text(HelmOptions.icon)),
            "sources": .strings(job.list(HelmOptions.source)).unlessEmpty,
            "maintainers": .list(maintainers).unlessEmpty,
            "deprecated": .bool(job.flag(HelmOptions.deprecated) ? true : nil),
            "dependencies": .list(dependencies).unlessEmpty,
            "annotations": ["org.biome.packages": "\(job.roots.map(\.ident).joined(separator: " "))"],
        ]
    }

    /// The longest name that leaves room for a release's and for what objects add to it.
    static let longestName = 40

    /// Helm takes more; a name of this kind fits into names of objects and repositories, too.
    private static func name(_ job: Job, _ package: Package) throws(ExportFailure) -> String {
        guard let name = job.text(HelmOptions.chart) else {
            return ClusterName.label(package.name, longest: longestName)
        }
        guard ClusterName.isLabel(name), name.utf8.count <= longestName else {
            throw .option(
                HelmOptions.chart, "'\(name)' is no name of a chart",
                hint:
                    "use small letters, digits and dashes, at most \(longestName), as in \(ClusterName.label(name, longest: longestName))"
            )
        }
        return name
    }

    private static func version(_ job: Job, _ package: Package) throws(ExportFailure) -> ChartVersion {
        guard let text = job.text(HelmOptions.version) else { return ChartVersion(ofPackage: package.version) }
        guard let version = ChartVersion(text) else {
            throw .option(
                HelmOptions.version, "'\(text)' is no version as semver.org has them",
                hint: "the nearest is \(ChartVersion(ofPackage: text).text)")
        }
        return version
    }

    private static func checkLine(_ text: String, _ option: Option) throws(ExportFailure) {
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || 0x7F...0x9F ~= $0.value }) else {
            throw .option(option, "it is empty or has more than one line", hint: "write one line of text")
        }
    }
}
