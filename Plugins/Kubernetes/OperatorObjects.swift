// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// The object `Habitat` of the former operator, with its Secret, as the original exporter writes them.
struct OperatorObjects {
    let all: [DocumentValue]

    init(_ plan: WorkloadPlan, _ workload: WorkloadPlan.Workload, image: String) throws(ExportFailure) {
        let settings = plan.settings
        let isFirst = workload.isFirst
        let config = isFirst ? settings.config : nil
        let storage = isFirst ? settings.storage : nil
        let secretName = "user-toml-secret"
        let secret: DocumentValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": Self.metadata(secretName, settings), "type": "Opaque",
            "data": .map(["user.toml": .string(config.map { base64($0) })]).commented("The configuration, in base64"),
        ]
        let service = DocumentValue.map([
            "name": "\(workload.package.name)",
            "topology": "\(isFirst && settings.isLeader ? "leader" : "standalone")",
            "group": settings.group == "default" ? .absent : "\(settings.group)",
            "configSecretName": config == nil ? .absent : .string(secretName).commented("The Secret with user.toml"),
            "ringSecretName": .string(settings.ringSecret),
            "bind": DocumentValue.list(
                workload.binds.map { ["name": "\($0.name)", "service": "\($0.service)", "group": "\($0.group)"] }
            ).unlessEmpty,
        ]).commented("How the supervisor runs the service")
        let variables = DocumentValue.list(
            (isFirst ? settings.environment : []).map {
                ["name": "\($0.key)", "value": "\(settings.unexpanded($0.value))"]
            })
        let object: DocumentValue = [
            "apiVersion": "habitat.sh/v1beta1", "kind": "Habitat",
            "customVersion": .string("v1beta2").commented("The version of the object that the operator reads"),
            "metadata": Self.metadata(Self.name(workload, settings), settings),
            "spec": [
                "v1beta2": [
                    "image": "\(image)",
                    "count": .integer(isFirst ? settings.count : 1).commented("How many instances run"),
                    "env": variables.unlessEmpty,
                    "persistentStorage": storage.map {
                        ["size": "\($0.size)", "storageClassName": "\($0.storageClass)", "mountPath": "\($0.path)"]
                    } ?? .absent,
                    "service": service,
                ]
            ],
        ]
        all = (config == nil ? [] : [secret]) + [object]
    }

    /// `name-version-release`, as far as Kubernetes lets a name hold them.
    private static func name(_ workload: WorkloadPlan.Workload, _ settings: WorkloadSettings) -> String {
        if workload.isFirst, let name = settings.name { return name }
        return ClusterName.label(workload.package.ident.split(separator: "/").dropFirst().joined(separator: "-"))
    }

    private static func metadata(_ name: String, _ settings: WorkloadSettings) -> DocumentValue {
        [
            "name": "\(name)", "namespace": .string(settings.namespace),
            "labels": DocumentValue.map(settings.labels.map { (key: $0.key, value: .string($0.value)) }).unlessEmpty,
        ]
    }

    /// What the object has no place for.
    static func check(_ job: Job) throws(ExportFailure) {
        for option in [
            WorkloadOptions.serviceType, WorkloadOptions.ingressHost, WorkloadOptions.pullSecret, WorkloadOptions.peer,
            WorkloadOptions.cpu, WorkloadOptions.memory,
        ] where job.isGiven(option) {
            throw .option(
                option, "the operator's object has no place for it",
                hint: "leave it out, or --\(KubernetesOptions.operated.id)")
        }
    }
}
