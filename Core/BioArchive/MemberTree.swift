// SPDX-License-Identifier: Apache-2.0

/// The tree that an archive's members make, kept to hold each next one against it: no duplicates, no replacements,
/// nothing below a file or a link, hard links to earlier files only. Nothing here touches a file.
package struct MemberTree: Sendable {
    /// What a member that may come brings with it.
    package struct Admission: Hashable, Sendable {
        /// Directories that the archive never mentioned and that the member lies in, the outermost first. They count
        /// as mode 0755 and time 0 unless they are mentioned later.
        package let implied: [[UInt8]]
        /// Whether it is a directory that was implied before.
        package let isThere: Bool
    }

    private enum Known { case file, directory, impliedDirectory, symlink }

    private let limits: PayloadReader.Limits
    private var known: [[UInt8]: Known] = [:]
    private var pathBytes: Int64 = 0

    /// `limits` bounds members and implied directories together, and the bytes of all their paths.
    package init(limits: PayloadReader.Limits = .init()) { self.limits = limits }

    /// Takes `member` into the tree, or says why it cannot be in it.
    package mutating func admit(_ member: TarMember) throws(ArchiveError) -> Admission {
        try checkPlace(of: member)
        let implied = try missingAncestors(of: member.path)
        if case .hardLink(let target) = member.kind, known[target] != .file {
            throw .hardLinkOutside(path: member.path, target: target)
        }
        for path in implied { try add(path, .impliedDirectory) }
        let isThere = known[member.path] != nil
        switch member.kind {
        case .file, .hardLink: try add(member.path, .file)
        case .directory: try add(member.path, .directory)
        case .symlink: try add(member.path, .symlink)
        }
        return Admission(implied: implied, isThere: isThere)
    }

    /// The directories that were implied and never mentioned, in byte order.
    package var implied: [[UInt8]] {
        known.filter { $0.value == .impliedDirectory }.keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private mutating func add(_ path: [UInt8], _ kind: Known) throws(ArchiveError) {
        guard known.updateValue(kind, forKey: path) == nil else { return }
        if Int64(known.count) > limits.members { throw .tooLarge(.members, limit: limits.members) }
        pathBytes += Int64(path.count)
        if pathBytes > limits.pathBytes { throw .tooLarge(.pathBytes, limit: limits.pathBytes) }
    }

    private func checkPlace(of member: TarMember) throws(ArchiveError) {
        switch known[member.path] {
        case nil: break
        case .impliedDirectory? where member.kind == .directory: break
        case .file? where member.kind.isFile, .directory? where member.kind == .directory,
            .symlink? where member.kind.isSymlink:
            throw .duplicate(path: member.path)
        case .file?: throw .memberReplaces(path: member.path, kind: "file")
        case .symlink?: throw .memberReplaces(path: member.path, kind: "symbolic link")
        case .directory?, .impliedDirectory?: throw .memberReplaces(path: member.path, kind: "directory")
        }
    }

    private func missingAncestors(of member: [UInt8]) throws(ArchiveError) -> [[UInt8]] {
        var missing: [[UInt8]] = []
        var ancestor = MemberPath.parent(member)
        while let path = ancestor {
            switch known[path] {
            case .symlink?: throw .writeThroughSymlink(path: member, link: path)
            case .file?: throw .beneathFile(path: member, file: path)
            case .directory?, .impliedDirectory?: return missing.reversed()  // its own were checked when it came
            case nil:
                missing.append(path)
                ancestor = MemberPath.parent(path)
            }
        }
        return missing.reversed()
    }
}

extension TarMember.Kind {
    /// Files and their further names.
    fileprivate var isFile: Bool {
        switch self {
        case .file, .hardLink: true
        case .directory, .symlink: false
        }
    }

    fileprivate var isSymlink: Bool {
        if case .symlink = self { true } else { false }
    }
}
