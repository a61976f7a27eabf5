// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioSystem

extension PackageInstaller {
    /// Where a package is to be had without a Builder.
    package enum Source: Hashable, Sendable {
        case installed(InstalledPackage)
        /// In the artifact cache, and not installed.
        case artifact(String)
    }

    /// The newest release that satisfies `wanted`, among what is installed and what is in the artifact cache; nil when
    /// there is none. An installed one wins unless the cached one is strictly newer (package-model: 6.1, offline).
    package func source(of wanted: PackageIdent) throws(SystemError) -> Source? {
        if let qualified = QualifiedIdent(wanted), let package = try store.package(qualified, target: target) {
            return .installed(package)
        }
        let installed = try store.latest(satisfying: wanted, target: target)
        guard let cached = try cache.newest(satisfying: wanted, target: target) else {
            return installed.map { .installed($0) }
        }
        if let installed, IdentOrder.partial(cached.ident.ident, installed.ident.ident) != .greater {
            return .installed(installed)
        }
        return .artifact(cached.path)
    }

    /// A dependency, and where it is to be had: nil when it is installed.
    package typealias Located = (ident: QualifiedIdent, artifact: String?)

    /// Where each of the `dependencies` of `ident` is to be had: the store, else the artifact cache, else the directory
    /// `beside`. Each is there once, and `ident` itself is left out. All that are missing are named at once.
    package func locate(
        _ dependencies: [QualifiedIdent], of ident: QualifiedIdent, beside: String? = nil
    ) throws(StoreError) -> [Located] {
        let caches = [cache] + (beside.map { [ArtifactCache(path: $0, flavour: cache.flavour)] } ?? [])
        var found: [Located] = []
        var missing: [QualifiedIdent] = []
        var seen: Set<QualifiedIdent> = [ident]
        for dependency in dependencies where seen.insert(dependency).inserted {
            let installed: InstalledPackage?
            do throws(SystemError) { installed = try store.package(dependency, target: target) } catch {
                throw .system(error)
            }
            if installed != nil {
                found.append((dependency, nil))
            } else if let path = artifact(of: dependency, in: caches) {
                found.append((dependency, path))
            } else {
                missing.append(dependency)
            }
        }
        if !missing.isEmpty { throw .dependenciesMissing(missing, of: ident, searched: caches.map(\.path)) }
        return found
    }

    private func artifact(of ident: QualifiedIdent, in caches: [ArtifactCache]) -> String? {
        for cache in caches { if let path = cache.artifact(ident, target: target) { return path } }
        return nil
    }
}
