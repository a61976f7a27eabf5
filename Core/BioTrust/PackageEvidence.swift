// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioExport
package import BioPackage

/// What a package is known by that an image claims to hold: its files, and who signed them.
package struct PackageEvidence: Sendable {
    /// How much of it was looked at just now; more is better.
    package enum Strength: String, Comparable, CaseIterable, Hashable, Sendable {
        /// The receipt of its installation, and that the signer's key is still in the key cache.
        case receipt
        /// The same, and the origin's signature of the payload that the receipt is of: it is in the receipt, or in the
        /// artifact in the cache, which is hashed then.
        case signature
        /// The content of the artifact itself, after its signature and hash.
        case artifact

        private var rank: Int {
            switch self {
            case .receipt: 0
            case .signature: 1
            case .artifact: 2
            }
        }

        package static func < (left: Strength, right: Strength) -> Bool { left.rank < right.rank }
    }

    package let ident: QualifiedIdent
    /// The key whose secret half signed the artifact: one of the package's origin.
    package let signer: PublicKey
    /// BLAKE2b-256 of the whole artifact.
    package let artifactDigest: Digest
    package let strength: Strength
    /// Its files, as layers are made of them.
    package let package: ExportPackage
}

extension PackageEvidence {
    /// The members of the package's layer, by the recipe.
    func expected() throws -> [PackageLayers.Member] {
        // No file is opened, so it does not matter where they are.
        try PackageLayers([package], bytes: PackageBytes(root: "/")).members(of: [0])
    }
}
