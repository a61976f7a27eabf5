// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto

/// An image, or a list of images, as it is stored somewhere: documents and blobs byte for byte, for copies. Documents
/// are checked against their descriptors. Any thread.
package protocol ImageContents: AnyObject, Sendable {
    var location: ImageLocation { get }
    /// The manifest or index that the location names, with its bytes.
    func top() throws -> StoredDocument
    /// A manifest or index below it.
    func document(_ descriptor: Descriptor) throws -> [UInt8]
    /// The bytes of a blob from `offset` on. Whoever reads them checks them.
    func open(_ descriptor: Descriptor, at offset: Int64) throws -> any ByteSource
    /// The manifest or index of another name there; nil: nothing is called so.
    func named(_ name: String) throws -> StoredDocument?
    /// Manifests there whose subject is that one.
    func referrers(of digest: Digest) throws -> [Descriptor]
}

/// A manifest or an index.
package struct StoredDocument: Hashable, Sendable {
    package let descriptor: Descriptor
    package let bytes: [UInt8]

    package init(descriptor: Descriptor, bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
    }
}
