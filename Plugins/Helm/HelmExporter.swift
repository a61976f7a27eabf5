// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// Writes a chart: as a directory or packed, and perhaps into a registry.
final class HelmExporter: Exporter {
    private let host: Host

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        let chart = try Chart(job, host) { _, _ in "image" }
        guard Self.isPacked(job) else { return }
        if job.flag(WorkloadOptions.operated) {
            throw .option(
                WorkloadOptions.operated,
                "a chart is packed with the charts that it depends on, and the operator's is not here",
                hint: "export a directory, then run 'helm dependency update' and 'helm package' on it")
        }
        if try chart.files(host).contains(where: { $0.text.utf8.count > Self.longestFile }) {
            throw .option(
                WorkloadOptions.config, "a file of a packed chart has at most \(Self.longestFile) bytes",
                hint: "export a directory, then run 'helm package' on it")
        }
    }

    /// What the host takes into a tree, with room for the names of images.
    private static let longestFile = 60 << 10

    func plan(_ job: Job) throws(ExportFailure) {
        let chart = try chart(job)
        for remark in chart.remarks { host.log(.warning, remark) }
        if job.flag(HelmOptions.downloadDependencies) {
            host.log(.note, "--download-deps changes nothing: run 'helm dependency update' in the chart")
        }
        try host.emit(Self.isPacked(job) ? archive(chart, job) : directory(chart, job))
        try push(chart, job)
    }

    func run(_ job: Job) throws(ExportFailure) {
        let chart = try chart(job)
        for remark in chart.imageRemarks { host.log(.note, remark) }
        let files = try chart.files(host)
        if Self.isPacked(job) {
            let tree = try host.makeRootFilesystem()
            for file in files {
                try tree.addFile(at: "\(chart.metadata.name)/\(file.path)", mode: 0o644, Array(file.text.utf8))
            }
            let name = archiveName(chart, job)
            try host.emit(archive(chart, job, try host.writeArchive(tree, path: name, compression: "gzip")))
        } else {
            for file in files { try job.write(file.text, to: "\(directoryName(chart, job))/\(file.path)") }
            try host.emit(directory(chart, job))
        }
        try push(chart, job)
    }

    private func chart(_ job: Job) throws(ExportFailure) -> Chart {
        let host = host
        return try Chart(job, host) { (plan, workload) throws(ExportFailure) in
            try plan.image(of: workload, job, host)
        }
    }

    /// What is pushed has been packed.
    private static func isPacked(_ job: Job) -> Bool { job.flag(HelmOptions.package) || job.isGiven(HelmOptions.push) }

    private func directoryName(_ chart: Chart, _ job: Job) -> String { job.outputName ?? chart.metadata.name }

    /// As `helm package` calls it, unless the user named the file.
    private func archiveName(_ chart: Chart, _ job: Job) -> String {
        job.outputName ?? "\(chart.metadata.name)-\(chart.metadata.version.text).tgz"
    }

    private func directory(_ chart: Chart, _ job: Job) -> Artifact {
        Artifact(.directory(directoryName(chart, job)), kind: "chart")
    }

    private func archive(_ chart: Chart, _ job: Job, _ written: Host.Written? = nil) -> Artifact {
        Artifact(
            .file(archiveName(chart, job)), kind: "chart-archive", mediaType: Self.contentType,
            digest: written?.digest ?? "", size: written?.size ?? 0)
    }

    private func push(_ chart: Chart, _ job: Job) throws(ExportFailure) {
        guard job.isGiven(HelmOptions.push) else { return }
        let metadata = chart.metadata
        var artifact = RegistryArtifact(
            option: HelmOptions.push, name: metadata.name, tag: metadata.version.tag,
            configType: "application/vnd.cncf.helm.config.v1+json",
            config: try host.text(of: metadata.file, as: .jsonCompact), layerType: Self.contentType,
            layer: archiveName(chart, job))
        artifact.annotations = metadata.annotations
        try host.push(artifact)
    }

    /// Helm's own type of a packed chart in a registry.
    private static let contentType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
}
