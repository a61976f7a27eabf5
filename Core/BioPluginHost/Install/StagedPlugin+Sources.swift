// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto
import BioHart
import BioPackage
package import BioSystem
import Glibc

/// The three things that a plugin comes in. Each may be hostile.
extension StagedPlugin {
    /// A directory with `plugin.toml`, an archive of one, or the artifact of a package that holds one.
    package static func unpack(
        _ path: String, named source: String, in place: String, keys: KeyRing, temporaryDirectory: String,
        cancellation: Cancellation
    ) throws -> StagedPlugin {
        let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        let kind: FileStatus.Kind
        do throws(Errno) { kind = try file.status().kind } catch { throw SystemError("look at", path, error) }
        switch kind {
        case .directory: return try StagedPlugin(directory: path, named: source, in: place, cancellation)
        case .file: break
        case .symlink, .other: throw PluginInstallError.noPlugin(source: source)
        }
        var start = [UInt8](repeating: 0, count: 7)
        _ = pread(file.rawValue, &start, start.count, 0)
        guard Flavour.readableMagics.contains(where: { start.elementsEqual("\($0)\n".utf8) }) else {
            return try StagedPlugin(archive: file, path, named: source, in: place, cancellation)
        }
        return try StagedPlugin(
            artifact: path, named: source, in: place, keys: keys, temporaryDirectory: temporaryDirectory, cancellation)
    }

    private init(directory: String, named source: String, in place: String, _ cancellation: Cancellation) throws {
        var stage = try PluginStage(in: place, source: source)
        let files = PluginFiles(directory)
        do {
            try files.visit { path, file, isExecutable in
                try cancellation.check("copy", path)
                try stage.add(Array(path.utf8), isExecutable: isExecutable) { try files.block(of: file, path) }
            }
        } catch let error as PluginFiles.Stranger { throw stage.stranger(error.path, error.why) }
        for name in [PluginFileList.fileName, PluginSignature.fileName] {
            guard let bytes = try PluginEvidenceReader.bytes(name, in: directory) else { continue }
            try stage.add(name, bytes)
        }
        try self.init(stage, source: source)
    }

    private init(
        archive file: borrowing FileDescriptor, _ path: String, named source: String, in place: String,
        _ cancellation: Cancellation
    ) throws {
        var stage = try PluginStage(in: place, source: source)
        let limits = PayloadReader.Limits(
            totalBytes: PluginFileList.mostBytes, members: 3 * Int64(PluginFileList.mostFiles))
        var reader = try PayloadReader(
            try FileSource(file, path: path, cancellation: cancellation), limits: limits, skipsTop: true,
            cancellation: cancellation)
        while let member = try reader.next() {
            switch member.kind {
            case .directory: continue
            case .file:
                try stage.add(member.path, isExecutable: member.mode & 0o111 != 0) { try reader.nextBlock() }
            case .symlink, .hardLink:
                throw stage.stranger(String(decoding: member.path, as: UTF8.self), "is a \(member.kind.noun)")
            }
        }
        try self.init(stage, source: source)
    }

    /// Of a package whatever lies in `lib/bio/plugins`; the rest is not looked at.
    private init(
        artifact path: String, named source: String, in place: String, keys: KeyRing, temporaryDirectory: String,
        _ cancellation: Cancellation
    ) throws {
        // Verified and then read: of a file that nobody else writes to, both are of the same bytes.
        let copies = try LockedDirectory.ofPlugins(in: temporaryDirectory)
        defer { withExtendedLifetime(copies) {} }
        let name = path.split(separator: "/").last.map { String($0) } ?? "artifact.hart"
        let copy = "\(copies.path)/\(name)"
        do {
            let target = try FileDescriptor.open(copy, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK).copyAll(
                to: target, path: copy, cancellation: cancellation)
        }
        let artifact = try HartArchive.open(copy, cancellation: cancellation)
        let verified = try artifact.verify(keys: keys)
        var stage = try PluginStage(in: place, source: source)
        var contents = try artifact.contents(limits: .verified)
        var layout = PayloadLayout(path: source)
        let prefix = Array("lib/bio/plugins/".utf8)
        while let (member, place) = try contents.next() {
            _ = try layout.place(member)
            guard case .inside(let relative) = place, relative.starts(with: prefix), relative.count > prefix.count,
                member.kind != .directory
            else { continue }
            let own = Array(relative.dropFirst(prefix.count))
            guard member.kind == .file else {
                throw stage.stranger(String(decoding: own, as: UTF8.self), "is a \(member.kind.noun)")
            }
            try stage.add(own, isExecutable: member.mode & 0o111 != 0) { try contents.nextBlock() }
        }
        let ident = try layout.finish()
        try verified.checkSigner(of: ident, path: source)
        let key = try keys.publicKey(verified.signer)
        try self.init(stage, source: source, package: VouchedPackage(ident: "\(ident)", key: key))
    }
}

extension PluginStage {
    /// A file that has been read.
    fileprivate mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        var rest: [UInt8]? = bytes
        // The bytes must outlive the call that writes them.
        try bytes.withUnsafeBytes { all in
            try add(Array(name.utf8), isExecutable: false) {
                defer { rest = nil }
                return rest == nil || all.isEmpty ? nil : all
            }
        }
    }
}
