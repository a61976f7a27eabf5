// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem

/// A file tree under construction: what lies at which path, before any byte is moved.
package struct RootFilesystem: Sendable {
    package enum Node: Hashable, Sendable {
        case directory(mode: UInt32)
        /// Entry `file` of package `package` of the job: a regular file.
        case packageFile(package: Int, file: Int)
        case content([UInt8], mode: UInt32)
        case symlink([UInt8])
    }

    /// What lies at a path; parents appear as directories of mode 0755 and may be given another mode once.
    private var nodes: [[UInt8]: Node] = [:]
    private var impliedParents: Set<[UInt8]> = []

    /// Bytes that the builder of the tree has put into it: paths, implied parents included, link targets, content, and
    /// a little for each entry. What whole packages add is not among them.
    private(set) var ownBytes = 0

    package static let mostEntries = 5_000_000
    package static let longestContent = 64 * 1024

    package init() {}

    package var count: Int { nodes.count }

    /// The tree's entries by path bytes, so that a directory comes before what is in it.
    package var entries: [(path: [UInt8], node: Node)] {
        nodes.map { (path: $0.key, node: $0.value) }.sorted { $0.path.precedes($1.path) }
    }

    /// Adds one entry. The same entry again is fine; another one at the same path, or below something that is no
    /// directory, is refused.
    package mutating func add(_ raw: [UInt8], _ node: Node) throws(ServiceError) {
        let path = try Self.plain(raw)
        if case .symlink(let target) = node {
            do throws(ArchiveError) { try MemberPath.checkSymlink(target, of: path) } catch {
                throw ServiceError(.invalid, "\(error)")
            }
        }
        try addParents(of: path)
        if let there = nodes[path], there != node {
            guard case .directory = node, case .directory = there, impliedParents.remove(path) != nil else {
                throw ServiceError(.exists, "'\(MemberPath.text(path))' is in the tree already, with another content")
            }
        }
        impliedParents.remove(path)
        if nodes.updateValue(node, forKey: path) == nil { ownBytes += Self.cost(path, node) }
        guard nodes.count <= Self.mostEntries else {
            throw ServiceError(.limit, "the tree has more than \(Self.mostEntries) entries")
        }
    }

    private mutating func addParents(of path: [UInt8]) throws(ServiceError) {
        var child = path
        while let parent = MemberPath.parent(child) {
            switch nodes[parent] {
            case .directory: return
            case nil:
                nodes[parent] = .directory(mode: 0o755)
                ownBytes += Self.cost(parent, .directory(mode: 0o755))
                impliedParents.insert(parent)
            default:
                throw ServiceError(
                    .exists,
                    "'\(MemberPath.text(path))' cannot be below '\(MemberPath.text(parent))', which is no directory")
            }
            child = parent
        }
    }

    private static func cost(_ path: [UInt8], _ node: Node) -> Int {
        switch node {
        case .content(let bytes, _): path.count + bytes.count + 64
        case .symlink(let target): path.count + target.count + 64
        case .directory, .packageFile: path.count + 64
        }
    }

    /// Adds every entry of a package under its prefix.
    package mutating func add(_ package: ExportPackage, number: Int) throws(ServiceError) {
        try package.readFiles()
        let before = ownBytes
        defer { ownBytes = before }
        let prefix = Array(package.prefix.utf8)
        for (index, file) in package.files.enumerated() {
            let path = file.path.isEmpty ? prefix : prefix + [0x2F] + file.path
            try add(path, Self.node(of: file, package: number, file: index))
        }
    }

    /// Adds all of another tree. What is a directory in both has the mode that somebody named.
    mutating func add(_ other: RootFilesystem) throws(ServiceError) { try add(other, behind: []) }

    /// Adds all of another tree below `path`, which becomes a directory.
    mutating func add(_ other: RootFilesystem, below path: [UInt8]) throws(ServiceError) {
        let path = try Self.plain(path)
        switch nodes[path] {
        case .directory: break
        case nil: try add(path, .directory(mode: 0o755))
        default:
            throw ServiceError(.exists, "'\(MemberPath.text(path))' is in the tree already, and is no directory")
        }
        let before = ownBytes
        try add(other, behind: path + [0x2F])
        ownBytes = before + other.ownBytes(below: path)
    }

    private mutating func add(_ other: RootFilesystem, behind prefix: [UInt8]) throws(ServiceError) {
        for (path, node) in other.nodes where !other.impliedParents.contains(path) { try add(prefix + path, node) }
    }

    /// What this tree adds to `ownBytes` of another one below `path`: what packages put into it is not its builder's
    /// there either, but the longer paths are.
    func ownBytes(below path: [UInt8]) -> Int { ownBytes + count * (path.count + 1) }

    private static func plain(_ path: [UInt8]) throws(ServiceError) -> [UInt8] {
        do throws(ArchiveError) { return try MemberPath.plain(path) } catch {
            throw ServiceError(.invalid, "\(error)")
        }
    }

    /// Directories below `path` that are there only because something lies in them.
    func impliedDirectories(below path: [UInt8]) -> [[UInt8]] {
        impliedParents.filter { $0.starts(with: path) }
    }

    /// Bytes of all files; `packages` are those that its nodes count.
    func contentSize(_ packages: [ExportPackage]) -> UInt64 {
        nodes.values.reduce(0) { sum, node in
            switch node {
            case .packageFile(let package, let file): sum + packages[package].files[file].size
            case .content(let bytes, _): sum + UInt64(bytes.count)
            case .directory, .symlink: sum
            }
        }
    }

    /// Adds a copy of one entry at another path. A relative link is made absolute: at its new place it would lead
    /// elsewhere.
    package mutating func addCopy(
        at path: [UInt8], of file: PackageFile, in package: ExportPackage, number: Int, file index: Int
    ) throws(ServiceError) {
        guard file.kind == .symlink, file.linkTarget.first != 0x2F else {
            return try add(path, Self.node(of: file, package: number, file: index))
        }
        let directory = MemberPath.parent(file.path).map { [0x2F] + $0 } ?? []
        let target = [0x2F] + Array(package.prefix.utf8) + directory + [0x2F] + file.linkTarget
        try add(path, .symlink(target))
    }

    private static func node(of file: PackageFile, package: Int, file index: Int) -> Node {
        switch file.kind {
        case .directory: .directory(mode: file.mode)
        case .symlink: .symlink(file.linkTarget)
        case .regular: .packageFile(package: package, file: index)
        }
    }
}
