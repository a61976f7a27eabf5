// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

extension AtomicFile {
    private static let suffixLength = 6

    /// Removes what killed processes of this user left in `directory` under a name of `prefix` and six letters or
    /// digits: files that nobody holds locked. It is no reason to fail when that does not go.
    static func removeAbandoned(in directory: String, prefix: String) {
        // Of a directory at the top nothing is left before the slash.
        let directory = directory.isEmpty ? "/" : directory
        let start = Array(prefix.utf8)
        for name in (try? Directory.names(directory)) ?? [] where name.starts(with: start) {
            let suffix = name.dropFirst(start.count)
            guard suffix.count == suffixLength, suffix.allSatisfy(isLetterOrDigit) else { continue }
            try? removeIfAbandoned("\(directory)/\(String(decoding: name, as: UTF8.self))")
        }
    }

    private static func removeIfAbandoned(_ path: String) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let status: FileStatus
        do throws(Errno) { status = try file.status() } catch { throw SystemError("look at", path, error) }
        guard status.kind == .file, status.owner == geteuid(), try LockFile.tryLock(file, path: path),
            try LockFile.isNamed(file, path)
        else { return }
        unlink(path)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
