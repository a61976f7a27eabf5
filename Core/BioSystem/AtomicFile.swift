// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A file that appears under its name whole or not at all: written beside it, synchronised once, renamed.
package struct AtomicFile: ~Copyable, Sendable {
    package let path: String
    private let temporary: String
    package let descriptor: FileDescriptor

    /// Starts a file that will become `path`; its directory must exist. Readable by nobody else until `commit`.
    package init(_ path: String, prefix: String = ".bio-") throws(SystemError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
        let fd = bio_mkstemp(&template)
        guard fd >= 0 else { throw SystemError("create", path) }
        temporary = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        descriptor = FileDescriptor(owning: fd)
    }

    deinit { _ = unlink(temporary) }

    /// Gives the file its mode and its name. With `replacing` false an existing file makes it fail with EEXIST.
    package consuming func commit(mode: UInt32 = 0o644, replacing: Bool = true) throws(SystemError) {
        do throws(Errno) {
            try descriptor.setMode(mode)
            try descriptor.synchronize()
        } catch { throw SystemError("write", path, error) }
        if replacing {
            guard rename(temporary, path) == 0 else { throw SystemError("rename into", path) }
        } else {
            guard link(temporary, path) == 0 else { throw SystemError("create", path) }
        }
        // Success or not, what is left under the temporary name goes with `self`.
    }

    /// Writes `bytes` to `path` in one go.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, replacing: Bool = true
    ) throws(SystemError) {
        let file = try AtomicFile(path)
        do throws(Errno) { try file.descriptor.writeAll(bytes) } catch { throw SystemError("write", path, error) }
        try file.commit(mode: mode, replacing: replacing)
    }
}
