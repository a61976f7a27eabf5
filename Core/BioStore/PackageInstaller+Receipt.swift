// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
package import BioPackage
import BioSystem

extension PackageInstaller {
    /// The receipt that installing `artifact` would write, for a package that another program installed: verifies the
    /// artifact and reads it through without unpacking. `expected` is the package it must hold.
    package func receipt(ofArtifact artifact: String, expected: QualifiedIdent) throws(StoreError) -> Receipt {
        let receipt: Receipt
        do throws(HartError) { receipt = try Self.receipt(of: artifact, keys: keys, limits, store.root.flavour, cancellation) } catch {
            throw .hart(error)
        }
        guard receipt.ident == expected else {
            throw .otherPackage(artifact: artifact, found: receipt.ident, expected: expected)
        }
        return receipt
    }

    private static func receipt(
        of artifact: String, keys: KeyRing, _ limits: HartArchive.Limits, _ flavour: Flavour,
        _ cancellation: Cancellation
    ) throws(HartError) -> Receipt {
        let archive = try HartArchive.open(artifact, flavour: flavour, cancellation: cancellation)
        let verified = try archive.verify(keys: keys)
        let metadata = try archive.metadata(limits: limits, flavour: flavour)
        return Receipt(
            ident: metadata.ident, target: metadata.target, artifactDigest: try archive.digest(),
            payloadDigest: verified.payloadHash, artifactSize: archive.size, signer: verified.signer,
            entries: try entries(of: archive, limits: limits, flavour: flavour))
    }

    private static func entries(
        of archive: borrowing HartArchive, limits: HartArchive.Limits, flavour: Flavour
    ) throws(HartError) -> [Receipt.Entry] {
        var contents = try archive.contents(limits: limits, flavour: flavour)
        var entries: [ExtractedEntry] = []
        var prefix: [UInt8] = []
        var seen: Set<[UInt8]> = []
        while let (member, place) = try contents.next() {
            if place == .above { continue }
            if place == .root { prefix = member.path }
            guard seen.insert(member.path).inserted else {
                throw .payload(path: archive.path, .duplicate(path: member.path))
            }
            var digest: Digest?
            if member.kind == .file {
                var hasher = BLAKE2bHasher()
                while let block = try contents.nextBlock() { hasher.update(block) }
                digest = hasher.finalize()
            }
            entries.append(
                ExtractedEntry(
                    path: member.path, kind: member.kind, mode: member.mode, size: member.size, mtime: member.mtime,
                    digest: digest))
        }
        return ReceiptEntries.sorted(entries, prefix: prefix)
    }
}
