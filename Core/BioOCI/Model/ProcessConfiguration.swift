// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// How a container of an image runs: the member `config` of an image configuration (OCI image-spec 1.1, config.md). The
/// health check is Docker's addition, which other engines ignore.
package struct ProcessConfiguration: Hashable, Sendable {
    /// Seconds; nil: the engine's default.
    package struct HealthCheck: Hashable, Sendable {
        /// `["CMD", program, argument…]`, `["CMD-SHELL", line]`, or `["NONE"]`.
        package var test: [String]
        package var interval: Int64?
        package var timeout: Int64?
        package var startPeriod: Int64?
        package var retries: Int?

        package init(
            test: [String], interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
            retries: Int? = nil
        ) {
            self.test = test
            self.interval = interval
            self.timeout = timeout
            self.startPeriod = startPeriod
            self.retries = retries
        }
    }

    /// `name`, `uid`, `uid:gid` …; empty: root.
    package var user = ""
    /// `9631/tcp`, by bytes.
    package var exposedPorts: [String] = []
    /// `NAME=value`, in order.
    package var environment: [String] = []
    package var entrypoint: [String] = []
    package var command: [String] = []
    package var volumes: [String] = []
    package var workingDirectory = ""
    package var labels: Annotations = [:]
    package var stopSignal: String?
    package var healthCheck: HealthCheck?

    package init() {}

    package var document: DocumentValue {
        var object = DocumentObject()
        if !user.isEmpty { object.append("User", .string(user)) }
        if !exposedPorts.isEmpty { object.append("ExposedPorts", Self.set(exposedPorts)) }
        if !environment.isEmpty { object.append("Env", .strings(environment)) }
        if !entrypoint.isEmpty { object.append("Entrypoint", .strings(entrypoint)) }
        if !command.isEmpty { object.append("Cmd", .strings(command)) }
        if !volumes.isEmpty { object.append("Volumes", Self.set(volumes)) }
        if !workingDirectory.isEmpty { object.append("WorkingDir", .string(workingDirectory)) }
        if !labels.isEmpty { object.append("Labels", labels.document) }
        if let stopSignal { object.append("StopSignal", .string(stopSignal)) }
        if let healthCheck { object.append("Healthcheck", healthCheck.document) }
        return .object(object)
    }

    /// The specification's sets: objects with empty objects as values.
    private static func set(_ names: [String]) -> DocumentValue {
        var object = DocumentObject()
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        where object[name] == nil { object.append(name, .object(DocumentObject())) }
        return .object(object)
    }

    init(_ document: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
        user = try reading.optionalString(document, "User") ?? ""
        exposedPorts = document["ExposedPorts"]?.object?.keys ?? []
        environment = try reading.strings(document, "Env")
        entrypoint = try reading.strings(document, "Entrypoint")
        command = try reading.strings(document, "Cmd")
        volumes = document["Volumes"]?.object?.keys ?? []
        workingDirectory = try reading.optionalString(document, "WorkingDir") ?? ""
        labels = try reading.annotations(document, "Labels")
        stopSignal = try reading.optionalString(document, "StopSignal")
        if let check = document["Healthcheck"], check != .null { healthCheck = try HealthCheck(check, reading) }
    }
}

extension ProcessConfiguration.HealthCheck {
    private static let second: Int64 = 1_000_000_000

    /// Docker counts in nanoseconds.
    var document: DocumentValue {
        var object = DocumentObject()
        object.append("Test", .strings(test))
        if let interval { object.append("Interval", .integer(interval * Self.second)) }
        if let timeout { object.append("Timeout", .integer(timeout * Self.second)) }
        if let startPeriod { object.append("StartPeriod", .integer(startPeriod * Self.second)) }
        if let retries { object.append("Retries", .integer(retries)) }
        return .object(object)
    }

    init(_ document: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
        func seconds(_ key: String) -> Int64? { document[key]?.int.map { Int64($0) / Self.second } }
        self.init(
            test: try reading.strings(document, "Test"), interval: seconds("Interval"), timeout: seconds("Timeout"),
            startPeriod: seconds("StartPeriod"), retries: document["Retries"]?.int)
    }
}
