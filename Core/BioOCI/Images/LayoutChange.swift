// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem
import Glibc

/// One image on its way into a layout: what the layout lacks is written into a draft (`LayoutDraft`), and named last.
package final class LayoutChange {
    private let path: String
    private let verifiesBlobs: Bool
    private let cancellation: Cancellation
    /// Whether the layout was there before.
    private let isThere: Bool
    /// Nil when every blob was there.
    private var draft: LayoutDraft?
    /// Of a layout that this made.
    private var newIndex: [UInt8]?

    /// One that cannot be read is told now.
    package init(of path: String, verifiesBlobs: Bool = false, cancellation: Cancellation) throws {
        self.path = Layout.trimmed(path)
        self.verifiesBlobs = verifiesBlobs
        self.cancellation = cancellation
        isThere = try Layout.isThere(self.path)
        if isThere { _ = try index() }
    }

    package var bytesWritten: Int64 { draft?.bytesWritten ?? 0 }

    /// False: the layout has it already.
    func add(_ blob: BuiltImage.Blob) throws -> Bool {
        if isThere, try isWhole(blob.digest, blob.size) { return false }
        let open = try draft ?? LayoutDraft(for: path, cancellation: cancellation)
        draft = open
        try open.add(blob)
        return true
    }

    /// The same of a blob of another place; `open` is called when it is lacking.
    package func add(_ blob: Descriptor, from open: () throws -> any ByteSource) throws -> Bool {
        if isThere, try isWhole(blob.digest, blob.size) { return false }
        let draft = try draft ?? LayoutDraft(for: path, cancellation: cancellation)
        self.draft = draft
        try draft.add(blob, from: try open())
        return true
    }

    /// Puts everything into its place, the names last.
    package func commit(_ images: [(Descriptor, names: [LayoutName])]) throws {
        var index = LayoutIndex()
        for (image, names) in images { index.set(image, names: names) }
        let bytes = index.bytes
        if try draft?.publish(index: bytes) == true { newIndex = bytes } else { try merge(images) }
    }

    /// A layout that was there keeps the image: others may have read its index by now. So does one that another export
    /// has put an image into since, or is about to.
    func takeBack() {
        guard let newIndex, let lock = try? DirectoryLock(path, cancellation: cancellation) else { return }
        defer { withExtendedLifetime(lock) {} }
        let now = try? Layout.smallFile("\(path)/\(Layout.indexName)", what: "index", limit: newIndex.count)
        guard now == newIndex, (try? Directory.names(path).count) == Layout.topCount else { return }
        try? Directory.remove(path)
    }

    /// Into a layout that is there. One that says already what it should is let be.
    private func merge(_ images: [(Descriptor, names: [LayoutName])]) throws {
        if draft == nil, try changedIndex(images) == nil { return }
        let lock = try DirectoryLock(path, cancellation: cancellation)
        defer { withExtendedLifetime(lock) {} }
        if try FileStatus.of("\(path)/\(Layout.markerName)") == nil {
            try AtomicFile.write(Layout.marker, to: "\(path)/\(Layout.markerName)")
        }
        let index = try changedIndex(images)
        // Written before anything moves: what a full disk stops leaves the layout as it was.
        let file = try AtomicFile("\(path)/\(Layout.indexName)")
        if let index {
            do throws(Errno) { try file.descriptor.writeAll(index.bytes) } catch {
                throw SystemError("write", file.path, error)
            }
        }
        try draft?.moveBlobs()
        if index != nil { try file.commit() }
        try Directory.synchronize(path)
    }

    /// The layout's index with the images in it; nil when it is so already.
    private func changedIndex(_ images: [(Descriptor, names: [LayoutName])]) throws -> LayoutIndex? {
        let before = try index()
        var after = before ?? LayoutIndex()
        for (image, names) in images { after.set(image, names: names) }
        return after == before ? nil : after
    }

    /// As it is now; nil when there is none.
    private func index() throws -> LayoutIndex? {
        let file = "\(path)/\(Layout.indexName)"
        let bytes = try Layout.smallFile(file, what: "index", limit: ImageManifest.byteLimit)
        return try bytes.map { try LayoutIndex(parsing: $0, place: file) }
    }

    private func isWhole(_ digest: Digest, _ size: Int64) throws -> Bool {
        let file = "\(path)/\(Layout.blobPath(digest))"
        guard let status = try FileStatus.of(file), status.kind == .file, status.size == size else {
            return false
        }
        guard verifiesBlobs else { return true }
        return try Digest.sha256(
            ofFile: try FileDescriptor.open(file), path: file, cancellation: cancellation) == digest
    }
}
