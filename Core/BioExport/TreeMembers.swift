// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem

/// The entries of a tree as members of a tar: files are opened when their turn comes, one at a time.
struct TreeMembers: TarMembers {
    let entries: [(path: [UInt8], node: RootFilesystem.Node)]
    private let writing: ArchiveWriting
    private let total: UInt64
    private var position = 0
    private var done: UInt64 = 0
    /// The package whose file was the last; its files mostly come together.
    private var opened: OpenPackage?

    private final class OpenPackage {
        let number: Int
        let directory: FileDescriptor

        init(_ number: Int, _ directory: consuming FileDescriptor) {
            self.number = number
            self.directory = directory
        }
    }

    init(_ entries: [(path: [UInt8], node: RootFilesystem.Node)], _ writing: ArchiveWriting) {
        self.entries = entries
        self.writing = writing
        total = entries.reduce(0) { $0 + Self.contentSize(of: $1.node, writing.packages) }
    }

    private static func contentSize(of node: RootFilesystem.Node, _ packages: [ExportPackage]) -> UInt64 {
        switch node {
        case .packageFile(let package, let file): packages[package].files[file].size
        case .content(let bytes, _): UInt64(bytes.count)
        case .directory, .symlink: 0
        }
    }

    mutating func next() throws -> TarItem? {
        if position > 0 {
            done += Self.contentSize(of: entries[position - 1].node, writing.packages)
            writing.progress(done, total)
        }
        guard position < entries.count else { return nil }
        let (path, node) = entries[position]
        position += 1
        let time = writing.sourceDateEpoch
        switch node {
        case .directory(let mode):
            return TarItem(TarMember(path: path, kind: .directory, mode: mode, mtime: time))
        case .symlink(let target):
            return TarItem(TarMember(path: path, kind: .symlink(target), mode: 0o777, mtime: time))
        case .content(let content, let mode):
            return TarItem(
                TarMember(path: path, kind: .file, mode: mode, size: Int64(content.count), mtime: time),
                .bytes(content))
        case .packageFile(let package, let number):
            let file = writing.packages[package].files[number]
            guard let digest = file.digest else { throw changed(position - 1) }
            return TarItem(
                TarMember(path: path, kind: .file, mode: file.mode, size: Int64(file.size), mtime: time),
                .file(try open(file, of: package)), digest: digest)
        }
    }

    private mutating func open(_ file: PackageFile, of number: Int) throws(ServiceError) -> FileDescriptor {
        let package = writing.packages[number]
        if let opened, opened.number == number {
            return try writing.bytes.open(file, in: opened.directory, of: package)
        }
        let fresh = OpenPackage(number, try writing.bytes.directory(of: package, for: file))
        opened = fresh
        return try writing.bytes.open(file, in: fresh.directory, of: package)
    }

    var changed: @Sendable (Int) -> any Error {
        { [entries, packages = writing.packages] number in
            guard case .packageFile(let package, let file) = entries[number].node else {
                return ArchiveError.malformed("a file of the tree changed")
            }
            return PackageBytes.changed(packages[package].files[file], packages[package])
        }
    }
}
