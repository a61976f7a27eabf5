// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto

/// A layer that can be made: its members, as often as they are asked for, and what its bytes depend on.
package struct Layer: Sendable {
    /// What people call it: an ident, `base packages`, `root filesystem`.
    package let title: String
    /// The idents of the packages in it, in layer order; empty for a root file system.
    package let packages: [String]
    /// What its bytes are a function of; nil: unknown, so that it is never cached.
    package let key: LayerKey?
    /// Bytes of the files in it: for people, and to see what takes long.
    package let contentSize: Int64
    /// The members in the order of the tar, from the start. Called once for every time the layer is made.
    package let members: @Sendable () throws -> any TarMembers

    private let token = Token()
    private final class Token: Sendable {}

    package init(
        title: String, packages: [String], key: LayerKey?, contentSize: Int64 = 0,
        members: @escaping @Sendable () throws -> any TarMembers
    ) {
        self.title = title
        self.packages = packages
        self.key = key
        self.contentSize = contentSize
        self.members = members
    }

    /// Tells layers apart as long as they are there: what has a key is the same as whatever else has it.
    enum Identity: Hashable, Sendable {
        case key(Digest)
        case value(ObjectIdentifier)
    }

    var identity: Identity { key.map { .key($0.digest) } ?? .value(ObjectIdentifier(token)) }
}

/// The uncompressed tar of a layer: the same for ever, whoever makes it.
package struct LayerFacts: Hashable, Sendable {
    /// SHA-256 of the tar.
    package let diffID: Digest
    /// Bytes of the tar.
    package let size: Int64

    package init(diffID: Digest, size: Int64) {
        self.diffID = diffID
        self.size = size
    }
}

/// A layer as a blob that lies in a file.
package struct LayerBlob: Hashable, Sendable {
    package let facts: LayerFacts
    package let compression: Compression
    /// SHA-256 of the file.
    package let digest: Digest
    /// Bytes of the file.
    package let size: Int64
    /// Nobody changes the file; it may be linked to or copied from as long as the export lasts.
    package let path: String

    package init(facts: LayerFacts, compression: Compression, digest: Digest, size: Int64, path: String) {
        self.facts = facts
        self.compression = compression
        self.digest = digest
        self.size = size
        self.path = path
    }
}
