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
}

/// Writes the members of an untrusted archive beneath one directory and nowhere else.
///
/// Paths are resolved by the kernel with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, so that not even a link which the
/// archive made itself is followed; every entry is new (O_EXCL and its like). A member is checked against all earlier ones before
/// anything is made for it: no duplicates, no replacements, nothing below a file or a link, hard links to earlier files
/// only. Modes are the archive's (07777), owners the caller's. Directories stay 0700 until `finish`, so read-only ones
/// can be filled. On an error what was written so far stays: the caller removes the directory.
package struct TreeExtractor: ~Copyable {
    private enum Known { case file, directory, impliedDirectory, symlink }

    private let root: FileDescriptor
    private let rootPath: String
    private var known: [[UInt8]: Known] = [:]
    private var directories: [[UInt8]: (mode: UInt32, mtime: Int64)] = [:]
    private var parentPath: [UInt8] = []
    private var parent: FileDescriptor
    private var hasher = BLAKE2bHasher()

    /// `directory` should be empty and nobody else's to write; `path` is its name for errors.
    package init(into directory: borrowing FileDescriptor, path: String) throws(ArchiveError) {
        let forRoot = try Self.duplicate(directory)
        let forParent = try Self.duplicate(directory)
        root = forRoot
        parent = forParent
        rootPath = path
    }

    /// Makes the entry of `member`; the body of a file comes from `reader`, which has just handed `member` out.
    package mutating func extract(
        _ member: TarMember, from reader: inout PayloadReader
    ) throws(ArchiveError) -> ExtractedEntry {
        try check(member)
        try enterParent(of: member.path)
        let name = Self.name(member.path)
        var digest: Digest?
        switch member.kind {
        case .file:
            digest = try writeFile(member, name: name, from: &reader)
            known[member.path] = .file
        case .directory:
            if known[member.path] == nil {
                try attempt(member.path) { () throws(Errno) in try parent.makeDirectory(name, mode: 0o700) }
            }
            known[member.path] = .directory
            directories[member.path] = (member.mode, member.mtime)
        case .symlink(let target):
            try attempt(member.path) { () throws(Errno) in
                try parent.makeSymlink(name, to: target)
                try parent.setModified(of: name, member.mtime)
            }
            known[member.path] = .symlink
        case .hardLink(let target):
            let directory = try open(MemberPath.parent(target))
            try attempt(member.path) { () throws(Errno) in
                try parent.makeLink(name, to: Self.name(target), in: directory)
            }
            known[member.path] = .file
        }
        return ExtractedEntry(
            path: member.path, kind: member.kind, mode: member.mode, size: member.size, mtime: member.mtime,
            digest: digest)
    }

    /// Gives directories their modes and times. Nothing is synchronised: that is the caller's, once for all.
    /// - Returns: the directories that the archive implied and never mentioned, in byte order; they got mode 0755 and
    ///   time 0.
    @discardableResult
    package consuming func finish() throws(ArchiveError) -> [ExtractedEntry] {
        var implied: [ExtractedEntry] = []
        // Longer paths first: a directory that may not be entered any more has been entered before.
        for (path, (mode, mtime)) in directories.sorted(by: { $0.key.count > $1.key.count }) {
            let directory = try open(path)
            try attempt(path) { () throws(Errno) in
                try directory.setMode(mode)
                try directory.setModified(mtime)
            }
            if known[path] == .impliedDirectory {
                implied.append(
                    ExtractedEntry(path: path, kind: .directory, mode: mode, size: 0, mtime: mtime, digest: nil))
            }
        }
        return implied.sorted { $0.path.lexicographicallyPrecedes($1.path) }
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

    // MARK: - Checks

    private func check(_ member: TarMember) throws(ArchiveError) {
        try checkPlace(of: member)
        try checkAncestors(of: member.path)
        if case .hardLink(let target) = member.kind, known[target] != .file {
            throw .hardLinkOutside(path: member.path, target: target)
        }
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

    private func checkAncestors(of member: [UInt8]) throws(ArchiveError) {
        var ancestor = MemberPath.parent(member)
        while let path = ancestor {
            switch known[path] {
            case .symlink?: throw .writeThroughSymlink(path: member, link: path)
            case .file?: throw .beneathFile(path: member, file: path)
            case .directory?, .impliedDirectory?: return  // its own ancestors were checked when it came
            case nil: ancestor = MemberPath.parent(path)
            }
        }
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

    /// Makes the directory of `path` the current one, with all directories the archive did not mention.
    private mutating func enterParent(of path: [UInt8]) throws(ArchiveError) {
        let wanted = MemberPath.parent(path) ?? []
        if wanted == parentPath { return }
        var missing: [[UInt8]] = []
        var ancestor: [UInt8]? = wanted.isEmpty ? nil : wanted
        while let path = ancestor, known[path] == nil {
            missing.append(path)
            ancestor = MemberPath.parent(path)
        }
        for path in missing.reversed() {
            let above = try open(MemberPath.parent(path))
            try attempt(path) { () throws(Errno) in try above.makeDirectory(Self.name(path), mode: 0o700) }
            known[path] = .impliedDirectory
            directories[path] = (0o755, 0)
        }
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
