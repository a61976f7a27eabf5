// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// One entry of an installed package as plugins see it (`bio_file`).
package struct PackageFile: Hashable, Sendable {
    package enum Kind: UInt32, Sendable { case regular = 1, directory, symlink }

    /// Bytes, relative to the package's prefix.
    package let path: [UInt8]
    package let kind: Kind
    /// Permission, set-id and sticky bits.
    package let mode: UInt32
    /// Bytes of a regular file, else 0.
    package let size: UInt64
    /// Of a symbolic link, bytes as in the link; else empty.
    package let linkTarget: [UInt8]
    /// BLAKE2b-256 of a regular file's content; else nil.
    package let digest: Digest?
    /// The path of the file that this is a further name of, which comes before it; nil: of none. Plugins see one more
    /// regular file.
    package let firstName: [UInt8]?

    package init(
        path: [UInt8], kind: Kind, mode: UInt32, size: UInt64 = 0, linkTarget: [UInt8] = [], digest: Digest? = nil,
        firstName: [UInt8]? = nil
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.size = size
        self.linkTarget = linkTarget
        self.digest = digest
        self.firstName = firstName
    }
}
