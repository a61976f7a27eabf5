// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioSystem

/// A layout in one tar that is put together from what other places hold. Its blobs lie beside it until it is whole; the
/// end of this object removes them.
package final class LayoutArchive {
    private let draft: LayoutDraft
    private let output: ArchiveOutput
    private var blobs: [Descriptor] = []
    private var documents: [(Descriptor, [UInt8])] = []

    /// Refuses to replace what is no file.
    package init(path: String, cancellation: Cancellation) throws {
        output = ArchiveOutput(path: path, cancellation: cancellation)
        try output.checkRoom()
        draft = try LayoutDraft(besideArchive: path, cancellation: cancellation)
    }

    package func add(_ blob: Descriptor, from source: any ByteSource) throws {
        try draft.add(blob, from: source)
        blobs.append(blob)
    }

    package func add(_ document: StoredDocument) { documents.append((document.descriptor, document.bytes)) }

    /// Writes the archive, and gives it its name.
    package func commit(_ images: [(Descriptor, names: [LayoutName])]) throws -> (digest: Digest, size: Int64) {
        var index = LayoutIndex()
        for (image, names) in images { index.set(image, names: names) }
        var items: [ArchiveMembers.Item] = [
            .init(path: Layout.markerName, content: .bytes(Layout.marker)),
            .init(path: Layout.indexName, content: .bytes(index.bytes)),
        ]
        items += ["blobs", "blobs/sha256"].map { .init(path: $0, content: .directory) }
        for (descriptor, bytes) in documents {
            items.append(.init(path: Layout.blobPath(descriptor.digest), content: .bytes(bytes)))
        }
        for blob in blobs {
            items.append(
                .init(
                    path: Layout.blobPath(blob.digest), content: .file(path: draft.file(blob.digest), size: blob.size)))
        }
        try output.stage(ArchiveMembers(items))
        let packed = try output.commit()
        return (packed.digest, packed.size)
    }
}
