// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// What Marathon is told to run. Everything in it comes from options, which are checked here, and packages.
struct MarathonApplication {
    /// Where the service's files come from.
    enum Source {
        /// The URL of a tarball.
        case tarball(String)
        /// The reference of an image.
        case image(String)
    }

    private static let gateway: UInt16 = 9631
    private static let gossip: UInt16 = 9638

    private let job: Job
    private let id: String
    /// What an image's entrypoint gets, and what runs in a tarball's root.
    private let words: [String]
    private let command: [String]
    /// Whether a supervisor answers for the service.
    private let isSupervised: Bool
    private let cpus: DocumentValue
    private let environment: [(key: String, value: String)]
    private let ports: [(name: String, number: UInt16, protocols: String)]
    private let healthPath: String
    let portRemarks: [String]

    /// - Parameter service: what runs without a supervisor; nil: the supervisor.
    init(
        _ job: Job, _ packages: ServicePackages, _ service: DirectService?, _ host: Host
    ) throws(ExportFailure) {
        self.job = job
        id = try MarathonID.text(job, of: packages.primary)
        isSupervised = service == nil
        if service == nil { words = try SupervisorWords.run(packages, job) } else { words = [] }
        command = service?.command ?? (["/init.sh"] + words)
        cpus = try Self.cpus(job)
        let given = try SupervisorWords.variables(job, MesosOptions.environment)
        if service != nil {
            try DirectOptions.checkVariables(given, MesosOptions.environment, of: packages.primary)
        }
        // What Marathon asks, and what it needs no token for. Upstream's supervisor listens there by itself.
        let gateway = [("HAB_LISTEN_HTTP", "0.0.0.0:\(Self.gateway)"), ("BIO_HTTP_OPEN_HEALTH", "1")].filter { own in
            !given.contains { $0.key == own.0 }
        }
        environment = (service == nil && !job.flag(MesosOptions.noHealthCheck) ? gateway : []) + given
        healthPath = "/services/\(packages.primary.name)/\(try SupervisorWords.group(job))/health"
        let configured = service == nil ? nil : try DirectOptions.ports(of: packages.primary, job, host)
        portRemarks = configured?.remarks ?? []
        var seen: Set<UInt16> = service == nil ? [Self.gateway, Self.gossip] : []
        let own = (configured?.exposed ?? packages.services.flatMap(\.exposedPorts)).filter { seen.insert($0).inserted }
        ports =
            (isSupervised ? [("gateway", Self.gateway, "tcp")] : [])
            + (isSupervised && packages.hasRing ? [("gossip", Self.gossip, "udp,tcp")] : [])
            + own.map { ("port-\($0)", $0, "tcp") }
    }

    private static func cpus(_ job: Job) throws(ExportFailure) -> DocumentValue {
        let text = job.text(MesosOptions.cpu) ?? ""
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber =
            (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                (1...4).contains(part.utf8.count)
                    && part.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            }
        guard isNumber, let whole = Int64(parts[0]), let value = Double(text), value >= 0.001
        else {
            throw .option(
                MesosOptions.cpu, "'\(text)' is no number of processors",
                hint: "as in 0.5 or 2, and at least 0.001; the variable CPU counts as --cpu")
        }
        return parts.count == 1 ? .integer(whole) : DocumentValue(.number("\(whole).\(parts[1])"))
    }

    func document(from source: Source) -> DocumentValue {
        var members: [(key: String, value: DocumentValue)] = [("id", .string(id))]
        switch source {
        case .tarball: members.append(("cmd", .string(Self.shell(command))))
        case .image(let reference): members += container(reference)
        }
        members += [
            ("cpus", cpus), ("disk", .integer(job.integer(MesosOptions.disk))),
            ("mem", .integer(job.integer(MesosOptions.memory))),
            ("instances", .integer(job.integer(MesosOptions.instances))),
        ]
        if case .tarball(let url) = source {
            members += [
                ("uris", [.string(url)]), ("user", "root"), ("networks", [["mode": "host"]]),
                ("portDefinitions", .list(ports.map(Self.definition))), ("requirePorts", true),
            ]
        }
        if !environment.isEmpty { members.append(("env", .map(environment.map { ($0.key, .string($0.value)) }))) }
        if isSupervised, !job.flag(MesosOptions.noHealthCheck) { members.append(("healthChecks", [healthCheck])) }
        return .map(members)
    }

    /// A shell of the agent enters the tarball's root, where the supervisor runs as process of the task. The mounts are
    /// in a namespace of their own: they end with the task, and nothing that cleans up after it finds the agent's /dev.
    private static func shell(_ words: [String]) -> String {
        let inside = [
            "mount -t proc proc proc", "mount -t sysfs sys sys", "mount --rbind /dev dev",
            "cp -L /etc/hosts /etc/resolv.conf etc",
            "exec chroot . \(words.map(ShellWord.quoted).joined(separator: " "))",
        ].joined(separator: " && ")
        return "export PATH=/usr/sbin:/usr/bin:/sbin:/bin && exec unshare --mount --propagation private sh -c "
            + ShellWord.quoted(inside)
    }

    private func container(_ reference: String) -> [(key: String, value: DocumentValue)] {
        let mappings = ports.map { port -> DocumentValue in
            [
                "name": .string(port.name), "containerPort": .integer(port.number), "hostPort": 0,
                "protocol": .string(port.protocols),
            ]
        }
        return [
            // None: those of the image.
            ("args", words.isEmpty ? .absent : .strings(words)),
            (
                "container",
                [
                    "type": "DOCKER", "docker": ["image": .string(reference)], "portMappings": .list(mappings),
                ]
            ), ("networks", [["mode": "container/bridge"]]),
        ]
    }

    private static func definition(_ port: (name: String, number: UInt16, protocols: String)) -> DocumentValue {
        ["name": .string(port.name), "port": .integer(port.number), "protocol": .string(port.protocols)]
    }

    /// The supervisor knows how the service is. Port 0 is the gateway.
    private var healthCheck: DocumentValue {
        [
            "protocol": "MESOS_HTTP", "path": .string(healthPath), "portIndex": 0, "gracePeriodSeconds": 300,
            "intervalSeconds": 30, "timeoutSeconds": 10, "maxConsecutiveFailures": 3,
        ]
    }
}
