// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A file that appears under its name whole or not at all: written, synchronised once, named.
///
/// One that replaces nothing has no name before, where the file system knows such files, and a kill leaves nothing of
/// it. Otherwise it is written beside its place as `.bio-XXXXXX`, and a kill leaves that.
package struct AtomicFile: ~Copyable, Sendable {
    package let path: String
    package let descriptor: FileDescriptor
    /// Beside the file's place; nil when there is none.
    private let temporary: String?
    private let replacing: Bool

    /// Starts a file that will become `path`; its directory must exist. Readable by nobody else until `commit`. With
    /// `replacing` false an existing file makes that fail with EEXIST.
    package init(_ path: String, prefix: String = ".bio-", replacing: Bool = true) throws(SystemError) {
        self.path = path
        self.replacing = replacing
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let unnamed = replacing ? -1 : bio_open_unnamed(directory)
        if unnamed >= 0 {
            descriptor = FileDescriptor(owning: unnamed)
            temporary = nil
            return
        }
        var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
        let fd = bio_mkstemp(&template)
        guard fd >= 0 else { throw SystemError("create", path) }
        temporary = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        descriptor = FileDescriptor(owning: fd)
    }

    deinit { if let temporary { unlink(temporary) } }

    /// Gives the file its mode and its name.
    package consuming func commit(mode: UInt32 = 0o644) throws(SystemError) {
        do throws(Errno) {
            try descriptor.setMode(mode)
            try descriptor.synchronize()
        } catch { throw SystemError("write", path, error) }
        if let temporary {
            if replacing {
                guard rename(temporary, path) == 0 else { throw SystemError("rename into", path) }
            } else {
                guard link(temporary, path) == 0 else { throw SystemError("create", path) }
            }
        } else {
            guard bio_name(descriptor.rawValue, path) == 0 else { throw SystemError("create", path) }
        }
        // Success or not, what is left under the temporary name goes with `self`.
    }

    /// Writes `bytes` to `path` in one go.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, replacing: Bool = true
    ) throws(SystemError) {
        let file = try AtomicFile(path, replacing: replacing)
        do throws(Errno) { try file.descriptor.writeAll(bytes) } catch { throw SystemError("write", path, error) }
        try file.commit(mode: mode)
    }
}
