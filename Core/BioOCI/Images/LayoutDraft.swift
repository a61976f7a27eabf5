// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import Glibc

/// Blobs on their way into a layout. Without `publish` or `moveBlobs` they go when this object goes.
final class LayoutDraft {
    private let layout: String
    private let directory: LockedDirectory
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
        try LockedDirectory.removeAbandoned(in: parent, prefix: Layout.draftPrefix)
        guard let made = try LockedDirectory(in: parent, prefix: Layout.draftPrefix) else {
            throw SystemError("make a directory in", parent, .noSuchFile)
        }
        directory = made
        try Directory.create("\(directory.path)/blobs/sha256")
    }

    func add(_ blob: BuiltImage.Blob) throws {
        let name = Layout.blobPath(blob.digest)
        let path = "\(directory.path)/\(name)"
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        do throws(Errno) { try file.setMode(0o644) } catch { throw SystemError("write", path, error) }
        switch blob.content {
        case .bytes(let bytes):
            do throws(Errno) { try file.writeAll(bytes) } catch { throw SystemError("write", path, error) }
        case .file(let source):
            try FileDescriptor.open(source).copyContents(to: file, path: path, cancellation: cancellation)
            guard try file.status().size == blob.size else { throw ImageError.blobFile(path: source) }
        }
        names.append(name)
        bytesWritten += blob.size
    }

    /// Makes the draft the layout, when there is none yet. False: there is one by now.
    func publish(_ fill: (inout LayoutIndex) -> Void) throws -> Bool {
        guard isOfNewLayout else { return false }
        var index = LayoutIndex()
        fill(&index)
        for (name, bytes) in [(Layout.markerName, Layout.marker), (Layout.indexName, index.bytes)] {
            try AtomicFile.write(bytes, to: "\(directory.path)/\(name)")
        }
        do throws(Errno) {
            try directory.descriptor.setMode(0o755)
            try directory.descriptor.synchronizeFileSystem()
        } catch { throw SystemError("write", directory.path, error) }
        guard rename(directory.path, layout) == 0 else {
            let error = Errno.current
            if error == .exists || error == .notEmpty { return false }
            throw SystemError("rename into", layout, error)
        }
        try Directory.synchronize(Self.parent(of: layout))
        return true
    }

    /// Moves the blobs into the layout, where nothing names them yet. They are on the medium before their names are.
    func moveBlobs() throws {
        do throws(Errno) { try directory.descriptor.synchronizeFileSystem() } catch {
            throw SystemError("write", directory.path, error)
        }
        try Directory.create("\(layout)/blobs/sha256")
        for name in names where rename("\(directory.path)/\(name)", "\(layout)/\(name)") != 0 {
            throw SystemError("rename into", "\(layout)/\(name)")
        }
        try Directory.synchronize("\(layout)/blobs/sha256")
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
