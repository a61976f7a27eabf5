// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem
import Glibc

/// `oci:DIR[:REF]`: an image layout in a directory that is new, empty, or a layout already, whose other images stay.
///
/// What the layout lacks is written into a draft, a directory of its own: beside a new layout, which then gets its name
/// in one step; in one that is there, from where whole blobs move to their places before the index names them. What a
/// kill leaves is such a draft, which the next export to the layout removes, or blobs that nothing names.
package final class LayoutDestination: ImageDestination {
    package let location: ImageLocation
    private let path: String
    private let compression: Compression
    private let verifiesBlobs: Bool
    private let cancellation: Cancellation
    private var staged: Staged?
    /// Of a layout that this made.
    private var newIndex: [UInt8]?

    private struct Staged {
        let image: BuiltImage
        let names: ImageNames
        /// Nil when every blob was there.
        let draft: LayoutDraft?
        let layersWritten: Int
        let layersFound: Int
    }

    /// Blobs that are in the layout count as whole when they have the right size, unless `verifiesBlobs` has them read.
    package init(
        path: String, reference: String?, compression: Compression = .gzip, verifiesBlobs: Bool = false,
        cancellation: Cancellation = .never
    ) {
        location = .layout(path: path, reference: reference)
        // A closing slash is no part of the name that a draft gets.
        let trimmed = String(decoding: path.utf8.reversed().drop { $0 == 0x2F }.reversed(), as: UTF8.self)
        self.path = trimmed.isEmpty ? "/" : trimmed
        self.compression = compression
        self.verifiesBlobs = verifiesBlobs
        self.cancellation = cancellation
    }

    package func stage(_ image: Image, layers: any LayerProvider) throws {
        let isThere = try Layout.isThere(path)
        // One that cannot be read is told before there is any work.
        if isThere { _ = try index() }
        let built = try BuiltImage(
            image, .oci, compression, layers: layers, place: location, cancellation: cancellation)
        var draft: LayoutDraft?
        var (written, found) = (0, 0)
        for blob in built.blobs {
            if isThere, try isWhole(blob) {
                found += blob.isLayer ? 1 : 0
                continue
            }
            let open = try draft ?? LayoutDraft(for: path, cancellation: cancellation)
            draft = open
            try open.add(blob)
            written += blob.isLayer ? 1 : 0
        }
        staged = Staged(
            image: built, names: ImageNames(image, reference: location.reference), draft: draft,
            layersWritten: written, layersFound: found)
    }

    package var stagedManifest: Descriptor? { staged?.image.descriptor }

    package func commit() throws -> PublishedImage {
        guard let staged else { preconditionFailure("a commit follows a stage") }
        var index = LayoutIndex()
        index.set(staged.image.descriptor, names: staged.names.layoutNames)
        let bytes = index.bytes
        if try staged.draft?.publish(index: bytes) == true { newIndex = bytes } else { try merge(staged) }
        return PublishedImage(
            location: location, imageID: staged.image.imageID, manifestDigest: staged.image.descriptor.digest,
            references: staged.names.references, layersWritten: staged.layersWritten,
            layersFound: staged.layersFound, bytesWritten: staged.draft?.bytesWritten ?? 0)
    }

    /// A layout that was there keeps the image: others may have read its index by now. So does one that another export
    /// has put an image into since, or is about to.
    package func takeBack() {
        guard let newIndex, let lock = try? DirectoryLock(path, cancellation: cancellation) else { return }
        defer { withExtendedLifetime(lock) {} }
        let now = try? Layout.smallFile("\(path)/\(Layout.indexName)", what: "index", limit: newIndex.count)
        guard now == newIndex, (try? Directory.names(path).count) == Layout.topCount else { return }
        try? Directory.remove(path)
    }

    /// Into a layout that is there. One that says already what it should is let be.
    private func merge(_ staged: Staged) throws {
        if staged.draft == nil, try changedIndex(staged) == nil { return }
        let lock = try DirectoryLock(path, cancellation: cancellation)
        defer { withExtendedLifetime(lock) {} }
        if try FileStatus.of("\(path)/\(Layout.markerName)") == nil {
            try AtomicFile.write(Layout.marker, to: "\(path)/\(Layout.markerName)")
        }
        let index = try changedIndex(staged)
        // Written before anything moves: what a full disk stops leaves the layout as it was.
        let file = try AtomicFile("\(path)/\(Layout.indexName)")
        if let index {
            do throws(Errno) { try file.descriptor.writeAll(index.bytes) } catch {
                throw SystemError("write", file.path, error)
            }
        }
        try staged.draft?.moveBlobs()
        if index != nil { try file.commit() }
        try Directory.synchronize(path)
    }

    /// The layout's index with the image in it; nil when it is so already.
    private func changedIndex(_ staged: Staged) throws -> LayoutIndex? {
        let before = try index()
        var after = before ?? LayoutIndex()
        after.set(staged.image.descriptor, names: staged.names.layoutNames)
        return after == before ? nil : after
    }

    /// As it is now; nil when there is none.
    private func index() throws -> LayoutIndex? {
        let file = "\(path)/\(Layout.indexName)"
        let bytes = try Layout.smallFile(file, what: "index", limit: ImageManifest.byteLimit)
        return try bytes.map { try LayoutIndex(parsing: $0, place: file) }
    }

    private func isWhole(_ blob: BuiltImage.Blob) throws -> Bool {
        let file = "\(path)/\(Layout.blobPath(blob.digest))"
        guard let status = try FileStatus.of(file), status.kind == .file, status.size == blob.size else {
            return false
        }
        guard verifiesBlobs else { return true }
        return try Digest.sha256(
            ofFile: try FileDescriptor.open(file), path: file, cancellation: cancellation) == blob.digest
    }
}
