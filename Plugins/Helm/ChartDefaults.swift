// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What the values of a service are without the user: what the options of the export say. Most of them are about the
/// first service.
struct ChartDefaults {
    var image: String
    var name = ""
    var pullSecrets: [String]
    var instances: Int64 = 1
    var topology = "standalone"
    var group: String
    var config = ""
    var ring: String
    var storage: WorkloadValues.Storage?
    var binds: [Bind]
    /// Of binds to addresses; empty where the chart knows one.
    var addresses: [(name: String, address: String)]
    var environment: [(key: String, value: String)] = []
    var serviceType = "ClusterIP"
    var ingressHost = ""
    var resources: DocumentValue = [:]
    var labels: [(key: String, value: DocumentValue)]
    var annotations: DocumentValue

    init(_ plan: WorkloadPlan, _ workload: WorkloadPlan.Workload, image: String) throws(ExportFailure) {
        let settings = plan.settings
        self.image = image
        pullSecrets = settings.pullSecrets
        group = settings.group
        ring = try settings.ring() == nil ? "" : settings.ringSecret ?? ""
        binds = workload.binds
        addresses =
            settings.runtime == .alone
            ? workload.addresses.map { ($0.name, $0.isWired ? "" : plan.text(of: $0)) } : []
        annotations = [
            "org.biome.package": "\(workload.package.ident)",
            "org.biome.configuration": .string(plan.configurationSum(of: workload)),
        ]
        labels = settings.labels.map { (key: $0.key, value: .string($0.value)) }
        if workload.isFirst { try choose(settings, workload.package) }
    }

    private mutating func choose(_ settings: WorkloadSettings, _ package: ServicePackage) throws(ExportFailure) {
        try settings.checkClients(package)
        name = settings.name ?? ""
        instances = settings.count
        topology = settings.isLeader ? "leader" : "standalone"
        config = settings.config.map { base64($0) } ?? ""
        storage = try settings.storage(of: package)?.content
        environment = settings.environment.map { ($0.key, settings.unexpanded($0.value)) }
        serviceType = settings.serviceType
        ingressHost = settings.ingressHost ?? ""
        resources = DocumentValue.map([
            "requests": DocumentValue.map(["cpu": .string(settings.cpu), "memory": .string(settings.memory)])
                .unlessEmpty,
            "limits": DocumentValue.map(["memory": .string(settings.memory)]).unlessEmpty,
        ])
    }
}
