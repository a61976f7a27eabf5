// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioHart
package import BioPackage
package import BioStore
import BioSystem

/// Finds evidence for packages: by the receipts of installed ones and the artifacts in the cache. A receipt has been
/// written by an installation after the signature had been verified; it is believed like the store that it lies in.
package struct EvidenceSearch: Sendable {
    /// What is known of a package.
    package enum Answer: Sendable {
        case evidence(PackageEvidence)
        /// There is something, and it must not be believed.
        case distrusted(String)
        /// Nobody here knows it.
        case unknown(String)
    }

    private let installer: PackageInstaller
    private let readsArtifacts: Bool

    /// - Parameters:
    ///   - installer: whose store, cache, keys and limits are used; nothing is installed.
    ///   - readsArtifacts: whether artifacts are read through instead of believing receipts.
    package init(_ installer: PackageInstaller, readsArtifacts: Bool) {
        self.installer = installer
        self.readsArtifacts = readsArtifacts
    }

    /// Throws what a machine fails with, and cancellation; what is wrong with a package is an answer.
    package func answer(for ident: QualifiedIdent, target: PackageTarget) throws -> Answer {
        do { return try find(ident, target) } catch let error as StoreError {
            switch error {
            case .cancelled, .system, .extraction(_, .cancelled), .extraction(_, .system), .hart(.system),
                .hart(.payload(_, .cancelled)), .hart(.payload(_, .system)), .hart(.payload(_, .libraryMissing)):
                throw error
            default: return .distrusted("\(error)")
            }
        } catch let error as HartError {
            switch error {
            case .system: throw error
            default: return .distrusted("\(error)")
            }
        }
    }

    private func find(_ ident: QualifiedIdent, _ target: PackageTarget) throws -> Answer {
        let receipt = readsArtifacts ? nil : try received(ident, target)
        if let receipt, let signature = receipt.signature { return try evidence(receipt, signature) }
        guard let artifact = installer.cache.artifact(ident, target: target) else {
            if let receipt { return try evidence(receipt, .receipt) }
            let what = readsArtifacts ? "" : "it has no receipt here, and "
            return .unknown("\(what)its artifact is not in '\(installer.cache.path)'")
        }
        guard let receipt else {
            return try evidence(installer(for: target).receipt(ofArtifact: artifact, expected: ident), .artifact)
        }
        // A receipt of before receipts kept the signature.
        let verified = try HartArchive.open(artifact, cancellation: installer.cancellation).verify(keys: installer.keys)
        guard verified.payloadHash == receipt.payloadDigest, verified.signer == receipt.signer else {
            return .distrusted("the package is installed from another artifact than '\(artifact)'")
        }
        return try evidence(receipt, .signature)
    }

    private func received(_ ident: QualifiedIdent, _ target: PackageTarget) throws -> Receipt? {
        try installer.store.received(ident, target: target)?.receipt?.receipt()
    }

    /// What was signed is the payload's digest in hexadecimal (`HartHeader.signature`).
    private func evidence(_ receipt: Receipt, _ signature: [UInt8]) throws -> Answer {
        let answer = try evidence(receipt, .signature)
        guard case .evidence(let found) = answer else { return answer }
        guard found.signer.open(signature) == Array(receipt.payloadDigest.hex.utf8) else {
            return .distrusted("the signature in its receipt is not by '\(receipt.signer)'")
        }
        return answer
    }

    private func evidence(_ receipt: Receipt, _ strength: PackageEvidence.Strength) throws -> Answer {
        guard receipt.signer.name == receipt.ident.origin else {
            return .distrusted("it is signed with '\(receipt.signer)', which is no key of its origin")
        }
        let key: PublicKey
        do throws(KeyRingError) { key = try installer.keys.publicKey(receipt.signer) } catch {
            if case .system(let cause) = error { throw cause }
            return .distrusted("\(error)")
        }
        let root = installer.store.root.flavour.rootDirectory
        let package = ExportPackage(
            ident: receipt.ident, roles: [], target: receipt.target,
            prefix: ([root, "pkgs"] + receipt.ident.pathComponents).joined(separator: "/"),
            artifactDigest: "\(receipt.artifactDigest)", signer: "\(receipt.signer)", files: PackageFiles(receipt),
            metadata: [])
        return .evidence(
            PackageEvidence(
                ident: receipt.ident, signer: key, artifactDigest: receipt.artifactDigest, strength: strength,
                package: package))
    }

    /// The installer refuses packages for other targets than its own.
    private func installer(for target: PackageTarget) -> PackageInstaller {
        PackageInstaller(
            store: installer.store, keys: installer.keys, cache: installer.cache, target: target,
            limits: installer.limits, decoderThreads: installer.decoderThreads, cancellation: installer.cancellation)
    }
}
