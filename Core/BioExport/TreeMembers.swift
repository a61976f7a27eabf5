// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem

/// The entries of a tree as members of a tar: files are opened when their turn comes, one at a time.
struct TreeMembers: TarMembers {
    typealias Entry = (path: [UInt8], node: RootFilesystem.Node)

    /// What a member has that its entry does not say.
    enum Rules: Hashable, Sendable {
        /// `tar/1`, with one time for all.
        case archive(time: Int64)
        /// `layer/1`; the directory of the flavour: `hab`.
        case layer(flavourRoot: [UInt8])
    }

    private let entries: [Entry]
    private let packages: [ExportPackage]
    private let bytes: PackageBytes
    private let rules: Rules
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void
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

    /// `entries` are by path bytes; `packages` are those that their nodes count.
    init(
        _ entries: [Entry], of packages: [ExportPackage], bytes: PackageBytes, rules: Rules,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) {
        self.entries = entries
        self.packages = packages
        self.bytes = bytes
        self.rules = rules
        self.progress = progress
        total = entries.reduce(0) { $0 + Self.contentSize(of: $1.node, packages) }
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
            done += Self.contentSize(of: entries[position - 1].node, packages)
            progress(done, total)
        }
        guard let member = try nextMember() else { return nil }
        guard member.kind == .file else { return TarItem(member) }
        switch entries[position - 1].node {
        case .packageFile(let package, let number):
            let file = packages[package].files[number]
            return TarItem(member, .file(try open(file, of: package)), digest: file.digest)
        case .content(let content, _): return TarItem(member, .bytes(content))
        case .directory, .symlink: return TarItem(member)
        }
    }

    mutating func nextMember() throws -> TarMember? {
        guard position < entries.count else { return nil }
        let (path, node) = entries[position]
        position += 1
        try checkName(path)
        switch node {
        case .directory(let mode):
            return TarMember(path: path, kind: .directory, mode: directoryMode(mode, at: path), mtime: time)
        case .symlink(let target):
            return TarMember(path: path, kind: .symlink(target), mode: 0o777, mtime: time)
        case .content(let content, let mode):
            return TarMember(path: path, kind: .file, mode: mode, size: Int64(content.count), mtime: time)
        case .packageFile(let package, let number):
            let file = packages[package].files[number]
            if let first = firstName(of: path, file, package) {
                return TarMember(path: path, kind: .hardLink(first), mode: file.mode, mtime: time)
            }
            guard file.digest != nil else { throw changed(position - 1) }
            return TarMember(path: path, kind: .file, mode: file.mode, size: Int64(file.size), mtime: time)
        }
    }

    /// To whoever unpacks layers a name that begins so is no file: it says that another one is gone.
    /// SPEC: OCI image-spec 1.1, layer.md, "Whiteouts".
    private func checkName(_ path: [UInt8]) throws(ServiceError) {
        guard case .layer = rules else { return }
        let name = path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...]
        guard !name.starts(with: ".wh.".utf8) else {
            throw ServiceError(
                .invalid, "'\(MemberPath.text(path))' cannot be in an image: its name begins with .wh.",
                hint: "rename it in the package; a tar can hold it (bio pkg export tar)")
        }
    }

    private var time: Int64 {
        switch rules {
        case .archive(let time): time
        case .layer: LayerRecipe.time
        }
    }

    private func directoryMode(_ mode: UInt32, at path: [UInt8]) -> UInt32 {
        switch rules {
        case .archive: mode
        case .layer(let root): LayerRecipe.directoryMode(mode, at: path, flavourRoot: root)
        }
    }

    /// In a layer: where the file of the package that this one is a further name of lies in the same layer.
    private func firstName(of path: [UInt8], _ file: PackageFile, _ number: Int) -> [UInt8]? {
        guard case .layer = rules, let name = file.firstName else { return nil }
        let prefix = Array(packages[number].prefix.utf8) + [0x2F]
        // Copies elsewhere are files of their own.
        guard path == prefix + file.path else { return nil }
        let first = prefix + name
        guard let place = index(of: first), case .packageFile(number, _) = entries[place].node else { return nil }
        return first
    }

    private func index(of path: [UInt8]) -> Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path.precedes(path) { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].path == path ? low : nil
    }

    private mutating func open(_ file: PackageFile, of number: Int) throws(ServiceError) -> FileDescriptor {
        let package = packages[number]
        if let opened, opened.number == number {
            return try bytes.open(file, in: opened.directory, of: package)
        }
        let fresh = OpenPackage(number, try bytes.directory(of: package, for: file))
        opened = fresh
        return try bytes.open(file, in: fresh.directory, of: package)
    }

    var changed: @Sendable (Int) -> any Error {
        { [entries, packages] number in
            guard case .packageFile(let package, let file) = entries[number].node else {
                return ArchiveError.malformed("a file of the tree changed")
            }
            return PackageBytes.changed(packages[package].files[file], packages[package])
        }
    }
}
