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

    /// The same for `package`, which has no receipt; it gets this one if its tree is what that says, so that the artifact
    /// need not be read again the next time. That it cannot be written is no reason to fail.
    package func receipt(
        of package: InstalledPackage, artifact: String,
        progress: (Event) throws(StoreError) -> Void
    ) throws(StoreError) -> Receipt {
        let receipt = try receipt(ofArtifact: artifact, expected: package.ident)
        try ReceiptRepair(package: package, installer: self).give(receipt, progress)
        return receipt
    }
}
