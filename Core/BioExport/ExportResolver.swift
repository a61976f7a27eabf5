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
    private let supply: SuppliedPackages?
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
        /// What stands in for it when it is not to be had, among what came with the program; nil: nothing does.
        package let supply: PackageIdent?
        /// What came with the program counts before anything that is installed: the two know each other.
        package let prefersSupply: Bool
        package init(
            role: ExportPackage.Roles, wanted: Wanted, omission: String = Self.noneAtAll, supply: PackageIdent? = nil,
            prefersSupply: Bool = false
        ) {
            self.role = role
            self.wanted = wanted
            self.omission = omission
            self.supply = supply
            self.prefersSupply = prefersSupply
        }

        package static let noneAtAll = "--base-pkgs none"
    }

    /// - Parameter supply: what came with the program.
    package init(
        _ installer: PackageInstaller, mayInstall: Bool = true, supply: SuppliedPackages? = nil,
        progress: @escaping (PackageInstaller.Event) throws(StoreError) -> Void
    ) {
        self.installer = installer
        self.mayInstall = mayInstall
        self.supply = supply
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
        return try load(roots: roots, requested: requested, bases: try find(base))
    }

    // MARK: - Finding

    /// Where a package is to be had: nothing is installed before it is known that it counts.
    private enum Place {
        case installed(QualifiedIdent)
        case artifact(String)
        case supplied(SuppliedPackages.Package)
        case nowhere(PackageIdent)
    }

    private func find(_ base: [Base]) throws -> [(role: ExportPackage.Roles, ident: QualifiedIdent)] {
        var places: [Place] = []
        var missing: [(base: Base, ident: PackageIdent)] = []
        for package in base {
            let place = try place(of: package)
            if case .nowhere(let ident) = place { missing.append((package, ident)) }
            places.append(place)
        }
        // What one package supplies comes from it as a whole: another's package manager would not know our supervisor.
        var supplied: [PackageIdent: SuppliedPackages.Package] = [:]
        for ident in Set(missing.compactMap(\.base.supply)) {
            if let package = try supply?.newest(ident, target: installer.target) { supplied[ident] = package }
        }
        missing.removeAll { $0.base.supply.map { supplied[$0] != nil } ?? false }
        guard missing.isEmpty else {
            let omissions = Set(base.map(\.omission))
            throw ExportError.baseMissing(
                missing.map(\.ident), cache: installer.cache.path,
                option: omissions.count == 1 ? omissions.first ?? Base.noneAtAll : Base.noneAtAll)
        }
        return try zip(base, places).map { base, place in
            (base.role, try install(base.supply.flatMap { supplied[$0] }.map(Place.supplied) ?? place))
        }
    }

    private func place(of base: Base) throws -> Place {
        if base.prefersSupply, let ident = base.supply,
            let supplied = try supply?.newest(ident, target: installer.target)
        {
            return .supplied(supplied)
        }
        return switch base.wanted {
        case .artifact(let path): .artifact(path)
        case .ident(let ident): try place(of: ident)
        }
    }

    private func place(of ident: PackageIdent) throws -> Place {
        switch try installer.source(of: ident) {
        case .installed(let package): .installed(package.ident)
        case .artifact(let path): .artifact(path)
        case nil: try supply?.newest(ident, target: installer.target).map(Place.supplied) ?? .nowhere(ident)
        }
    }

    private func install(_ place: Place) throws -> QualifiedIdent {
        switch place {
        case .installed(let ident): ident
        case .artifact(let path): try install(path)
        case .supplied(let package): try installSupplied(package)
        case .nowhere(let ident): throw ExportError.notFound(ident, cache: installer.cache.path)
        }
    }

    private func installSupplied(_ package: SuppliedPackages.Package) throws -> QualifiedIdent {
        if try installer.store.package(package.ident, target: installer.target) != nil { return package.ident }
        guard mayInstall else { throw ExportError.notInstalled(package.path) }
        return try package.install(installer) { (event) throws(StoreError) in try progress(event) }
    }

    private func find(_ wanted: Wanted) throws -> QualifiedIdent {
        switch wanted {
        case .artifact(let path): return try install(path)
        case .ident(let ident): return try install(try place(of: ident))
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
