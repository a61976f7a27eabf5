// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// Blobs on their way into a layout. Without `publish` or `moveBlobs` they go when this object goes.
final class LayoutDraft {
    private let layout: String
    /// Nil once it is the layout: its lock would keep others from changing that.
    private var directory: LockedDirectory?
    private let path: String
    private let isOfNewLayout: Bool
    private let cancellation: Cancellation
    private var names: [String] = []
    private(set) var bytesWritten: Int64 = 0

    /// Also removes what killed exports to this place left.
    init(for layout: String, cancellation: Cancellation) throws {
        self.layout = layout
        self.cancellation = cancellation
        isOfNewLayout = try FileStatus.ofLink(layout) == nil
        let parent = isOfNewLayout ? Self.parent(of: layout) : layout
        let made = try Self.directory(in: parent)
        directory = made
        path = made.path
    }

    /// Blobs for an archive, which lie beside it until it is written.
    init(besideArchive archive: String, cancellation: Cancellation) throws {
        layout = archive
        self.cancellation = cancellation
        isOfNewLayout = false
        let made = try Self.directory(in: Self.parent(of: archive))
        directory = made
        path = made.path
    }

    private static func directory(in parent: String) throws -> LockedDirectory {
        // Tidying is no reason to fail: the directory may be writable and not listable.
        _ = try? LockedDirectory.removeAbandoned(in: parent, prefix: Layout.draftPrefix)
        guard let made = try LockedDirectory(in: parent, prefix: Layout.draftPrefix) else {
            throw SystemError("make a directory in", parent, .noSuchFile)
        }
        try Directory.create("\(made.path)/blobs/sha256")
        // Whatever the umask is: a layout is the same whoever makes it.
        for name in ["blobs", "blobs/sha256"] where chmod("\(made.path)/\(name)", 0o755) != 0 {
            throw SystemError("write", "\(made.path)/\(name)")
        }
        return made
    }

    /// Where a blob lies that was added.
    func file(_ digest: Digest) -> String { "\(path)/\(Layout.blobPath(digest))" }

    func add(_ blob: BuiltImage.Blob) throws {
        let name = Layout.blobPath(blob.digest)
        let file = try makeFile(name)
        switch blob.content {
        case .bytes(let bytes): try write(bytes, to: file, name)
        case .file(let source):
            try FileDescriptor.open(source)
                .copyContents(to: file, path: "\(path)/\(name)", cancellation: cancellation)
            guard try file.status().size == blob.size else { throw ImageError.blobFile(path: source) }
        }
        names.append(name)
        bytesWritten += blob.size
    }

    /// A blob of another place, checked while it is written.
    func add(_ blob: Descriptor, from source: any ByteSource) throws {
        let name = Layout.blobPath(blob.digest)
        try copy(source, blob, to: try makeFile(name), name)
        names.append(name)
        bytesWritten += blob.size
    }

    private func copy(
        _ source: any ByteSource, _ blob: Descriptor, to file: borrowing FileDescriptor, _ name: String
    ) throws {
        var source = source
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        var size: Int64 = 0
        while true {
            try cancellation.check("write", "\(path)/\(name)")
            let count = try source.read(into: buffer)
            if count == 0 { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            size += Int64(count)
            // Whoever sends more than he announced does not fill the disk.
            guard size <= blob.size else { break }
            hasher.update(piece)
            do throws(Errno) { try file.writeAll(piece) } catch { throw SystemError("write", "\(path)/\(name)", error) }
        }
        guard size == blob.size else {
            throw ImageError.blobSize(blob.digest, place: layout, expected: blob.size, found: size)
        }
        let computed = hasher.finalize()
        guard computed == blob.digest else {
            throw ImageError.blobDigest(expected: blob.digest, computed: computed, place: layout)
        }
    }

    private func makeFile(_ name: String) throws -> FileDescriptor {
        let file = try FileDescriptor.open(
            "\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        do throws(Errno) { try file.setMode(0o644) } catch { throw SystemError("write", "\(path)/\(name)", error) }
        return file
    }

    private func write(_ bytes: [UInt8], to file: borrowing FileDescriptor, _ name: String) throws {
        do throws(Errno) { try file.writeAll(bytes) } catch { throw SystemError("write", "\(path)/\(name)", error) }
    }

    /// Makes the draft the layout, with that index, when there is none yet. False: there is one by now.
    func publish(index: [UInt8]) throws -> Bool {
        guard isOfNewLayout else { return false }
        for (name, bytes) in [(Layout.markerName, Layout.marker), (Layout.indexName, index)] {
            try write(bytes, to: try makeFile(name), name)
        }
        try synchronize(mode: 0o755)
        guard rename(path, layout) == 0 else {
            let error = Errno.current
            if error == .exists || error == .notEmpty { return false }
            throw SystemError("rename into", layout, error)
        }
        directory = nil
        try Directory.synchronize(Self.parent(of: layout))
        return true
    }

    /// Moves the blobs into the layout, where nothing names them yet. They are on the medium before their names are.
    func moveBlobs() throws {
        try synchronize()
        try Directory.create("\(layout)/blobs/sha256")
        for name in names where rename("\(path)/\(name)", "\(layout)/\(name)") != 0 {
            throw SystemError("rename into", "\(layout)/\(name)")
        }
        directory = nil
        try Directory.synchronize("\(layout)/blobs/sha256")
    }

    /// One call for all blobs: a file system that is asked for each of them commits its journal each time.
    private func synchronize(mode: UInt32? = nil) throws {
        guard let directory else { return }
        do throws(Errno) {
            if let mode { try directory.descriptor.setMode(mode) }
            try directory.descriptor.synchronizeFileSystem()
        } catch { throw SystemError("write", path, error) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
