// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The objects that run one service, in the order in which they should be made.
public struct WorkloadObjects {
    public let service: ServicePackage
    public let values: WorkloadValues

    public init(_ service: ServicePackage, _ values: WorkloadValues) {
        self.service = service
        self.values = values
    }

    /// Each with what it is called among them: `secret`, `service`, `service-headless` …
    public var all: [(title: String, object: DocumentValue)] {
        [
            ("secret", secret), ("service", client), ("service-headless", headless), ("service-gossip-0", gossip(0)),
            ("service-gossip-1", gossip(1)), ("workload", workload), ("disruption-budget", disruptionBudget),
            ("ingress", ingress),
        ].filter { !$0.object.isAbsent }
    }

    /// The names that objects of a workload may have.
    static func names(of workload: String) -> [String] {
        [workload] + ["config", "headless", "gossip-0", "gossip-1"].map { "\(workload)-\($0)" }
    }

    /// Where supervisors of others find one that is always in the ring.
    public static func gossipName(_ name: Term, _ number: Int) -> Term { "\(name)-gossip-\("\(number)")" }

    func metadata(_ name: Term, annotations: DocumentValue = .absent) -> DocumentValue {
        [
            "name": name.document, "namespace": values.namespace, "labels": values.labels, "annotations": annotations,
        ]
    }

    private var secret: DocumentValue {
        guard let config = values.config else { return .absent }
        let object: DocumentValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata("\(values.name)-config"), "type": "Opaque",
            "data": ["user.toml": config.content.document],
        ]
        return object.shown(when: config.condition)
    }

    private var workload: DocumentValue {
        let pod = PodTemplate(self)
        return [
            "apiVersion": "apps/v1",
            "kind": values.isStateful ? "StatefulSet" : "Deployment",
            "metadata": metadata(values.name, annotations: values.annotations),
            "spec": [
                "replicas": values.instances,
                "serviceName": values.isStateful ? headlessName.document : .absent,
                // A ring needs all its supervisors; none of them can wait for the one before it.
                "podManagementPolicy": values.isStateful ? "Parallel" : .absent,
                "selector": ["matchLabels": values.selector],
                "template": pod.document,
                "volumeClaimTemplates": pod.claims,
            ],
        ]
    }

    /// One at a time: those that are left can still elect a leader.
    private var disruptionBudget: DocumentValue {
        let object: DocumentValue = [
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata(values.name),
            "spec": ["maxUnavailable": 1, "selector": ["matchLabels": values.selector]],
        ]
        return object.shown(values.isMany)
    }
}
