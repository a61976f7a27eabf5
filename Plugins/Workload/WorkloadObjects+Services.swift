// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

extension WorkloadObjects {
    /// For clients.
    var client: DocumentValue {
        guard !service.ports.isEmpty else { return .absent }
        return [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata(values.name),
            "spec": [
                "type": values.serviceType.document, "selector": values.selector,
                "ports": .list(service.ports.map { Self.port(Self.name(of: $0), $0) }),
            ],
        ]
    }

    var headlessName: Term { "\(values.name)-headless" }

    /// Gives every instance its own name.
    var headless: DocumentValue {
        guard values.isStateful else { return .absent }
        return unready(
            headlessName, selector: values.selector,
            ports: service.ports.map { Self.port(Self.name(of: $0), $0) }
                + (values.runtime == .direct ? [] : [Self.port("http-gateway", ServicePackage.gatewayPort)]),
            isHeadless: true)
    }

    /// An address of instance `number` that stays, and that can be looked up before the instance is there: a supervisor
    /// takes one address of a name, and ends when there is none. There are two, so that each of the instances comes back
    /// to a ring through another one.
    func gossip(_ number: Int) -> DocumentValue {
        guard values.runtime == .ring else { return .absent }
        let isThere: Presence = values.isJoined && number == 0 ? .always : values.isMany
        let instance: Term = "\(values.name)-\("\(number)")"
        return unready(
            Self.gossipName(values.name, number),
            selector: values.isStateful
                ? ["statefulset.kubernetes.io/pod-name": instance.document] : values.selector,
            ports: Self.gossipPorts, isHeadless: false
        ).shown(isThere)
    }

    var ingress: DocumentValue {
        guard let ingress = values.ingress, let port = service.ports.first else { return .absent }
        let backend: DocumentValue = [
            "service": ["name": values.name.document, "port": ["name": "\(Self.name(of: port))"]]
        ]
        let object: DocumentValue = [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata(values.name),
            "spec": DocumentValue.map([
                "rules": [
                    [
                        "host": ingress.content.host.document,
                        "http": ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]],
                    ]
                ]
            ]).adding(ingress.content.more),
        ]
        return object.shown(when: ingress.condition)
    }

    /// A Service of pods that need not be ready: a ring comes before health.
    private func unready(_ name: Term, selector: DocumentValue, ports: [DocumentValue], isHeadless: Bool)
        -> DocumentValue
    {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata(name),
            "spec": [
                "clusterIP": isHeadless ? "None" : .absent, "publishNotReadyAddresses": true, "selector": selector,
                "ports": DocumentValue.list(ports).unlessEmpty,
            ],
        ]
    }

    // MARK: - Ports

    /// As in `tcp-6379`: at most 15 characters, and what some meshes read a protocol from.
    static func name(of port: UInt16) -> String { "tcp-\(port)" }

    /// These two alone: see the ports of the container.
    static let gossipPorts = [("gossip-tcp", "TCP"), ("gossip-udp", "UDP")].map { name, transport in
        port(name, ServicePackage.gossipPort, transport, at: .integer(ServicePackage.gossipPort))
    }

    /// - Parameter target: of the container; its port of the same name if nil.
    private static func port(
        _ name: String, _ number: UInt16, _ transport: String = "TCP", at target: DocumentValue? = nil
    ) -> DocumentValue {
        [
            "name": "\(name)", "port": .integer(number), "protocol": "\(transport)",
            "targetPort": target ?? "\(name)",
        ]
    }
}
