// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

extension WorkloadValues {
    /// What the options and the other services of the export say of a workload, as it stands in a manifest.
    init(_ plan: WorkloadPlan, _ workload: WorkloadPlan.Workload, image: String) throws(ExportFailure) {
        let settings = plan.settings
        let package = workload.package
        let selector = [("app.kubernetes.io/name", package.name), ("app.kubernetes.io/instance", workload.name)]
            .map { (key: $0.0, value: DocumentValue.string(ClusterName.labelValue($0.1))) }
        self.init(
            name: Term(workload.name), labels: .map(selector + Self.labels(plan, workload)), selector: .map(selector),
            image: Term(image))
        annotations = [
            "org.biome.package": "\(package.ident)",
            "org.biome.configuration": .string(plan.configurationSum(of: workload)),
        ]
        namespace = .string(settings.namespace)
        group = Term(settings.group)
        peers =
            workload.ring.flatMap { number in
                let other = plan.workloads[number]
                return (0..<(other.isFirst && settings.count > 1 ? 2 : 1)).map {
                    Choice(WorkloadObjects.gossipName(Term(other.name), $0))
                }
            }
            + settings.peers.map { Choice(Term($0)) }
        binds = workload.binds.map {
            Choice(BindTerm(name: Term($0.name), service: Term($0.service), group: Term($0.group)))
        }
        runtime = settings.runtime
        addresses = workload.addresses.map { Term("\($0.name)=\(plan.text(of: $0))") }
        isJoined = !workload.ring.isEmpty
        imagePullSecrets = DocumentValue.list(settings.pullSecrets.map { ["name": "\($0)"] }).unlessEmpty
        ring = try settings.ring()
        if workload.isFirst { try choose(settings, package) }
    }

    /// What is said of the first workload alone.
    private mutating func choose(_ settings: WorkloadSettings, _ package: ServicePackage) throws(ExportFailure) {
        instances = .integer(settings.count)
        isMany = settings.count > 1 ? .always : .never
        isStateful = settings.count > 1 || settings.isLeader || settings.storage != nil
        topology = settings.isLeader ? "leader" : "standalone"
        config = settings.runtime == .direct ? nil : settings.config.map { Choice(Term(base64($0))) }
        environment = settings.environment.map { ["name": "\($0.key)", "value": "\(settings.unexpanded($0.value))"] }
        storage = try settings.storage(of: package)
        resources =
            DocumentValue.map([
                "requests": DocumentValue.map(["cpu": .string(settings.cpu), "memory": .string(settings.memory)])
                    .unlessEmpty,
                "limits": DocumentValue.map(["memory": .string(settings.memory)]).unlessEmpty,
            ]).unlessEmpty
        serviceType = Term(settings.serviceType)
        ingress = settings.ingressHost.map { Choice(Ingress(host: Term($0))) }
        try settings.checkClients(package)
    }

    private static func labels(_ plan: WorkloadPlan, _ workload: WorkloadPlan.Workload)
        -> [(key: String, value: DocumentValue)]
    {
        let partOf = plan.workloads.count > 1 ? plan.workloads[0].name : nil
        let own = [
            ("version", workload.package.version), ("part-of", partOf), ("managed-by", "bio"),
        ].compactMap { name, text in text.map { ("app.kubernetes.io/\(name)", ClusterName.labelValue($0)) } }
        let chosen = plan.settings.labels
        return (own.filter { label in !chosen.contains { $0.key == label.0 } } + chosen.map { ($0.key, $0.value) })
            .map { (key: $0.0, value: .string($0.1)) }
    }
}
