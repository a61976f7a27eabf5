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
        if let qualified = QualifiedIdent(wanted), let package = store.package(qualified, target: target) {
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
}
