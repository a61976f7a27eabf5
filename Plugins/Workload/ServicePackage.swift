// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// What a package says of the service in it.
public struct ServicePackage: Sendable {
    /// Of the service, too.
    public let name: String
    public let ident: String
    public let version: String
    /// `/hab`
    public let root: String
    /// EXPOSES, as it is configured, without what is no port and without those of the supervisor, if one runs.
    public let ports: [UInt16]
    /// The exported `port`, as it is configured; nil: it cannot be told.
    let boundPort: UInt16?
    /// What is configured to be no port.
    let portRemarks: [String]
    /// What is in EXPOSES, and is no port.
    public let exposedOtherwise: [String]
    /// SVC_USER is root: it cannot run as somebody else.
    public let runsAsRoot: Bool
    /// Seconds that it may take to stop; nil: it does not say.
    public let shutdownSeconds: Int64?
    /// Whether the closure has install hooks, which the supervisor will run.
    public let hasInstallHooks: Bool
    /// Whether it has a hook that says whether it is well.
    public let checksHealth: Bool
    /// Keys that others can bind to.
    public let exports: [String]
    public let binds: [Bind]

    public struct Bind: Sendable, Equatable {
        public let name: String
        public let keys: [String]
        public let isOptional: Bool
    }

    /// Of the supervisor.
    static let gossipPort: UInt16 = 9638
    static let gatewayPort: UInt16 = 9631

    /// - Parameter configuration: what the user gives over the package's own; nil: nothing.
    init(
        _ package: Package, of job: Job, _ configuration: DocumentValue?, _ runtime: WorkloadRuntime, _ host: Host
    ) throws(ExportFailure) {
        name = package.name
        ident = package.ident
        version = package.version
        root = "/" + package.prefix.prefix { $0 != "/" }
        let configured = try ConfiguredPorts(package, configuration, host)
        let taken = runtime == .direct ? [] : [Self.gossipPort, Self.gatewayPort]
        ports = configured.exposed.filter { !taken.contains($0) }
        boundPort = configured.bound
        portRemarks = configured.remarks
        let exposed = (package.metadata("EXPOSES") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        exposedOtherwise = exposed.filter { (UInt16($0) ?? 0) == 0 }
        runsAsRoot = package.metadata("SVC_USER") == "root"
        shutdownSeconds = package.metadata("SHUTDOWN_TIMEOUT").flatMap { Int64($0) }.flatMap {
            0...86_400 ~= $0 ? $0 : nil
        }
        hasInstallHooks = Self.closure(of: package, job).contains { $0.roles.contains(.installHook) }
        checksHealth = try host.file(at: Array("hooks/health-check".utf8), of: package)?.kind == .regular
        exports = package.metadataPairs("EXPORTS").map(\.key)
        binds = [("BINDS", false), ("BINDS_OPTIONAL", true)].flatMap { file, isOptional in
            package.metadataPairs(file).map {
                Bind(name: $0.key, keys: $0.value.split(separator: " ").map(String.init), isOptional: isOptional)
            }
        }
    }

    private static func closure(of package: Package, _ job: Job) -> [Package] {
        var found: [Package] = []
        var seen: Set<UInt32> = []
        var waiting = [package]
        while let next = waiting.popLast() {
            guard seen.insert(next.index).inserted else { continue }
            found.append(next)
            waiting += job.dependencies(of: next).map(\.package)
        }
        return found
    }
}
