// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioSystem

/// A file of an image as a container sees it: what all layers together make of one path.
package struct FileEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A file or a further name of one, by its content.
        case file(Digest)
        case directory
        case symlink([UInt8])
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case fifo
    }

    package let kind: Kind
    package let mode: UInt32
    package let uid: Int64
    package let gid: Int64
    package let size: Int64
    package let mtime: Int64

    package init(kind: Kind, mode: UInt32, uid: Int64 = 0, gid: Int64 = 0, size: Int64 = 0, mtime: Int64 = 0) {
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.size = size
        self.mtime = mtime
    }

    /// What a directory is taken for that lies above a member and is none itself.
    static let impliedDirectory = FileEntry(kind: .directory, mode: 0o755)
}

/// One member of a layer, the digest of its body with it.
package struct LayerListing: Sendable {
    package var members: [(member: LayerMember, digest: Digest?)] = []
    /// Bytes of all names and targets.
    package var pathBytes: Int64 = 0

    package init() {}

    /// Reads a whole layer. The diff id is what its tar's SHA-256 is, whatever the image says.
    package init(_ reader: inout ForeignLayerReader) throws(ArchiveError) {
        var hasher = SHA256Hasher()
        while let member = try reader.next() {
            var digest: Digest?
            if member.kind == .file {
                while let block = try reader.nextBlock() { hasher.update(block) }
                digest = hasher.finalize()
            }
            append(member, digest)
        }
    }

    package mutating func append(_ member: LayerMember, _ digest: Digest?) {
        members.append((member, digest))
        pathBytes += Int64(member.path.count)
        switch member.kind {
        case .symlink(let target), .hardLink(let target): pathBytes += Int64(target.count)
        default: break
        }
    }
}

/// The files of an image. A value: a copy shares what both have until one changes.
package struct FileTree: Sendable {
    struct Node: Sendable {
        var entry: FileEntry?
        var children: [[UInt8]: Node] = [:]
    }

    private(set) var root = Node(entry: .impliedDirectory)
    private let limit: Int64
    /// Paths that were ever new here: one member makes up to 256, those of the directories above it.
    private var paths: Int64 = 0

    /// `limit`: how many paths may be made, those that layers hide again with them.
    package init(limit: Int64 = ImageFiles.limits.members) { self.limit = limit }

    /// Lays a layer on top. First goes what it hides of the layers below, wherever in the tar that stands.
    package mutating func apply(_ layer: LayerListing, cancellation: Cancellation = .never) throws(ArchiveError) {
        for (index, (member, _)) in layer.members.enumerated() {
            // Deep paths take their time.
            if index % 1024 == 0 && cancellation.isRequested { throw .cancelled }
            switch member.kind {
            case .whiteout: root.remove(LayerPath.components(member.path)[...])
            case .opaque: root.clear(LayerPath.components(member.path)[...])
            default: break
            }
        }
        for (index, (member, digest)) in layer.members.enumerated() {
            if index % 1024 == 0 && cancellation.isRequested { throw .cancelled }
            guard let entry = try entry(of: member, digest) else { continue }
            root.put(entry, LayerPath.components(member.path)[...], counting: &paths)
            if paths > limit { throw .tooLarge(.members, limit: limit) }
        }
    }

    /// The entry at a path; nil where there is none.
    package func entry(at path: [UInt8]) -> FileEntry? { root.find(LayerPath.components(path)[...])?.entry }

    private func entry(of member: LayerMember, _ digest: Digest?) throws(ArchiveError) -> FileEntry? {
        let kind: FileEntry.Kind
        switch member.kind {
        case .whiteout, .opaque: return nil
        case .hardLink(let target):
            guard let file = entry(at: target), file.kind != .directory else {
                throw .hardLinkOutside(path: member.path, target: target)
            }
            return file
        case .file: kind = .file(digest ?? .sha256(of: []))
        case .directory: kind = .directory
        case .symlink(let target): kind = .symlink(target)
        case .characterDevice(let major, let minor): kind = .characterDevice(major: major, minor: minor)
        case .blockDevice(let major, let minor): kind = .blockDevice(major: major, minor: minor)
        case .fifo: kind = .fifo
        }
        return FileEntry(
            kind: kind, mode: member.mode, uid: member.uid, gid: member.gid, size: member.size, mtime: member.mtime)
    }
}

// Paths have at most 256 components, so recursion is bounded.
extension FileTree.Node {
    func find(_ path: ArraySlice<[UInt8]>) -> FileTree.Node? {
        guard let name = path.first else { return self }
        return children[name]?.find(path.dropFirst())
    }

    /// Puts an entry there, and adds to `paths` how many of them are new. Only a directory over a directory keeps what
    /// is inside.
    mutating func put(_ entry: FileEntry, _ path: ArraySlice<[UInt8]>, counting paths: inout Int64) {
        guard let name = path.first else {
            if entry.kind != .directory { children = [:] }
            self.entry = entry
            return
        }
        // A member below something that is no directory makes it one, as engines do.
        if self.entry?.kind != .directory { self.entry = .impliedDirectory }
        let before = children.count
        children[name, default: FileTree.Node()].put(entry, path.dropFirst(), counting: &paths)
        paths += Int64(children.count - before)
    }

    mutating func remove(_ path: ArraySlice<[UInt8]>) {
        guard let name = path.first, children[name] != nil else { return }
        if path.count == 1 {
            children[name] = nil
        } else {
            children[name]?.remove(path.dropFirst())
        }
    }

    /// Empties the directory there.
    mutating func clear(_ path: ArraySlice<[UInt8]>) {
        guard let name = path.first else {
            children = [:]
            return
        }
        if children[name] != nil { children[name]?.clear(path.dropFirst()) }
    }
}

extension LayerPath {
    static func components(_ path: [UInt8]) -> [[UInt8]] { path.split(separator: UInt8(ascii: "/")).map(Array.init) }
}
