// SPDX-License-Identifier: Apache-2.0

/// One entry of the tar of an image's layer: a file, or the wish that what the layers below have there is not seen
/// (OCI image-spec 1.1, layer.md).
package struct LayerMember: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        case directory
        /// The target as it stands in the archive.
        case symlink([UInt8])
        /// The path of another file of the image.
        case hardLink([UInt8])
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case fifo
        /// What is at the path in the layers below is not seen.
        case whiteout
        /// What is inside the directory at the path in the layers below is not seen.
        case opaque
    }

    /// Relative, cleaned, without a closing slash; empty for the root itself. Of a whiteout, what is hidden.
    package let path: [UInt8]
    package let kind: Kind
    /// Permission, set-id and sticky bits (07777).
    package let mode: UInt32
    package let uid: Int64
    package let gid: Int64
    /// Bytes of the body.
    package let size: Int64
    /// Seconds since 1970.
    package let mtime: Int64

    package init(
        path: [UInt8], kind: Kind, mode: UInt32 = 0o644, uid: Int64 = 0, gid: Int64 = 0, size: Int64 = 0,
        mtime: Int64 = 0
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.size = size
        self.mtime = mtime
    }
}

/// Names in the tars of layers, as engines read them.
package enum LayerPath {
    private static let slash = UInt8(ascii: "/")
    private static let whiteoutPrefix = Array(".wh.".utf8)
    private static let opaqueName = Array(".wh..wh..opq".utf8)
    /// Files that AUFS kept for itself.
    private static let ownPrefix = Array(".wh..wh.".utf8)

    /// `raw` seen from the image's root: slashes in front, double ones and `.` components mean nothing. `..` is refused,
    /// which engines would take against the root: no builder writes it.
    package static func clean(_ raw: [UInt8]) throws(ArchiveError) -> [UInt8] {
        if raw.contains(0) { throw .memberName(path: raw, .nul) }
        if raw.count > MemberPath.limit { throw .memberName(path: raw, .tooLong) }
        var path: [UInt8] = []
        var depth = 0
        for component in raw.split(separator: slash) where !component.elementsEqual(".".utf8) {
            if component.elementsEqual("..".utf8) { throw .memberEscapes(path: raw) }
            if component.count > MemberPath.componentLimit { throw .memberName(path: raw, .componentTooLong) }
            depth += 1
            if depth > MemberPath.depthLimit { throw .memberName(path: raw, .tooDeep) }
            if !path.isEmpty { path.append(slash) }
            path += component
        }
        return path
    }

    enum Meaning: Equatable {
        case entry
        case whiteout([UInt8])
        case opaque([UInt8])
        /// Means nothing to anybody but who wrote it.
        case nothing
    }

    /// What the last component of a cleaned path means.
    static func meaning(of path: [UInt8]) throws(ArchiveError) -> Meaning {
        let start = path.lastIndex(of: slash).map { $0 + 1 } ?? 0
        let name = path[start...]
        guard name.starts(with: whiteoutPrefix) else { return .entry }
        let parent = Array(path[..<max(0, start - 1)])
        if name.elementsEqual(opaqueName) { return .opaque(parent) }
        if name.starts(with: ownPrefix) { return .nothing }
        let hidden = name.dropFirst(whiteoutPrefix.count)
        if hidden.isEmpty || hidden.elementsEqual(".".utf8) || hidden.elementsEqual("..".utf8) {
            throw .memberName(path: path, .whiteoutOfNothing)
        }
        return .whiteout(Array(path[..<start]) + Array(hidden))
    }
}
