// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

extension WorkloadPlan {
    /// What the containers of a workload run: the image that the format docker makes of its packages, by digest when it
    /// goes to a registry; else, and without an image, its most exact name. In plan no image has a digest yet.
    public func image(of workload: Workload, _ job: Job, _ host: Host) throws(ExportFailure) -> String {
        let roots = job.roots.filter { workload.roots.contains($0.index) }
        guard let service = roots.first(where: { $0.ident == workload.package.ident }) else { return "" }
        if settings.makesImage {
            let made: [Artifact]
            do throws(ExportFailure) { made = try host.run(ChildExport("docker", roots: roots)) } catch {
                throw ExportFailure(
                    code: error.code, subject: error.subject,
                    error.message.isEmpty ? "there is no image of \(service.ident)" : error.message,
                    hint: "or leave the image out with --\(WorkloadOptions.noImage.id)")
            }
            for artifact in made {
                if case .reference(let reference) = artifact.place, reference.contains("@sha256:") { return reference }
            }
        }
        let names = try host.references(of: service)
        return names.first { $0.hasSuffix(":\(service.version)-\(service.release)") }
            ?? names.first { $0.hasSuffix(":\(service.version)") } ?? names.last ?? ""
    }
}
