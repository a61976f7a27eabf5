// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioPackage

/// What an installed package is made of, as its verified payload said: evidence that the directory alone is not.
package struct Receipt: Hashable, Sendable {
    /// One entry of the package's directory.
    package struct Entry: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// BLAKE2b-256 of the content.
            case file(Digest)
            case directory
            /// The target as it stands in the link.
            case symlink([UInt8])
            /// A further name of the file at this path of the package, which sorts before it.
            case hardLink([UInt8])
        }

        /// Relative to the package's directory; empty for that directory itself. Bytes, which need not be UTF-8.
        package var path: [UInt8]
        package var kind: Kind
        /// 07777.
        package var mode: UInt32
        /// Bytes of a file's content; 0 for all other kinds.
        package var size: Int64
        /// Seconds since 1970.
        package var mtime: Int64

        package init(path: [UInt8], kind: Kind, mode: UInt32, size: Int64, mtime: Int64) {
            self.path = path
            self.kind = kind
            self.mode = mode
            self.size = size
            self.mtime = mtime
        }
    }

    package let ident: QualifiedIdent
    package let target: PackageTarget
    /// BLAKE2b-256 of the whole artifact file, which Builder calls its checksum.
    package let artifactDigest: Digest
    /// BLAKE2b-256 of what was signed: everything after the artifact's header.
    package let payloadDigest: Digest
    package let artifactSize: Int64
    package let signer: KeyName
    /// What stands in the artifact's header (`HartHeader.signature`, 128 bytes): with the signer's public key it proves
    /// `payloadDigest`. Nil in receipts that were written before it was kept.
    package let signature: [UInt8]?
    /// What the metafiles held, those of `MetaFile.metadata` that the package has. The bytes are those that `entries`
    /// vouch for.
    package let metafiles: [MetaFile: [UInt8]]
    /// In byte order of their paths, so parents come first; no path twice.
    package let entries: [Entry]

    /// `entries` must be in order: `ReceiptEntries.sorted` makes them so. `metafiles` must be those of `entries`.
    package init(
        ident: QualifiedIdent, target: PackageTarget, artifactDigest: Digest, payloadDigest: Digest,
        artifactSize: Int64, signer: KeyName, signature: [UInt8]? = nil, metafiles: [MetaFile: [UInt8]],
        entries: [Entry]
    ) {
        self.ident = ident
        self.target = target
        self.artifactDigest = artifactDigest
        self.payloadDigest = payloadDigest
        self.artifactSize = artifactSize
        self.signer = signer
        self.signature = signature
        self.metafiles = metafiles
        self.entries = entries
    }

    /// Bytes of all files together.
    package var totalSize: Int64 { entries.reduce(0) { $0 + $1.size } }

    /// Size and digest of the file that the entry is, or that it is a further name of; nil when it is none.
    package func content(of entry: Entry) -> (size: Int64, digest: Digest)? { entries.content(of: entry) }
}
