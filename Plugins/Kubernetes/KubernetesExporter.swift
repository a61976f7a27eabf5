// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// Writes the objects of every service as one stream of YAML; its images are the format docker's.
final class KubernetesExporter: Exporter {
    private let host: Host
    /// The same in every phase: job and packages are.
    private var decided: WorkloadPlan?
    private var remarks: [String] = []

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        let plan = try decide(job)
        if job.flag(WorkloadOptions.operated) { try HabitatObject.check(job) }
        for workload in plan.workloads { _ = try objects(plan, workload, image: "", job) }
    }

    func plan(_ job: Job) throws(ExportFailure) {
        let plan = try decide(job)
        for remark in remarks { host.log(.warning, remark) }
        for workload in plan.workloads { _ = try plan.image(of: workload, job, host) }
        try host.emit(artifact(job))
    }

    func run(_ job: Job) throws(ExportFailure) {
        let plan = try decide(job)
        var objects: [DocumentValue] = []
        for workload in plan.workloads {
            let image = try plan.image(of: workload, job, host)
            objects += try self.objects(plan, workload, image: image, job)
            if plan.settings.makesImage && !image.contains("@") {
                host.log(.note, plan.tagRemark(image, "the manifest names"))
            }
        }
        // With a line before the first document streams can be put together.
        try job.write("---\n" + (try host.text(of: objects, as: .yaml)), to: fileName(job))
        try host.emit(artifact(job))
    }

    private func decide(_ job: Job) throws(ExportFailure) -> WorkloadPlan {
        if let decided { return decided }
        let plan = try WorkloadPlan(job, try WorkloadSettings(job, host), host) { remarks.append($0) }
        decided = plan
        return plan
    }

    private func objects(_ plan: WorkloadPlan, _ workload: WorkloadPlan.Workload, image: String, _ job: Job)
        throws(ExportFailure) -> [DocumentValue]
    {
        if job.flag(WorkloadOptions.operated) { return try OperatorObjects.all(plan, workload, image: image) }
        let values = try WorkloadValues(plan, workload, image: image)
        return WorkloadObjects(workload.package, values).all.map(\.object)
    }

    private func artifact(_ job: Job) -> Artifact {
        Artifact(.file(fileName(job)), kind: "manifest", mediaType: "application/yaml")
    }

    private func fileName(_ job: Job) -> String {
        job.outputName ?? (job.roots.first?.ident ?? "").split(separator: "/").joined(separator: "-") + ".yaml"
    }
}
