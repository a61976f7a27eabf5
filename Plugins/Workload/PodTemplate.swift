// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// A pod with one container: the supervisor and the service.
struct PodTemplate {
    let service: ServicePackage
    let values: WorkloadValues

    init(_ objects: WorkloadObjects) {
        service = objects.service
        values = objects.values
    }

    /// Of user and group `hab` in the images; every volume is the group's.
    private static let account: Int64 = 42
    /// What the supervisor asks for beyond the time that the service takes to stop.
    private static let spareSeconds: Int64 = 10

    var document: DocumentValue {
        [
            "metadata": ["labels": values.labels, "annotations": values.annotations],
            "spec": DocumentValue.map([
                "imagePullSecrets": values.imagePullSecrets,
                "automountServiceAccountToken": false,
                // A Service called hab-… would become HAB_…, which is configuration.
                "enableServiceLinks": false,
                "securityContext": podSecurity,
                "terminationGracePeriodSeconds": .integer(service.shutdownSeconds.map { $0 + Self.spareSeconds }),
                "topologySpreadConstraints": spread,
                "initContainers": preparation,
                "containers": [container],
                "volumes": volumes,
            ]).adding(values.podMembers),
        ]
    }

    private var container: DocumentValue {
        [
            "name": "\(containerName)",
            "image": values.image.document,
            "imagePullPolicy": values.imagePullPolicy,
            "command": isDirect ? .strings(WorkloadRuntime.directCommand(service)) : .absent,
            "args": isDirect ? .absent : arguments,
            "env": .list(ofAny: isDirect ? values.environment : keyDirectory + values.environment + gateway),
            "ports": DocumentValue.list(ports).unlessEmpty,
            "startupProbe": isDirect ? .absent : probe("/", ["periodSeconds": 2, "failureThreshold": 60]),
            "livenessProbe": isDirect ? .absent : probe("/", ["periodSeconds": 10, "failureThreshold": 6]),
            "readinessProbe": isDirect
                ? directProbe
                : probe(
                    "/services/\(service.name)/\(values.group)/health", ["periodSeconds": 5, "failureThreshold": 3]),
            "resources": values.resources,
            "securityContext": containerSecurity,
            "volumeMounts": mounts,
        ]
    }

    private var isDirect: Bool { values.runtime == .direct }

    /// One container of the pod; pods are told apart by their own names.
    private var containerName: String { "service" }

    // MARK: - The supervisor

    /// Options alone are for `run` with the service; without any the image runs it by itself. Each is one word, so that
    /// none takes the next for a further value.
    private var arguments: DocumentValue {
        var list: [DocumentValue] = []
        if values.group.literal != "default" { list.append(("--group=\(values.group)" as Term).document) }
        if isInRing, values.topology.literal != "standalone" {
            list.append(("--topology=\(values.topology)" as Term).document)
        }
        if let ring = values.ring {
            list.append(("--ring=\(ring.content.name)" as Term).document.shown(when: ring.condition))
        }
        for number in 0...1 where isInRing && values.isStateful {
            list.append(
                ("--peer=\(WorkloadObjects.gossipName(values.name, number))" as Term).document.shown(values.isMany))
        }
        list += values.peers.map { ("--peer=\($0.content)" as Term).document.shown(when: $0.condition) }
        list += values.binds.map { ("--bind=\($0.content.text)" as Term).document.shown(when: $0.condition) }
        list += values.addresses.map { ("--bind-address=\($0)" as Term).document }
        return .list(ofAny: list)
    }

    private var isInRing: Bool { values.runtime == .ring }

    /// Without that of gossip: a list that has one number for TCP and UDP is not updated by every client as it should be.
    private var ports: [DocumentValue] {
        (service.ports.map { (WorkloadObjects.name(of: $0), $0) }
            + (isDirect ? [] : [("http-gateway", ServicePackage.gatewayPort)]))
            .map { ["name": "\($0)", "containerPort": .integer($1), "protocol": "TCP"] }
    }

    /// The supervisor restarts the service; it is restarted itself when it does not answer any more.
    private func probe(_ path: Term, _ times: DocumentValue) -> DocumentValue {
        DocumentValue.map(["httpGet": ["path": path.document, "port": "http-gateway"], "timeoutSeconds": 5])
            .adding(times)
    }

    /// Whether clients should come. A service that ends takes its container with it, and starts as slowly as it likes: of
    /// that there is nothing to ask.
    private var directProbe: DocumentValue {
        let times: DocumentValue = ["timeoutSeconds": 5, "periodSeconds": 5, "failureThreshold": 3]
        if let command = WorkloadRuntime.directCheck(service) {
            // Hooks may take longer than the answer of a server.
            return DocumentValue.map(["exec": ["command": .strings(command)]]).adding([
                "timeoutSeconds": 30, "periodSeconds": 10, "failureThreshold": 3,
            ])
        }
        guard let port = service.ports.first else { return .absent }
        return DocumentValue.map(["tcpSocket": ["port": "\(WorkloadObjects.name(of: port))"]]).adding(times)
    }

    /// What probes ask, and what they need no token for. Upstream's supervisor listens there by itself.
    private var gateway: [DocumentValue] {
        [
            ["name": "HAB_LISTEN_HTTP", "value": "0.0.0.0:\(ServicePackage.gatewayPort)"],
            ["name": "BIO_HTTP_OPEN_HEALTH", "value": "1"],
        ]
    }

    /// A supervisor that is not root looks for keys in its home.
    private var keyDirectory: [DocumentValue] {
        guard let ring = values.ring else { return [] }
        let variable: DocumentValue = ["name": "HAB_CACHE_KEY_PATH", "value": "\(service.root)/cache/keys"]
        return [variable.shown(when: ring.condition)]
    }

    // MARK: - Security

    private var podSecurity: DocumentValue {
        [
            "runAsNonRoot": service.runsAsRoot ? .absent : true,
            "runAsUser": .integer(service.runsAsRoot ? 0 : Self.account),
            "runAsGroup": .integer(service.runsAsRoot ? 0 : Self.account),
            // What install hooks leave in packages is for group 0, and so is all that was rendered without a supervisor.
            "supplementalGroups": (service.hasInstallHooks || isDirect) && !service.runsAsRoot ? [0] : .absent,
            "fsGroup": .integer(Self.account),
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": ["type": "RuntimeDefault"],
            "sysctls": service.ports.contains { $0 < 1024 } && !service.runsAsRoot
                ? [["name": "net.ipv4.ip_unprivileged_port_start", "value": "0"]] : .absent,
        ]
    }

    var containerSecurity: DocumentValue {
        [
            "allowPrivilegeEscalation": false,
            // Root gives its service a user, and its directories.
            "capabilities": service.runsAsRoot ? .absent : ["drop": ["ALL"]],
        ]
    }

    private var spread: DocumentValue {
        let constraint: DocumentValue = [
            "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": ["matchLabels": values.selector],
        ]
        return DocumentValue.list([constraint]).shown(values.isMany)
    }
}
