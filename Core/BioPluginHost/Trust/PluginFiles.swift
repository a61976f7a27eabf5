// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioSystem
import Glibc

/// The files of a plugin's directory as they are, each plain and with a name that a list may hold.
package struct PluginFiles {
    let directory: String
    private let buffer = Block()

    package init(_ directory: String) { self.directory = directory }

    /// What is in a plugin's directory and belongs in none.
    package struct Stranger: Error, Hashable, Sendable {
        package let path: String
        package let why: String
    }

    /// Room for one block, for as long as somebody reads.
    private final class Block {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        deinit { bytes.deallocate() }
    }

    /// Every file but those that are made beside the listed ones, in byte order of their paths.
    func visit(_ body: (String, borrowing FileDescriptor, _ isExecutable: Bool) throws -> Void) throws {
        let root = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        var count = 0
        try walk(root, "", &count, body)
    }

    private func walk(
        _ folder: borrowing FileDescriptor, _ prefix: String, _ count: inout Int,
        _ body: (String, borrowing FileDescriptor, Bool) throws -> Void
    ) throws {
        for name in try Directory.names(folder, path: "\(directory)/\(prefix)") {
            guard let text = String(validating: name, as: UTF8.self) else {
                throw Stranger(
                    path: prefix + String(decoding: name, as: UTF8.self), why: "has a name that is not UTF-8")
            }
            let path = prefix + text
            if PluginFileList.unlisted.contains(path) { continue }
            if let wrong = PluginFileList.wrongPath(path) { throw Stranger(path: path, why: wrong) }
            count += 1
            guard count <= PluginFileList.mostFiles else { throw Stranger(path: path, why: "is one file too many") }
            let opened: FileDescriptor
            do throws(SystemError) {
                opened = try folder.openBeneath(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
            } catch {
                if error.errno.rawValue == ELOOP { throw Stranger(path: path, why: "is a symbolic link") }
                throw SystemError("open", "\(directory)/\(path)", error.errno)
            }
            let status: FileStatus
            do throws(Errno) { status = try opened.status() } catch {
                throw SystemError("look at", "\(directory)/\(path)", error)
            }
            switch status.kind {
            case .file: try body(path, opened, status.mode & 0o111 != 0)
            case .directory: try walk(opened, path + "/", &count, body)
            case .symlink, .other: throw Stranger(path: path, why: "is neither a file nor a directory")
            }
        }
    }

    /// The next block of one of the files.
    func block(of file: borrowing FileDescriptor, _ path: String) throws(SystemError) -> UnsafeRawBufferPointer? {
        try file.block(in: buffer.bytes, of: directory, path)
    }

    /// The files with their digests.
    package func entries() throws -> [PluginFileList.Entry] {
        var entries: [PluginFileList.Entry] = []
        try visit { path, file, isExecutable in
            var hasher = BLAKE2bHasher()
            var size: Int64 = 0
            while let block = try block(of: file, path) {
                hasher.update(block)
                size += Int64(block.count)
            }
            entries.append(.init(path: path, size: size, digest: hasher.finalize(), isExecutable: isExecutable))
        }
        return entries
    }
}

extension PluginFileList {
    /// The list of what a plugin's directory holds.
    package init(of manifest: PluginManifest, in directory: String) throws {
        try self.init(
            id: manifest.id, version: manifest.version, target: manifest.target,
            entries: try PluginFiles(directory).entries())
    }

    /// The list that lies in a plugin's directory; nil: there is none.
    package static func read(in directory: String) throws -> PluginFileList? {
        try PluginEvidenceReader.bytes(fileName, in: directory).map { try PluginFileList(parsing: $0) }
    }

    /// Throws when `found`, the list of the files that are there, is not this one.
    package func check(_ found: PluginFileList) throws(PluginTrustError) {
        guard (id, version, target) == (found.id, found.version, found.target) else {
            throw .badSignature(
                plugin: found.id, "its \(Self.fileName) is about '\(id)' \(version) for \(target)")
        }
        let theirs = Dictionary(uniqueKeysWithValues: found.entries.map { ($0.path, $0) })
        let mine = Set(entries.map(\.path))
        let changed = entries.filter { theirs[$0.path] != nil && theirs[$0.path] != $0 }.map(\.path)
        let missing = entries.filter { theirs[$0.path] == nil }.map(\.path)
        let extra = found.entries.map(\.path).filter { !mine.contains($0) }
        guard changed.isEmpty && missing.isEmpty && extra.isEmpty else {
            throw .otherFiles(plugin: id, changed: changed, missing: missing, extra: extra)
        }
    }
}
