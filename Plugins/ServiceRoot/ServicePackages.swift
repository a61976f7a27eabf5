// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The packages of an export, by what they are there for.
public struct ServicePackages {
    /// The whole closure, in layer order.
    public let all: [Package]
    /// Those that the user named, in his order.
    public let named: [Package]
    /// The first service among them, or the first of them: what the export is about.
    public let primary: Package
    /// What a supervisor loads when all services run: they and all they need.
    private let loaded: Set<UInt32>
    private let byRole: [UInt32: Package]

    public init(_ job: Job) throws(ExportFailure) {
        all = job.packages
        named = job.roots
        guard let primary = named.first(where: { $0.roles.contains(.service) }) ?? named.first else {
            throw ExportFailure("there is no package to export")
        }
        self.primary = primary
        loaded = Self.closure(of: named.filter { $0.roles.contains(.service) }, job)
        var byRole: [UInt32: Package] = [:]
        for role: Package.Roles in [.cli, .supervisor, .launcher, .shell, .certificates] {
            byRole[role.rawValue] = all.first { $0.roles.contains(role) }
        }
        self.byRole = byRole
    }

    /// Whether supervisors of the export find each other. The one that comes with `bio` is alone.
    public var hasRing: Bool { self[.supervisor]?.isLoneSupervisor != true }

    public var services: [Package] { named.filter { $0.roles.contains(.service) } }

    public subscript(role: Package.Roles) -> Package? { byRole[role.rawValue] }

    /// The directory that all packages lie below, as in `hab`. It names the default service user, too.
    public var root: String { primary.prefix.split(separator: "/").first.map(String.init) ?? "hab" }

    /// The supervisor has nothing to do where there is no service.
    public func checkService(
        _ subject: ExportFailure.Subject = .none, hint: String = "name a package with a run hook"
    ) throws(ExportFailure) {
        guard services.isEmpty else { return }
        let idents = named.map(\.ident).joined(separator: ", ")
        throw ExportFailure(code: 2, subject: subject, "no package is a service: \(idents)", hint: hint)
    }

    public func package(_ ident: String) -> Package? { all.first { $0.ident == ident } }

    public func isLoaded(_ package: Package) -> Bool { loaded.contains(package.index) }

    private static func closure(of packages: [Package], _ job: Job) -> Set<UInt32> {
        var found: Set<UInt32> = []
        var rest = packages
        while let package = rest.popLast() {
            if found.insert(package.index).inserted { rest += job.dependencies(of: package).map(\.package) }
        }
        return found
    }
}
