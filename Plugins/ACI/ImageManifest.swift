// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The manifest of an App Container Image.
/// SPEC: appc 0.8, "Image Manifest Schema"; names and ports are as the original exporter writes them.
struct ImageManifest {
    let document: DocumentValue
    let portRemarks: [String]

    private static let gateway: UInt16 = 9631
    private static let gossip: UInt16 = 9638

    /// - Parameter service: what runs without a supervisor; nil: the supervisor.
    init(
        _ job: Job, _ packages: ServicePackages, _ service: DirectService?, _ host: Host
    ) throws(ExportFailure) {
        let configured = service == nil ? nil : try DirectOptions.ports(of: packages.primary, job, host)
        portRemarks = configured?.remarks ?? []
        let primary = packages.primary
        let variables = try SupervisorWords.variables(job, ACIOptions.environment)
        try Self.checkNames(variables)
        if service != nil {
            try DirectOptions.checkVariables(variables, ACIOptions.environment, of: primary)
        }
        var ports: [DocumentValue] = []
        var seen: Set<UInt16> = []
        if service == nil {
            ports = [Self.port("habitat", Self.gateway)]
            if packages.hasRing {
                ports += [Self.port("gossip-tcp", Self.gossip), Self.port("gossip-udp", Self.gossip, "udp")]
            }
            seen = [Self.gateway, Self.gossip]
        }
        for service in packages.services {
            for port in configured?.exposed ?? service.exposedPorts where seen.insert(port).inserted {
                ports.append(Self.port("\(Self.portName(service.name))-\(port)", port))
            }
        }
        var words = service?.command ?? ["/init.sh"]
        if service == nil { words += try SupervisorWords.run(packages, job) }
        document = [
            "acKind": "ImageManifest", "acVersion": "0.8.11", "name": .string(try Self.name(job, of: primary)),
            "labels": .list(
                [("version", primary.version), ("arch", try Self.architecture(job)), ("os", "linux")].map(Self.pair)),
            "app": [
                "exec": .strings(words), "user": "0", "group": "0",
                "environment": .list(
                    ([("PATH", "/bin")] + variables).map(Self.pair)),
                "mountPoints": .list(
                    // Configured now, it has nothing to be mounted over.
                    (service == nil ? ["data", "config"] : ["data"]).map { name -> DocumentValue in
                        ["name": "hab-\(name)", "path": "/\(packages.root)/svc/\(primary.name)/\(name)"]
                    }),
                "ports": .list(ports),
            ],
        ]
    }

    private static func pair(_ name: String, _ value: String) -> DocumentValue {
        ["name": .string(name), "value": .string(value)]
    }

    private static func port(_ name: String, _ number: UInt16, _ transport: String = "tcp") -> DocumentValue {
        [
            "name": .string(name), "protocol": .string(transport), "port": .integer(number), "count": 1,
            "socketActivated": false,
        ]
    }

    /// The words of appc for the machine that packages of a target run on.
    private static func architecture(_ job: Job) throws(ExportFailure) -> String {
        switch job.target {
        case "x86_64-linux": return "amd64"
        case "aarch64-linux": return "aarch64"
        default: throw ExportFailure(code: 2, "no App Container runs packages for '\(job.target)'")
        }
    }

    // MARK: - Names

    /// The user's name, or origin and name of the package.
    private static func name(_ job: Job, of package: Package) throws(ExportFailure) -> String {
        let given = job.text(ACIOptions.name)
        let name = given ?? "\(package.origin)/\(package.name)".lowercased()
        guard isIdentifier(name, separators: "-._~/") else {
            throw .option(
                ACIOptions.name, "'\(name)' cannot be the name of an App Container Image",
                hint: "\(given == nil ? "choose one with --name" : "as in example.org/redis"): lower-case letters and "
                    + "digits, with one of - . _ ~ / between them")
        }
        return name
    }

    /// What a shell, and appc, take as the name of a variable.
    private static func checkNames(_ variables: [(key: String, value: String)]) throws(ExportFailure) {
        for (name, _) in variables {
            let isPlain = name.utf8.allSatisfy { isLetter($0 | 0x20) || isDigit($0) || $0 == UInt8(ascii: "_") }
            guard isPlain, name.utf8.first.map(isDigit) == false else {
                throw .option(
                    ACIOptions.environment, "'\(name)' is no name of a variable",
                    hint: "letters, digits and _, and no digit first")
            }
        }
    }

    /// Of `my_Service`: `my-service`.
    private static func portName(_ name: String) -> String {
        let words = name.lowercased().utf8.split { !isLetter($0) && !isDigit($0) }
        return words.isEmpty ? "port" : words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    /// Letters and digits, with single separators between them.
    private static func isIdentifier(_ name: String, separators: String) -> Bool {
        var isOpen = false
        for byte in name.utf8 {
            if isLetter(byte) || isDigit(byte) {
                isOpen = true
            } else {
                guard isOpen, separators.utf8.contains(byte) else { return false }
                isOpen = false
            }
        }
        return isOpen
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
