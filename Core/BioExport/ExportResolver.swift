// SPDX-License-Identifier: Apache-2.0

package import BioGraph
package import BioPackage
package import BioStore
import BioSystem

/// From what the user named to the packages of a job: finds, installs where only an artifact is at hand, loads, and
/// builds the graph. Offline: what is newest among the installed packages and the artifact cache counts.
package struct ExportResolver {
    private let installer: PackageInstaller
    private let mayInstall: Bool
    private let progress: (PackageInstaller.Event) throws(StoreError) -> Void

    /// A package of the user's, or a base package by its role.
    package enum Wanted: Hashable, Sendable {
        /// An ident, perhaps without version or release.
        case ident(PackageIdent)
        /// A .hart file.
        case artifact(String)

        /// Reads an argument: an existing file, or anything that ends in `.hart`, is an artifact.
        package init(parsing text: String) throws(PackageIdent.ParseError) {
            let isFile = (try? FileStatus.of(text))??.kind == .file
            if isFile || text.hasSuffix(".hart") {
                self = .artifact(text)
            } else {
                self = .ident(try PackageIdent(parsing: text))
            }
        }

        /// How a program that follows updates may ask for the package again.
        func request(for found: QualifiedIdent) -> String {
            switch self {
            case .ident(let ident): "\(ident)"
            case .artifact: "\(found.origin)/\(found.name)"
            }
        }
    }

    /// A base package that a format wants.
    package struct Base: Hashable, Sendable {
        package let role: ExportPackage.Roles
        package let wanted: Wanted
        /// What leaves it out: `--runtime none`.
        package let omission: String
        package init(role: ExportPackage.Roles, wanted: Wanted, omission: String = Self.noneAtAll) {
            self.role = role
            self.wanted = wanted
            self.omission = omission
        }

        package static let noneAtAll = "--base-pkgs none"
    }

    package init(
        _ installer: PackageInstaller, mayInstall: Bool = true,
        progress: @escaping (PackageInstaller.Event) throws(StoreError) -> Void
    ) {
        self.installer = installer
        self.mayInstall = mayInstall
        self.progress = progress
    }

    /// The packages and graph of an export, and what is strange about them.
    package struct Resolution: Sendable {
        package let packages: [ExportPackage]
        package let graph: DependencyGraph
        package let warnings: [String]
    }

    package func resolve(_ wanted: [Wanted], base: [Base]) throws -> Resolution {
        var roots: [QualifiedIdent] = []
        var requested: [QualifiedIdent: String] = [:]
        for package in wanted {
            let found = try find(package)
            roots.append(found)
            requested[found] = requested[found] ?? package.request(for: found)
        }
        guard !roots.isEmpty else { throw ExportError.noPackage }
        var bases: [(role: ExportPackage.Roles, ident: QualifiedIdent)] = []
        var missing: [PackageIdent] = []
        for package in base {
            do {
                bases.append((package.role, try find(package.wanted)))
            } catch ExportError.notFound(let ident, _) { missing.append(ident) }
        }
        guard missing.isEmpty else {
            let omissions = Set(base.map(\.omission))
            throw ExportError.baseMissing(
                missing, cache: installer.cache.path,
                option: omissions.count == 1 ? omissions.first ?? Base.noneAtAll : Base.noneAtAll)
        }
        return try load(roots: roots, requested: requested, bases: bases)
    }

    // MARK: - Finding

    private func find(_ wanted: Wanted) throws -> QualifiedIdent {
        switch wanted {
        case .artifact(let path): return try install(path)
        case .ident(let ident): return try find(ident)
        }
    }

    private func find(_ ident: PackageIdent) throws -> QualifiedIdent {
        switch try installer.source(of: ident) {
        case .installed(let package): return package.ident
        case .artifact(let path): return try install(path)
        case nil: throw ExportError.notFound(ident, cache: installer.cache.path)
        }
    }

    private func install(_ artifact: String) throws -> QualifiedIdent {
        guard mayInstall else {
            // What the artifact says of itself is enough to see whether there is anything to do.
            let ident = try ArtifactCache.ident(inPayloadOf: artifact)
            guard let package = try installer.store.package(ident, target: installer.target) else {
                throw ExportError.notInstalled(artifact)
            }
            return package.ident
        }
        return try installer.install(artifact: artifact) { (event) throws(StoreError) in try progress(event) }.ident
    }

    // MARK: - Loading

    private func load(
        roots: [QualifiedIdent], requested: [QualifiedIdent: String],
        bases: [(role: ExportPackage.Roles, ident: QualifiedIdent)]
    ) throws -> Resolution {
        var loaded: [QualifiedIdent: ExportPackage] = [:]
        let graph = try DependencyGraph.resolve(roots: roots, base: bases.map(\.ident)) { ident throws in
            guard let found = try load(ident) else { return nil }
            loaded[ident] = export(found)
            return PackageNode(ident: ident, deps: found.metadata.deps, tdeps: found.metadata.tdeps)
        }
        var warnings = graph.warnings.map(\.description)
        var packages: [ExportPackage] = []
        let shared = graph.closure(of: bases.filter { !$0.role.isEmpty }.map(\.ident))
        for (number, node) in graph.packages.enumerated() {
            guard var package = loaded[node.ident] else { continue }
            if node.isRoot { package.roles.insert(.root) }
            package.requested = requested[node.ident] ?? ""
            if node.isBase { package.roles.insert(.base) }
            package.isFormatsOwn = node.isBase && !shared.contains(number)
            for base in bases where base.ident == node.ident { package.roles.formUnion(base.role) }
            if package.roles.contains(.unverified) {
                warnings.append(
                    "'\(node.ident)' has no receipt and its artifact is not in the cache: it is exported unverified")
            }
            packages.append(package)
        }
        return Resolution(packages: packages, graph: graph, warnings: warnings)
    }

    /// By the receipt of the installation, or one made anew from the verified artifact in the cache, which the package
    /// keeps when something may be written; without both as it lies there.
    private func load(_ ident: QualifiedIdent) throws -> LoadedPackage? {
        guard let (package, receipt) = try installer.store.received(ident, target: installer.target) else { return nil }
        if let receipt { return try LoadedPackage(package, receipt: receipt) }
        guard let artifact = installer.cache.artifact(ident, target: installer.target) else {
            return try LoadedPackage(unverified: package)
        }
        guard mayInstall else {
            return try LoadedPackage(package, receipt: try installer.receipt(ofArtifact: artifact, expected: ident))
        }
        return try LoadedPackage(
            package, receipt: try installer.receipt(of: package, artifact: artifact, progress: progress))
    }

    /// With the roles that the package has in every export.
    private func export(_ package: LoadedPackage) -> ExportPackage {
        var roles: ExportPackage.Roles = package.isService ? [.service] : []
        if package.hasInstallHook { roles.insert(.installHook) }
        if package.origin == nil { roles.insert(.unverified) }
        var exported = ExportPackage(
            ident: package.ident, roles: roles, target: package.metadata.target,
            prefix: ([installer.store.root.flavour.rootDirectory, "pkgs"] + package.ident.pathComponents)
                .joined(separator: "/"),
            artifactDigest: package.origin.map { "\($0.artifactDigest)" } ?? "",
            signer: package.origin.map { "\($0.signer)" } ?? "", files: package.files,
            metadata: package.metadata.raw.map { .init(name: $0.key.rawValue, text: $0.value) }
                .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        exported.signature = package.origin?.signature
        return exported
    }
}
