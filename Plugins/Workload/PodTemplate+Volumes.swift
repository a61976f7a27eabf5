// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

extension PodTemplate {
    /// 0440: of root and the group alone.
    private static let secretMode: DocumentValue = 288

    /// What the supervisor writes to, and who is not root cannot: names in the volume `state`, and where they go.
    private var state: [(name: String, path: String)] {
        if service.runsAsRoot || values.runtime == .direct { return [] }
        return ["sup", "launcher", "svc"].map { ($0, "\(service.root)/\($0)") } + [
            ("home", "/.\(service.root.dropFirst())")
        ]
    }

    private func stateMount(_ name: String, _ path: String) -> DocumentValue {
        ["name": "state", "mountPath": "\(path)", "subPath": "\(name)"]
    }

    /// Those that the claim does not take the place of.
    var stateMounts: [DocumentValue] {
        guard let storage = values.storage else { return state.map(stateMount) }
        let claimed = storage.content.path
        return state.filter { $0.path != claimed.literal }.map { name, path in
            let condition = storage.condition.map { "or (not \($0)) (ne (\(claimed.expression)) \"\(path)\")" }
            return stateMount(name, path).shown(when: claimed.literal == nil ? condition : nil)
        }
    }

    /// What the engine would make as root's, and who is not root has to write to: the directories above a claim, and in the
    /// claim itself one that is the service's own and empty, whose mode it may change.
    var preparation: DocumentValue {
        guard let storage = values.storage, hasOwnDirectory else { return .absent }
        let claim = "/storage"
        let directories: [DocumentValue] = [
            parent(of: storage.content.path).document, "\(claim)/\(Self.claimDirectory)",
        ]
        let container: DocumentValue = [
            "name": "prepare",
            "image": values.image.document,
            "imagePullPolicy": values.imagePullPolicy,
            "command": .list(["/bin/mkdir", "-p"] + directories),
            "resources": values.resources,
            "securityContext": containerSecurity,
            "volumeMounts": [
                stateMount("svc", "\(service.root)/svc"), ["name": "storage", "mountPath": "\(claim)"],
            ],
        ]
        return DocumentValue.list([container]).shown(when: storage.condition)
    }

    private static let claimDirectory = "data"

    /// An image without a supervisor need not have what would make it.
    private var hasOwnDirectory: Bool { !service.runsAsRoot && values.runtime != .direct }

    /// Of a claim among the services' directories; else the service's own, which the supervisor would make.
    private func parent(of path: Term) -> Term {
        let services = "\(service.root)/svc/"
        let own = services + service.name
        guard let literal = path.literal else {
            let expression = "(\(path.expression))"
            return .value("ternary (dir \(expression)) \"\(own)\" (hasPrefix \"\(services)\" \(expression))")
        }
        guard literal.hasPrefix(services), let end = literal.lastIndex(of: "/") else { return Term(own) }
        return Term(String(literal[..<end]))
    }

    var mounts: DocumentValue {
        var list = stateMounts
        if let config = values.config {
            let mount: DocumentValue = [
                "name": "config", "mountPath": "\(service.root)/user/\(service.name)/config", "readOnly": true,
            ]
            list.append(mount.shown(when: config.condition))
        }
        if let ring = values.ring {
            let mount: DocumentValue = [
                "name": "ring", "mountPath": "\(service.root)/cache/keys", "readOnly": true,
            ]
            list.append(mount.shown(when: ring.condition))
        }
        if let storage = values.storage {
            let mount: DocumentValue = [
                "name": "storage", "mountPath": storage.content.path.document,
                "subPath": hasOwnDirectory ? "\(Self.claimDirectory)" : .absent,
            ]
            list.append(mount.shown(when: storage.condition))
        }
        return DocumentValue.list(ofAny: list)
    }

    var volumes: DocumentValue {
        var list: [DocumentValue] = state.isEmpty ? [] : [["name": "state", "emptyDir": [:]]]
        if let config = values.config {
            let volume: DocumentValue = [
                "name": "config",
                "secret": ["secretName": ("\(values.name)-config" as Term).document, "defaultMode": Self.secretMode],
            ]
            list.append(volume.shown(when: config.condition))
        }
        if let ring = values.ring {
            let item: DocumentValue = ["key": "ring-key", "path": ("\(ring.content.secret).sym.key" as Term).document]
            let volume: DocumentValue = [
                "name": "ring",
                "secret": [
                    "secretName": ring.content.secret.document, "defaultMode": Self.secretMode, "items": [item],
                ],
            ]
            list.append(volume.shown(when: ring.condition))
        }
        return .list(ofAny: list)
    }

    /// Without one it is the cluster's; an empty one would be none.
    private func storageClass(_ storage: WorkloadValues.Storage) -> DocumentValue {
        let name = storage.storageClass
        return name.document.shown(when: name.literal == nil ? name.expression : nil)
    }

    var claims: DocumentValue {
        guard let storage = values.storage, values.isStateful else { return .absent }
        let claim: DocumentValue = [
            "metadata": ["name": "storage", "labels": values.selector],
            "spec": [
                "accessModes": ["ReadWriteOnce"], "storageClassName": storageClass(storage.content),
                "resources": ["requests": ["storage": storage.content.size.document]],
            ],
        ]
        return DocumentValue.list([claim]).shown(when: storage.condition)
    }
}
