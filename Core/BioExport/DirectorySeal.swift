// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// Makes a directory that a plugin wrote fit to be an artifact: it holds regular files, directories and links that stay
/// inside, all have plain modes and are on the medium, and its digest tells its content
/// (docs/reference/export-report.md).
struct DirectorySeal: ~Copyable {
    private let name: String
    private let cancellation: Cancellation
    private var hasher = SHA256Hasher()
    private var entries = 0

    static let mostEntries = 1_000_000
    static let mostLevels = 128

    /// `name` is the artifact's path, for errors.
    init(_ name: String, _ cancellation: Cancellation = .never) {
        self.name = name
        self.cancellation = cancellation
    }

    /// Seals everything in the open directory and returns the digest.
    mutating func seal(_ directory: consuming FileDescriptor) throws(ServiceError) -> Digest {
        try walk(directory, [])
        return hasher.finalize()
    }

    /// `path` is that of the directory inside the artifact, in components.
    private mutating func walk(_ directory: borrowing FileDescriptor, _ path: [[UInt8]]) throws(ServiceError) {
        guard path.count < Self.mostLevels else {
            throw ServiceError(.limit, "the directory '\(name)' is more than \(Self.mostLevels) levels deep")
        }
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(directory, path: name) } catch {
            throw ServiceError(.io, "\(error)")
        }
        for entry in names { try seal(entry, in: directory, path + [entry]) }
        do throws(Errno) {
            try directory.setMode(0o755)
            try directory.synchronize()
        } catch { throw failed(path, error) }
    }

    private mutating func seal(
        _ entry: [UInt8], in directory: borrowing FileDescriptor, _ path: [[UInt8]]
    ) throws(ServiceError) {
        entries += 1
        guard entries <= Self.mostEntries else {
            throw ServiceError(.limit, "the directory '\(name)' has more than \(Self.mostEntries) entries")
        }
        var raw = stat()
        guard entry.withCPath({ fstatat(directory.rawValue, $0, &raw, AT_SYMLINK_NOFOLLOW) }) == 0 else {
            throw failed(path, .current)
        }
        switch FileStatus(raw).kind {
        case .directory:
            tell("d 755", path)
            try walk(try open(entry, O_RDONLY | O_DIRECTORY, in: directory, path), path)
        case .file: try sealFile(try open(entry, O_RDONLY | O_NONBLOCK, in: directory, path), path)
        case .symlink:
            let target = try target(of: entry, in: directory, path)
            guard Self.staysInside(target, levels: path.count - 1) else {
                throw ServiceError(
                    .invalid, "the link '\(shown(path))' leads out of the artifact, to '\(MemberPath.text(target))'")
            }
            tell("l 777", path)
            hash(target + [0])
        case .other:
            throw ServiceError(.invalid, "'\(shown(path))' in the artifact is a device, socket or pipe")
        }
    }

    private mutating func sealFile(_ file: consuming FileDescriptor, _ path: [[UInt8]]) throws(ServiceError) {
        let mode: UInt32
        do throws(Errno) {
            let status = try file.status()
            guard status.kind == .file else { throw .invalidArgument }
            mode = status.mode & 0o100 == 0 ? 0o644 : 0o755
            try file.setMode(mode)
            try file.synchronize()
        } catch { throw failed(path, error) }
        let digest: Digest
        do throws(SystemError) { digest = try Digest.sha256(ofFile: file, cancellation: cancellation) } catch {
            if error.errno == .cancelled { throw ServiceError(.cancelled, "the user asked to stop") }
            throw ServiceError(.io, "cannot read '\(shown(path))' of the artifact: \(error)")
        }
        tell("f \(mode == 0o755 ? "755" : "644") \(digest.hex)", path)
    }

    private func open(
        _ entry: [UInt8], _ flags: CInt, in directory: borrowing FileDescriptor, _ path: [[UInt8]]
    ) throws(ServiceError) -> FileDescriptor {
        do throws(SystemError) { return try directory.openBeneath(entry, flags) } catch {
            throw failed(path, error.errno)
        }
    }

    private func target(
        of entry: [UInt8], in directory: borrowing FileDescriptor, _ path: [[UInt8]]
    ) throws(ServiceError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = entry.withCPath { entry in
            buffer.withUnsafeMutableBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    text.baseAddress.map { readlinkat(directory.rawValue, entry, $0, text.count) } ?? -1
                }
            }
        }
        guard count >= 0 else { throw failed(path, .current) }
        return Array(buffer[..<count])
    }

    /// A link in a directory that many levels deep: it may climb first, to the artifact's top at most, and only then
    /// descend. A `..` after a name could climb from wherever that name leads.
    static func staysInside(_ target: [UInt8], levels: Int) -> Bool {
        if target.isEmpty || target.first == 0x2F { return false }
        let components = target.split(separator: 0x2F).filter { $0 != [0x2E] }
        let climbs = components.prefix { $0 == [0x2E, 0x2E] }.count
        return climbs <= levels && !components.dropFirst(climbs).contains([0x2E, 0x2E])
    }

    // MARK: - Digest and errors

    private mutating func tell(_ what: String, _ path: [[UInt8]]) {
        hash(Array("\(what) ".utf8) + Array(path.joined(separator: [0x2F])) + [0])
    }

    private mutating func hash(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hasher.update($0) } }

    private func shown(_ path: [[UInt8]]) -> String {
        "\(name)/" + MemberPath.text(Array(path.joined(separator: [0x2F])))
    }

    private func failed(_ path: [[UInt8]], _ error: Errno) -> ServiceError {
        ServiceError(.io, "cannot take '\(shown(path))' of the artifact: \(error)")
    }
}
