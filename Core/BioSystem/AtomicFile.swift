// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A file that appears under its name whole or not at all: written, synchronised once, named.
///
/// Where the file system knows files without a name it has none before, but for the moment in which it replaces another
/// one. Elsewhere it is written beside its place. That name is `.bio-draft-` and sixteen random letters and digits, so
/// that nobody else's file is taken for one, and the file is locked (flock) as long as it has it: what a kill leaves can
/// be told, and the next file that needs such a name there removes it.
package struct AtomicFile: ~Copyable, Sendable {
    package let path: String
    package let descriptor: FileDescriptor
    /// Where `path` is; no closing slash.
    private let directory: String
    /// The name it has until `commit`; nil when it has none.
    private var temporary: String?

    private static let attempts = 100

    /// Starts a file that will become `path`; its directory must exist. Readable by nobody else until `commit`.
    package init(_ path: String) throws(SystemError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "" : String(path[..<$0]) } ?? "."
        self.directory = directory
        let unnamed = bio_open_unnamed(directory.isEmpty ? "/" : directory)
        if unnamed >= 0 {
            descriptor = FileDescriptor(owning: unnamed)
            temporary = nil
            return
        }
        Self.removeAbandoned(in: directory)
        var name = ""
        descriptor = try Self.makeNamed(in: directory, path: path, name: &name)
        temporary = name
    }

    private static func makeNamed(
        in directory: String, path: String, name: inout String
    ) throws(SystemError) -> FileDescriptor {
        for _ in 0..<attempts {
            name = "\(directory)/\(draftName())"
            let fd = bio_open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            if fd < 0 {
                if errno == EEXIST { continue }
                throw SystemError("create", path)
            }
            let file = FileDescriptor(owning: fd)
            // A file system without locks can have none that are abandoned either, as nobody can tell.
            _ = bio_flock(file.rawValue, 1, 0)
            // Before it was locked somebody may have taken it for abandoned, and removed it.
            if try LockFile.isNamed(file, name) { return file }
        }
        throw SystemError("create", path, .wouldBlock)
    }

    deinit { if let temporary { unlink(temporary) } }

    /// Gives the file its mode and its name. With `replacing` false an existing file makes it fail with EEXIST. Only what
    /// can be made again, and tells by itself whether it is whole, need not be put on the medium first.
    package consuming func commit(
        mode: UInt32 = 0o644, replacing: Bool = true, synchronizing: Bool = true
    ) throws(SystemError) {
        do throws(Errno) {
            try descriptor.setMode(mode)
            if synchronizing { try descriptor.synchronize() }
        } catch { throw SystemError("write", path, error) }
        if temporary == nil {
            if bio_name(descriptor.rawValue, path) == 0 { return }
            guard replacing, errno == EEXIST else { throw SystemError("create", path) }
            try nameBeside()
        }
        guard let temporary else { return }
        if replacing {
            guard rename(temporary, path) == 0 else { throw SystemError("rename into", path) }
        } else {
            guard link(temporary, path) == 0 else { throw SystemError("create", path) }
        }
        // Success or not, what is left under the temporary name goes with `self`.
    }

    /// Only a name can replace another one.
    private mutating func nameBeside() throws(SystemError) {
        Self.removeAbandoned(in: directory)
        _ = bio_flock(descriptor.rawValue, 1, 0)
        for _ in 0..<Self.attempts {
            let name = "\(directory)/\(Self.draftName())"
            if bio_name(descriptor.rawValue, name) == 0 {
                temporary = name
                return
            }
            if errno != EEXIST { break }
        }
        throw SystemError("create", path)
    }

    /// Writes `bytes` to `path` in one go.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, replacing: Bool = true, synchronizing: Bool = true
    ) throws(SystemError) {
        let file = try AtomicFile(path)
        do throws(Errno) { try file.descriptor.writeAll(bytes) } catch { throw SystemError("write", path, error) }
        try file.commit(mode: mode, replacing: replacing, synchronizing: synchronizing)
    }
}
