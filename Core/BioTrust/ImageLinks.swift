// SPDX-License-Identifier: Apache-2.0

import BioArchive

/// The links of an image, those in packages too. Whoever unpacks a layer follows them, so that a member below one lies
/// elsewhere than its path says. No builder of images writes such members, and where they would come to lie depends on
/// who unpacks them: they are not followed but refused, so that the path of every other member is where it lies.
struct ImageLinks {
    private static let slash = UInt8(ascii: "/")
    private var paths: Set<[UInt8]> = []
    /// The directory asked for last, which no link leads to: most members lie where the one before does.
    private var plain: [UInt8] = []

    /// Remembers a link, or that a directory or file has taken its place. What a layer hides stays remembered, and so
    /// does what was below a link's place: that refuses too much rather than too little. A hard link may be one to a
    /// symbolic link.
    mutating func note(_ member: LayerMember) {
        switch member.kind {
        case .symlink, .hardLink:
            paths.insert(member.path)
            plain = []
        case .whiteout, .opaque: break
        case .file, .directory, .characterDevice, .blockDevice, .fifo: paths.remove(member.path)
        }
    }

    /// Whether a directory above `path` is a link.
    mutating func leadTo(_ path: [UInt8]) -> Bool {
        guard !paths.isEmpty, let end = path.lastIndex(of: Self.slash) else { return false }
        if path[..<end] == plain[...] { return false }
        for place in path.indices where path[place] == Self.slash && paths.contains(Array(path[..<place])) {
            return true
        }
        plain = Array(path[..<end])
        return false
    }

    /// Whether the member lies elsewhere than its path says, or hides or links what does.
    mutating func mislead(_ member: LayerMember) -> Bool {
        if leadTo(member.path) { return true }
        switch member.kind {
        case .opaque: return paths.contains(member.path)
        case .hardLink(let target): return leadTo(target)
        default: return false
        }
    }
}
