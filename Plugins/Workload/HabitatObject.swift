// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The object `Habitat` of the former operator, with its Secret, as the original exporter writes them.
public struct HabitatObject {
    private let service: ServicePackage
    private let values: WorkloadValues
    private let secretName: Term

    /// - Parameter secretName: of the Secret with `user.toml`.
    public init(_ service: ServicePackage, _ values: WorkloadValues, secretName: Term) {
        self.service = service
        self.values = values
        self.secretName = secretName
    }

    /// Refuses what the object has no place for.
    public static func check(_ job: Job) throws(ExportFailure) {
        for option in [
            WorkloadOptions.serviceType, WorkloadOptions.ingressHost, WorkloadOptions.pullSecret, WorkloadOptions.peer,
            WorkloadOptions.cpu, WorkloadOptions.memory,
        ] where job.isGiven(option) {
            throw .option(
                option, "the operator's object has no place for it",
                hint: "leave it out, or --\(WorkloadOptions.operated.id)")
        }
    }

    /// Each with what it is called among them.
    public var all: [(title: String, object: DocumentValue)] {
        [("secret", secret), ("habitat", habitat)].filter { !$0.object.isAbsent }
    }

    private var secret: DocumentValue {
        guard let config = values.config else { return .absent }
        let object: DocumentValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata(secretName), "type": "Opaque",
            "data": .map(["user.toml": config.content.document]).commented("The configuration, in base64"),
        ]
        return object.shown(when: config.condition)
    }

    private var habitat: DocumentValue {
        [
            "apiVersion": "habitat.sh/v1beta1", "kind": "Habitat",
            "customVersion": .string("v1beta2").commented("The version of the object that the operator reads"),
            "metadata": metadata(values.name),
            "spec": [
                "v1beta2": [
                    "image": values.image.document,
                    "count": values.instances.commented("How many instances run"),
                    "env": .list(ofAny: values.environment),
                    "persistentStorage": storage,
                    "service": supervised.commented("How the supervisor runs the service"),
                ]
            ],
        ]
    }

    private var supervised: DocumentValue {
        [
            "name": "\(service.name)",
            "topology": values.topology.document,
            "group": values.group.literal == "default" ? .absent : values.group.document,
            "configSecretName": values.config.map {
                secretName.document.commented("The Secret with user.toml").shown(when: $0.condition)
            } ?? .absent,
            "ringSecretName": values.ring.map { $0.content.secret.document.shown(when: $0.condition) } ?? .absent,
            "bind": DocumentValue.list(
                values.binds.map { bind in
                    let object: DocumentValue = [
                        "name": bind.content.name.document, "service": bind.content.service.document,
                        "group": bind.content.group.document,
                    ]
                    return object.shown(when: bind.condition)
                }
            ).unlessEmpty,
        ]
    }

    private var storage: DocumentValue {
        guard let storage = values.storage else { return .absent }
        let object: DocumentValue = [
            "size": storage.content.size.document, "storageClassName": storage.content.storageClass.document,
            "mountPath": storage.content.path.document,
        ]
        return object.shown(when: storage.condition)
    }

    private func metadata(_ name: Term) -> DocumentValue {
        ["name": name.document, "namespace": values.namespace, "labels": values.labels]
    }
}
