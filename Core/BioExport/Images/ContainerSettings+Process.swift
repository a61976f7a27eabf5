// SPDX-License-Identifier: Apache-2.0

package import BioOCI

extension ContainerSettings {
    /// The same in an image's words, after every rule has been checked that engines would refuse an image or a container
    /// for.
    package func process() throws(ServiceError) -> ProcessConfiguration {
        try checkSizes()
        var process = ProcessConfiguration()
        process.user = try Self.checkedUser(user)
        process.workingDirectory = try Self.checkedPath(workingDirectory, "working directory")
        process.stopSignal = stopSignal.isEmpty ? nil : try Self.checkedSignal(stopSignal)
        process.entrypoint = entrypoint
        process.command = command
        guard entrypoint.first?.isEmpty != true, !entrypoint.isEmpty || command.first?.isEmpty != true else {
            throw Self.wrong("the program that it starts has no name")
        }
        for port in ports { process.exposedPorts.append(try Self.checkedPort(port)) }
        for volume in volumes {
            guard !volume.isEmpty else { throw Self.wrong("a volume has no path") }
            process.volumes.append(try Self.checkedPath(volume, "volume"))
        }
        try Self.checkDistinct(ports, "port")
        try Self.checkDistinct(volumes, "volume")
        try Self.checkDistinct(environment.map(\.key), "environment variable")
        for variable in environment {
            guard !variable.key.isEmpty, !variable.key.utf8.contains(UInt8(ascii: "=")) else {
                throw Self.wrong("'\(variable.key)' is no name of an environment variable")
            }
            process.environment.append("\(variable.key)=\(variable.value)")
        }
        process.labels = try Self.checkedPairs(labels, "label")
        process.healthCheck = try checkedHealthCheck()
        return process
    }

    package func checkedAnnotations() throws(ServiceError) -> Annotations {
        try Self.checkedPairs(annotations, "annotation")
    }

    // MARK: - Rules

    static func wrong(_ text: String) -> ServiceError {
        ServiceError(.invalid, "the plugin configured an image wrongly: \(text)")
    }

    private func checkSizes() throws(ServiceError) {
        let counts = [
            entrypoint.count, command.count, ports.count, volumes.count, healthTest.count, environment.count,
            labels.count, annotations.count,
        ]
        guard byteCount <= Self.mostBytes, counts.allSatisfy({ $0 <= Self.mostMembers }) else {
            throw ServiceError(
                .limit,
                "the plugin configured an image with more than \(Self.mostMembers) members of a list or \(Self.mostBytes >> 10) KiB of text"
            )
        }
        let texts =
            [user, workingDirectory, stopSignal, author] + entrypoint + command + ports + volumes + healthTest
            + (environment + labels + annotations).flatMap { [$0.key, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { throw Self.wrong("a text holds a NUL") }
    }

    /// `name`, `uid`, `name:group`, `uid:gid`.
    private static func checkedUser(_ text: String) throws(ServiceError) -> String {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let isFine =
            text.isEmpty
            || parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { 0x21...0x7E ~= $0 && $0 != 0x2F } }
        guard isFine else { throw wrong("'\(text)' is no user; one is name, uid, name:group or uid:gid") }
        return text
    }

    private static func checkedPath(_ text: String, _ what: String) throws(ServiceError) -> String {
        guard text.isEmpty || text.utf8.first == 0x2F && !text.utf8.contains(where: { $0 < 0x20 }) else {
            throw wrong("the \(what) '\(text)' is no absolute path")
        }
        return text
    }

    /// `SIGTERM`, `SIGRTMIN+3`, `15`.
    private static func checkedSignal(_ text: String) throws(ServiceError) -> String {
        if let number = Int(text), 1...64 ~= number, String(number) == text { return text }
        let isName =
            text.utf8.starts(with: "SIG".utf8) && text.utf8.count > 3 && text.utf8.count <= 16
            && text.utf8.allSatisfy { 0x41...0x5A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2B || $0 == 0x2D }
        guard isName else { throw wrong("'\(text)' is no signal; one is SIGTERM or 15") }
        return text
    }

    private static func checkedPort(_ text: String) throws(ServiceError) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), 1...65_535 ~= number, String(number) == parts[0],
            ["tcp", "udp", "sctp"].contains(parts[1])
        else { throw wrong("'\(text)' is no port; one is 9631/tcp, with tcp, udp or sctp") }
        return text
    }

    private static func checkDistinct(_ names: [String], _ what: String) throws(ServiceError) {
        var seen: Set<[UInt8]> = []
        for name in names where !seen.insert(Array(name.utf8)).inserted {
            throw wrong("the \(what) '\(name)' is there twice")
        }
    }

    private static func checkedPairs(_ pairs: [Pair], _ what: String) throws(ServiceError) -> Annotations {
        try checkDistinct(pairs.map(\.key), what)
        var made = Annotations()
        for pair in pairs {
            guard !pair.key.isEmpty, !pair.key.utf8.contains(where: { $0 <= 0x20 }) else {
                throw wrong("'\(pair.key)' is no name of a\(what == "annotation" ? "n" : "") \(what)")
            }
            made[pair.key] = pair.value
        }
        return made
    }

    private func checkedHealthCheck() throws(ServiceError) -> ProcessConfiguration.HealthCheck? {
        let times = [healthInterval, healthTimeout, healthStartPeriod]
        guard times.allSatisfy({ 0...86_400 ~= $0 }), 0...1000 ~= healthRetries else {
            throw Self.wrong("a time of the health check is not within a day, or there are more than 1,000 retries")
        }
        if healthTest.isEmpty {
            guard times.allSatisfy({ $0 == 0 }), healthRetries == 0 else {
                throw Self.wrong("the health check has times, and no test")
            }
            return nil
        }
        let isTest =
            switch healthTest[0] {
            case "NONE": healthTest.count == 1
            case "CMD": healthTest.count >= 2 && !healthTest[1].isEmpty
            case "CMD-SHELL": healthTest.count == 2 && !healthTest[1].isEmpty
            default: false
            }
        guard isTest else {
            throw Self.wrong(
                "the health check begins with '\(healthTest[0])'; one is CMD and a program, CMD-SHELL and a line, or NONE"
            )
        }
        func known(_ number: Int64) -> Int64? { number == 0 ? nil : number }
        return .init(
            test: healthTest, interval: known(healthInterval), timeout: known(healthTimeout),
            startPeriod: known(healthStartPeriod), retries: known(healthRetries).map { Int($0) })
    }
}
