// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioSystem
import Glibc

/// The files of a package that has no receipt, as they lie there now.
enum InstalledTree {
    /// Walks `directory` without following a symbolic link; every regular file is read once, for its digest.
    static func files(in directory: String) throws -> [PackageFile] {
        let root = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var files = [PackageFile(path: [], kind: .directory, mode: try root.status().mode)]
        var names: [[UInt8]: Identity] = [:]
        try walk(root, below: [], shown: directory, into: &files, &names)
        return linked(files.sorted { $0.path.precedes($1.path) }, names)
    }

    /// Which file of the disk several names may be of.
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// Of several names of one file the first by bytes is the file.
    private static func linked(_ files: [PackageFile], _ names: [[UInt8]: Identity]) -> [PackageFile] {
        if names.isEmpty { return files }
        var first: [Identity: [UInt8]] = [:]
        return files.map { file in
            guard let identity = names[file.path] else { return file }
            guard let name = first[identity] else {
                first[identity] = file.path
                return file
            }
            return PackageFile(
                path: file.path, kind: file.kind, mode: file.mode, size: file.size, digest: file.digest,
                firstName: name)
        }
    }

    private static let statusFiles = HookStatusFile.allCases.map { Array($0.rawValue.utf8) }

    private static func walk(
        _ directory: borrowing FileDescriptor, below parent: [UInt8], shown: String, into files: inout [PackageFile],
        _ names: inout [[UInt8]: Identity]
    ) throws {
        for name in try Directory.names(directory, path: shown) {
            // They tell of this system: where the package goes, its hooks have not run.
            if parent.isEmpty && statusFiles.contains(name) { continue }
            let path = parent.isEmpty ? name : parent + [0x2F] + name
            let place = "\(shown)/\(String(decoding: name, as: UTF8.self))"
            var raw = stat()
            guard name.withCPath({ fstatat(directory.rawValue, $0, &raw, AT_SYMLINK_NOFOLLOW) }) == 0 else {
                throw SystemError("look at", place)
            }
            let status = FileStatus(raw)
            switch status.kind {
            case .directory:
                files.append(PackageFile(path: path, kind: .directory, mode: status.mode))
                let child = try directory.openBeneath(name, O_RDONLY | O_DIRECTORY)
                try walk(child, below: path, shown: place, into: &files, &names)
            case .symlink:
                files.append(
                    PackageFile(
                        path: path, kind: .symlink, mode: 0o777,
                        linkTarget: try target(of: name, in: directory, shown: place)))
            case .file:
                if status.linkCount > 1 { names[path] = Identity(device: status.device, inode: status.inode) }
                let file = try directory.openBeneath(name)
                files.append(
                    PackageFile(
                        path: path, kind: .regular, mode: status.mode, size: UInt64(status.size),
                        digest: try Digest.blake2b256(ofFile: file, path: place)))
            case .other: throw ExportError.notExportable(path: place)
            }
        }
    }

    private static func target(
        of name: [UInt8], in directory: borrowing FileDescriptor, shown: String
    ) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            name.withCPath { readlinkat(directory.rawValue, $0, bytes.baseAddress!, bytes.count) }
        }
        guard count > 0, count < buffer.count else { throw SystemError("read the link", shown) }
        return Array(buffer[..<count])
    }
}
