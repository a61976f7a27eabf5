// SPDX-License-Identifier: Apache-2.0

import BioHart
import BioPackage
import BioStore

/// A package that a command tells about: installed, or an artifact that nobody has verified.
struct FoundPackage {
    enum Place: Hashable, Sendable {
        case installed(path: String)
        case artifact(path: String)
    }

    let metadata: PackageMetadata
    let place: Place

    var ident: QualifiedIdent { metadata.ident }
}

/// Finds packages to tell about: what is installed comes before what lies in the artifact cache.
struct PackageLookup {
    let context: CommandContext
    /// Of packages that are named by an ident.
    let target: PackageTarget

    /// The package that `text` names: an artifact file, or the newest release that satisfies an ident.
    func find(_ text: String) throws -> FoundPackage {
        switch try PackageSource(parsing: text) {
        case .artifact(let path): return try artifact(path)
        case .ident(let ident):
            if let package = try context.store.latest(satisfying: ident, target: target) {
                return FoundPackage(metadata: try package.metadata(), place: .installed(path: package.path))
            }
            if let cached = try context.artifactCache.newest(satisfying: ident, target: target) {
                return try artifact(cached.path)
            }
            throw CommandFailure(
                .packageNotFound,
                "'\(ident)' for \(target) is neither installed below '\(context.store.root.packages)' nor in the artifact "
                    + "cache '\(context.artifactCache.path)'",
                hint: "see what is there: bio pkg search \(ident.name)")
        }
    }

    /// This very release; nil when it is neither installed nor cached.
    func package(_ ident: QualifiedIdent, target: PackageTarget) throws -> FoundPackage? {
        if let package = try context.store.package(ident, target: target) {
            return FoundPackage(metadata: try package.metadata(), place: .installed(path: package.path))
        }
        return try context.artifactCache.artifact(ident, target: target).map(artifact)
    }

    private func artifact(_ path: String) throws -> FoundPackage {
        let metadata = try HartArchive.open(path, cancellation: context.cancellation).metadata()
        return FoundPackage(metadata: metadata, place: .artifact(path: path))
    }
}

extension OptionSpec {
    /// Shared by the commands that tell about packages of other platforms (package-model: 1.5).
    static let target = OptionSpec(
        "target", .string("TARGET"), environment: ["HAB_PACKAGE_TARGET"],
        help: "Look at packages for this platform instead of the present one")
}

extension ParsedArguments {
    /// What `--target` says, or this machine's.
    func target() throws -> PackageTarget {
        guard let text = string(OptionSpec.target.name) else { return .host }
        do throws(PackageTarget.ParseError) { return try PackageTarget(parsing: text) } catch {
            throw UsageError.refused(error.description, hint: error.hint)
        }
    }
}
