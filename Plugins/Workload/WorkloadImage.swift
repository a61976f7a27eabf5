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
            do throws(ExportFailure) {
                made = try host.run(ChildExport("docker", roots: roots, options: imageOptions(workload, job)))
            } catch {
                throw ExportFailure(
                    code: error.code, subject: error.subject,
                    error.message.isEmpty ? "there is no image of \(service.ident)" : error.message,
                    hint: settings.runtime == .direct
                        ? "" : "or leave the image out with --\(WorkloadOptions.noImage.id)")
            }
            for artifact in made {
                if case .reference(let reference) = artifact.place, reference.contains("@sha256:") { return reference }
            }
        }
        let names = try host.references(of: service)
        // Of one that is configured now only the user's own tag, the last, can say how.
        if settings.runtime == .direct, let last = names.last { return last }
        return names.first { $0.hasSuffix(":\(service.version)-\(service.release)") }
            ?? names.first { $0.hasSuffix(":\(service.version)") } ?? names.last ?? ""
    }

    /// What docker is told of a service that is configured now.
    private func imageOptions(_ workload: Workload, _ job: Job) -> [(key: String, value: String)] {
        guard settings.runtime == .direct else { return [] }
        var options = [(key: WorkloadRuntime.option.id, value: "direct")]
        if workload.isFirst, let config = job.text(WorkloadOptions.config) { options.append(("config", config)) }
        return options + workload.addresses.map { ("bind-address", "\($0.name)=\(text(of: $0))") }
    }

    /// A sum of what the image of a workload is configured with, for pods: a cluster starts them anew when their template
    /// changes, and a tag is the same for every configuration. Nil where it is not decided here.
    public func configurationSum(of workload: Workload) -> String? {
        guard settings.runtime == .direct, settings.makesImage else { return nil }
        let config = workload.isFirst ? settings.config.map { String(decoding: $0, as: UTF8.self) } : nil
        let addresses = workload.addresses.map { "\($0.name)=\(text(of: $0))" }
        return ClusterName.checksum(([config ?? ""] + addresses).joined(separator: "\0"))
    }

    /// What to do about an image that goes by a tag: somebody must bring it to the nodes.
    ///
    /// - Parameter names: as in "the manifest names".
    public func tagRemark(_ image: String, _ names: String) -> String {
        let remark = "\(names) \(image): bring it to where the cluster pulls images, or push it"
        guard settings.runtime == .direct else { return remark }
        return remark + ". Nodes that have an image of this name keep it, whatever its configuration: a push names it "
            + "by digest, and --tag-custom gives a configuration a name of its own"
    }

    /// `HOST:PORT[,KEY=VALUE…]`
    public func text(of address: BoundAddress) -> String {
        switch address.place {
        case .given(let text): text
        case .workload(let number, let port): "\(workloads[number].name):\(port)"
        }
    }
}
