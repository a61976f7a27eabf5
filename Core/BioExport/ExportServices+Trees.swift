// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem

/// `bio.host.rootfs/1` and `bio.host.archive/1` in Swift.
extension ExportServices {
    static let mostTrees = 64
    static let mostTreeBytes = 64 << 20
    /// Bytes that one entry of a tree takes at least, when the tree is copied.
    private static let entryCost = 64
    /// Handles are not guessable numbers by accident: kind in the high word, count in the low.
    private static let treeKind: UInt64 = 0x7265_6500_0000_0000

    package func beginTree() throws(ServiceError) -> UInt64 {
        guard trees.count < Self.mostTrees else {
            throw ServiceError(.limit, "the plugin began more than \(Self.mostTrees) file trees")
        }
        let handle = Self.treeKind | UInt64(trees.count + 1)
        trees[handle] = RootFilesystem()
        return handle
    }

    func tree(_ handle: UInt64) throws(ServiceError) -> RootFilesystem {
        guard let tree = trees[handle] else { throw Self.wrongHandle(handle) }
        return tree
    }

    /// Changes one tree; what all of them hold for the plugin has a limit.
    func change(
        _ handle: UInt64, _ body: (inout RootFilesystem) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        try checkTreeBytes()
        guard var tree = trees.removeValue(forKey: handle) else { throw Self.wrongHandle(handle) }
        let before = tree.ownBytes
        defer {
            treeBytes += tree.ownBytes - before
            trees[handle] = tree
        }
        try body(&tree)
    }

    /// What a tree is now. The plugin can change it afterwards, and then there are two: both count.
    func copyOfTree(_ handle: UInt64) throws(ServiceError) -> RootFilesystem {
        try checkTreeBytes()
        let tree = try tree(handle)
        treeBytes += tree.ownBytes + tree.count * Self.entryCost
        return tree
    }

    private func checkTreeBytes(with more: Int = 0) throws(ServiceError) {
        guard treeBytes + more < Self.mostTreeBytes else {
            throw ServiceError(
                .limit, "the plugin's file trees hold more than \(Self.mostTreeBytes >> 20) MiB of paths and content")
        }
    }

    private static func wrongHandle(_ handle: UInt64) -> ServiceError {
        ServiceError(.handle, "0x\(String(handle, radix: 16)) is no file tree of this export")
    }

    package func addPackage(_ index: UInt32, to handle: UInt64) throws(ServiceError) {
        let package = try package(index)
        try checkRoom(package.fileCount)
        try change(handle) { (tree) throws(ServiceError) in try tree.add(package, number: Int(index)) }
    }

    /// Whether so many more entries are allowed.
    private func checkRoom(_ added: Int) throws(ServiceError) {
        guard trees.values.reduce(added, { $0 + $1.count }) <= RootFilesystem.mostEntries else {
            throw ServiceError(.limit, "the plugin's file trees have more than \(RootFilesystem.mostEntries) entries")
        }
    }

    package func addTree(_ other: UInt64, below path: [UInt8], to handle: UInt64) throws(ServiceError) {
        let added = try tree(other)
        guard other != handle else { throw ServiceError(.invalid, "the plugin added a file tree to itself") }
        try checkRoom(added.count)
        try checkTreeBytes(with: added.ownBytes(below: path))
        try change(handle) { (tree) throws(ServiceError) in try tree.add(added, below: path) }
    }

    package func addCopy(
        at path: [UInt8], of index: UInt32, file number: UInt64, to handle: UInt64
    ) throws(ServiceError) {
        let package = try package(index)
        let file = try file(number, of: package)
        try change(handle) { (tree) throws(ServiceError) in
            try tree.addCopy(at: path, of: file, in: package, number: Int(index), file: Int(number))
        }
    }

    package func add(_ node: RootFilesystem.Node, at path: [UInt8], to handle: UInt64) throws(ServiceError) {
        switch node {
        case .content(let bytes, let mode):
            guard bytes.count <= RootFilesystem.longestContent else {
                throw ServiceError(.limit, "a file of \(bytes.count) bytes was added, at most 65,536 are allowed")
            }
            try Self.checkMode(mode)
        case .directory(let mode): try Self.checkMode(mode)
        default: break
        }
        try change(handle) { (tree) throws(ServiceError) in try tree.add(path, node) }
    }

    private static func checkMode(_ mode: UInt32) throws(ServiceError) {
        guard mode & ~0o7777 == 0 else {
            throw ServiceError(
                .invalid, "0\(String(mode, radix: 8)) is no mode: permission, set-id and sticky bits only")
        }
    }

    // MARK: - Archives

    package func archiveSuffix(_ name: String) throws(ServiceError) -> String { try compression(name).fileExtension }

    private func compression(_ name: String) throws(ServiceError) -> Compression {
        do throws(Compression.ParseError) { return try Compression(parsing: name) } catch {
            throw ServiceError(.invalid, "\(error)", hint: error.hint)
        }
    }

    package func writeArchive(_ handle: UInt64, path: String, compression name: String) throws(ServiceError)
        -> WrittenArchive
    {
        guard isRunning else { throw ServiceError(.misuse, "the plugin wrote an archive outside of run") }
        let tree = try tree(handle)
        try ledger.checkPath(path)
        try ledger.checkWritten(path)
        let compression = try compression(name)
        let place: String
        do throws(SystemError) { place = try workspace.placeForMade(path) } catch {
            throw ServiceError(.io, "\(error)", hint: error.hint)
        }
        let writing = ArchiveWriting(
            packages: job.packages, bytes: bytes, sourceDateEpoch: job.sourceDateEpoch, threads: threads,
            progress: progress, isCancelled: cancelled)
        let archive = try writing.write(tree, to: place, compression)
        ledger.wrote(archive, to: path)
        return archive
    }
}
