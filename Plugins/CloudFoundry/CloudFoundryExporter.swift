// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// Puts one layer on the image that docker would make: the mapping, and what fills it before the supervisor starts. Without
/// a supervisor it is docker's, with one port.
final class CloudFoundryExporter: Exporter {
    private let host: Host
    /// The same in every phase: job and packages are.
    private var decided: ImagePlan?

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) { _ = try decide(job) }

    func plan(_ job: Job) throws(ExportFailure) {
        let plan = try decide(job)
        for remark in plan.service.portRemarks + (plan.filling.map { $0.mapping.remarks(known: $0.programs) } ?? []) {
            host.log(.warning, remark)
        }
        try publish(plan)
        if !job.flag(CloudFoundryOptions.noManifest) { try host.emit(plan.manifest) }
    }

    func run(_ job: Job) throws(ExportFailure) {
        let plan = try decide(job)
        try publish(plan)
        guard !job.flag(CloudFoundryOptions.noManifest), case .file(let path) = plan.manifest.place else { return }
        try job.write(try plan.manifestText(host), to: path)
        try host.emit(plan.manifest)
    }

    private func decide(_ job: Job) throws(ExportFailure) -> ImagePlan {
        if let decided { return decided }
        let plan = try ImagePlan(job, host)
        decided = plan
        return plan
    }

    private func publish(_ plan: ImagePlan) throws(ExportFailure) {
        let image = try host.image(of: ChildExport("docker", options: plan.options))
        if let filling = plan.filling {
            let tree = try host.makeRootFilesystem()
            for (path, text) in filling.files { try tree.addFile(at: path, mode: 0o755, Array(text.utf8)) }
            try image.add(tree, title: "/cf-init.sh and the mapping")
        }
        try image.configure(plan.config)
        try image.publish()
    }
}
