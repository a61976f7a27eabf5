// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What a package says of the service in it.
public struct ServicePackage: Sendable {
    /// Of the service, too.
    public let name: String
    public let ident: String
    public let version: String
    /// `/hab`
    public let root: String
    /// EXPOSES, without what is no port and without those of the supervisor.
    public let ports: [UInt16]
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

    public init(_ package: Package, of job: Job, _ host: Host) throws(ExportFailure) {
        name = package.name
        ident = package.ident
        version = package.version
        root = "/" + package.prefix.prefix { $0 != "/" }
        var seen: Set<UInt16> = [0, Self.gossipPort, Self.gatewayPort]
        let exposed = (package.metadata("EXPOSES") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        ports = exposed.compactMap { UInt16($0) }.filter { seen.insert($0).inserted }
        exposedOtherwise = exposed.filter { (UInt16($0) ?? 0) == 0 }
        runsAsRoot = package.metadata("SVC_USER") == "root"
        shutdownSeconds = package.metadata("SHUTDOWN_TIMEOUT").flatMap { Int64($0) }.flatMap {
            0...86_400 ~= $0 ? $0 : nil
        }
        hasInstallHooks = Self.closure(of: package, job).contains { $0.roles.contains(.installHook) }
        checksHealth = try host.file(at: Array("hooks/health-check".utf8), of: package)?.kind == .regular
        exports = Self.pairs(package, "EXPORTS").map(\.key)
        binds = [("BINDS", false), ("BINDS_OPTIONAL", true)].flatMap { file, isOptional in
            Self.pairs(package, file).map {
                Bind(name: $0.key, keys: $0.value.split(separator: " ").map(String.init), isOptional: isOptional)
            }
        }
    }

    /// The lines `key=value` of a metafile, without what stands behind a second `=`.
    private static func pairs(_ package: Package, _ file: String) -> [(key: String, value: String)] {
        (package.metadata(file) ?? "").split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: "=", omittingEmptySubsequences: false)
            guard let key = parts.first, !key.isEmpty else { return nil }
            return (String(key), parts.count > 1 ? String(parts[1]) : "")
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
