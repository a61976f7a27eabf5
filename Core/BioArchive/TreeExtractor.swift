// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioSystem
import Glibc

/// What one member became on disk, as the archive has it.
package struct ExtractedEntry: Hashable, Sendable {
    package let path: [UInt8]
    package let kind: TarMember.Kind
    /// 07777.
    package let mode: UInt32
    package let size: Int64
    package let mtime: Int64
    /// BLAKE2b-256 of a file's content; nil for all other kinds.
    package let digest: Digest?

    package init(path: [UInt8], kind: TarMember.Kind, mode: UInt32, size: Int64, mtime: Int64, digest: Digest?) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.size = size
        self.mtime = mtime
        self.digest = digest
    }

    /// As `member` says; `digest` is that of a file's content.
    package init(_ member: TarMember, digest: Digest?) {
        self.init(
            path: member.path, kind: member.kind, mode: member.mode, size: member.size, mtime: member.mtime,
            digest: digest)
    }

    /// A directory that the archive implied and never mentioned: mode 0755, time 0.
    package init(implied path: [UInt8]) {
        self.init(path: path, kind: .directory, mode: 0o755, size: 0, mtime: 0, digest: nil)
    }
}

/// Writes the members of an untrusted archive beneath one directory and nowhere else.
///
/// Paths are resolved by the kernel with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, so that not even a link which the
/// archive made itself is followed; every entry is new (O_EXCL and its like). A member is checked against all earlier
/// ones (`MemberTree`) before anything is made for it. Modes are the archive's (07777), owners the caller's.
/// Directories stay 0700 until `finish`, so read-only ones can be filled. On an error what was written so far stays:
/// the caller removes the directory.
package struct TreeExtractor: ~Copyable {
    private let root: FileDescriptor
    private let rootPath: String
    private var tree: MemberTree
    private var directories: [[UInt8]: (mode: UInt32, mtime: Int64)] = [:]
    private var parentPath: [UInt8] = []
    private var parent: FileDescriptor
    private var hasher = BLAKE2bHasher()

    /// `directory` should be empty and nobody else's to write; `path` is its name for errors. Of `limits` those of a
    /// `MemberTree` count here.
    package init(
        into directory: borrowing FileDescriptor, path: String, limits: PayloadReader.Limits = .init()
    ) throws(ArchiveError) {
        let forRoot = try Self.duplicate(directory)
        let forParent = try Self.duplicate(directory)
        root = forRoot
        parent = forParent
        rootPath = path
        tree = MemberTree(limits: limits)
    }

    /// Makes the entry of `member`; the body of a file comes from `reader`, which has just handed `member` out.
    package mutating func extract(
        _ member: TarMember, from reader: inout PayloadReader
    ) throws(ArchiveError) -> ExtractedEntry {
        let admission = try tree.admit(member)
        for path in admission.implied { try makeImplied(path) }
        try enterParent(of: member.path)
        let name = Self.name(member.path)
        var digest: Digest?
        switch member.kind {
        case .file:
            digest = try writeFile(member, name: name, from: &reader)
        case .directory:
            if !admission.isThere {
                try attempt(member.path) { () throws(Errno) in try parent.makeDirectory(name, mode: 0o700) }
            }
            directories[member.path] = (member.mode, member.mtime)
        case .symlink(let target):
            try attempt(member.path) { () throws(Errno) in
                try parent.makeSymlink(name, to: target)
                try parent.setModified(of: name, member.mtime)
            }
        case .hardLink(let target):
            let directory = try open(MemberPath.parent(target))
            try attempt(member.path) { () throws(Errno) in
                try parent.makeLink(name, to: Self.name(target), in: directory)
            }
        }
        return ExtractedEntry(member, digest: digest)
    }

    /// Gives directories their modes and times. Nothing is synchronised: that is the caller's, once for all.
    /// - Returns: the directories that the archive implied and never mentioned, in byte order; they got mode 0755 and
    ///   time 0.
    @discardableResult
    package consuming func finish() throws(ArchiveError) -> [ExtractedEntry] {
        // Longer paths first: a directory that may not be entered any more has been entered before.
        for (path, (mode, mtime)) in directories.sorted(by: { $0.key.count > $1.key.count }) {
            let directory = try open(path)
            try attempt(path) { () throws(Errno) in
                try directory.setMode(mode)
                try directory.setModified(mtime)
            }
        }
        return tree.implied.map(ExtractedEntry.init(implied:))
    }

    /// All members of `reader`, to its checked end. `visit` gets each entry as it is written, implied directories last.
    package static func extract(
        _ reader: inout PayloadReader, into directory: borrowing FileDescriptor, path: String,
        visit: (ExtractedEntry) throws(ArchiveError) -> Void = { _ in }
    ) throws(ArchiveError) {
        var extractor = try TreeExtractor(into: directory, path: path)
        while let member = try reader.next() { try visit(try extractor.extract(member, from: &reader)) }
        for entry in try extractor.finish() { try visit(entry) }
    }

    // MARK: - Entries

    private mutating func writeFile(
        _ member: TarMember, name: [UInt8], from reader: inout PayloadReader
    ) throws(ArchiveError) -> Digest {
        let file = try attempt(member.path) { () throws(Errno) in try parent.makeFile(name, mode: 0o600) }
        var written: Int64 = 0
        while let block = try reader.nextBlock() {
            hasher.update(block)
            try attempt(member.path) { () throws(Errno) in try file.writeAll(block) }
            written += Int64(block.count)
        }
        if written != member.size {
            throw .bodySize(path: member.path, announced: member.size, delivered: written)
        }
        try attempt(member.path) { () throws(Errno) in
            try file.setMode(member.mode)
            try file.setModified(member.mtime)
        }
        return hasher.finalize()
    }

    private mutating func makeImplied(_ path: [UInt8]) throws(ArchiveError) {
        let above = try open(MemberPath.parent(path))
        try attempt(path) { () throws(Errno) in try above.makeDirectory(Self.name(path), mode: 0o700) }
        let implied = ExtractedEntry(implied: path)
        directories[path] = (implied.mode, implied.mtime)
    }

    /// Makes the directory of `path`, which is there, the current one.
    private mutating func enterParent(of path: [UInt8]) throws(ArchiveError) {
        let wanted = MemberPath.parent(path) ?? []
        if wanted == parentPath { return }
        parent = try open(wanted.isEmpty ? nil : wanted)
        parentPath = wanted
    }

    private func open(_ directory: [UInt8]?) throws(ArchiveError) -> FileDescriptor {
        do throws(SystemError) {
            return try root.openBeneath(directory ?? [UInt8(ascii: ".")], O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            throw .system(SystemError(error.action, text(directory ?? []), error.errno))
        }
    }

    /// Runs a call on the entry `path` and names it in the error.
    private func attempt<R: ~Copyable>(
        _ path: [UInt8], _ body: () throws(Errno) -> R
    ) throws(ArchiveError) -> R {
        do throws(Errno) { return try body() } catch { throw .system(SystemError("write", text(path), error)) }
    }

    private static func duplicate(_ directory: borrowing FileDescriptor) throws(ArchiveError) -> FileDescriptor {
        do throws(SystemError) { return try directory.openAt(".", O_RDONLY | O_DIRECTORY) } catch {
            throw .system(error)
        }
    }

    private func text(_ path: [UInt8]) -> String { "\(rootPath)/\(MemberPath.text(path))" }

    private static func name(_ path: [UInt8]) -> [UInt8] {
        path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[($0 + 1)...]) } ?? path
    }
}
