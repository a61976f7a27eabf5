// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioStore
import BioSystem

/// The packages that came with the program, and the keys that signed them: whoever installed the one, installed the other.
/// They stand in for base packages that nobody has (docs/reference/base-packages.md).
package struct SuppliedPackages: Sendable {
    private let artifacts: ArtifactCache
    private let keys: KeyRing

    /// - Parameter directory: has `packages` and `keys`.
    package init(directory: String) {
        artifacts = ArtifactCache(path: "\(directory)/packages")
        keys = KeyRing(directory: "\(directory)/keys")
    }

    /// An artifact that is there.
    struct Package {
        let ident: QualifiedIdent
        let path: String
        fileprivate let keys: KeyRing

        /// Installs it where `installer` does, trusting the keys that came with it alone.
        func install(
            _ installer: PackageInstaller, _ progress: (PackageInstaller.Event) throws(StoreError) -> Void
        ) throws(StoreError) -> QualifiedIdent {
            let own = PackageInstaller(
                store: installer.store, keys: keys, cache: installer.cache, target: installer.target,
                limits: installer.limits, decoderThreads: installer.decoderThreads,
                cancellation: installer.cancellation)
            return try own.install(artifact: path, progress: progress).ident
        }
    }

    /// The newest one that satisfies `wanted`; nil when there is none.
    func newest(_ wanted: PackageIdent, target: PackageTarget) throws(SystemError) -> Package? {
        try artifacts.newest(satisfying: wanted, target: target).map {
            Package(ident: $0.ident, path: $0.path, keys: keys)
        }
    }
}
