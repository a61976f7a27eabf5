// SPDX-License-Identifier: Apache-2.0

package import BioPackage

extension PackageInstaller {
    /// The receipt that installing `artifact` would write, for a package that another program installed: verifies the
    /// artifact and reads its payload through, by the rules of an installation, without unpacking it. `expected` is
    /// the package it must hold.
    package func receipt(ofArtifact artifact: String, expected: QualifiedIdent) throws(StoreError) -> Receipt {
        var verified = try VerifiedArtifact(artifact, expected: expected, for: self)
        return try verified.receipt()
    }
}
