// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Making entries in an open directory. Names are bytes of one component without `/` or NUL; none follows a symbolic
/// link and none replaces what is there (`EEXIST`).
extension FileDescriptor {
    /// A new file, open for writing.
    package func makeFile(_ name: [UInt8], mode: UInt32) throws(Errno) -> FileDescriptor {
        let fd = name.withCPath { bio_openat(rawValue, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode) }
        guard fd >= 0 else { throw .current }
        return FileDescriptor(owning: fd)
    }

    package func makeDirectory(_ name: [UInt8], mode: UInt32) throws(Errno) {
        guard name.withCPath({ mkdirat(rawValue, $0, mode) }) == 0 else { throw .current }
    }

    package func makeSymlink(_ name: [UInt8], to target: [UInt8]) throws(Errno) {
        let result = target.withCPath { target in name.withCPath { symlinkat(target, rawValue, $0) } }
        guard result == 0 else { throw .current }
    }

    /// Where the symbolic link `name` points.
    package func linkTarget(of name: [UInt8]) throws(Errno) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = target.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return name.withCPath { readlinkat(rawValue, $0, start, buffer.count) }
        }
        guard count >= 0 else { throw .current }
        return Array(target[..<count])
    }

    /// A second name for the file `existing` of `directory`, which is linked itself even when it is a symbolic link.
    package func makeLink(
        _ name: [UInt8], to existing: [UInt8], in directory: borrowing FileDescriptor
    ) throws(Errno) {
        let from = directory.rawValue
        let result = existing.withCPath { existing in name.withCPath { linkat(from, existing, rawValue, $0, 0) } }
        guard result == 0 else { throw .current }
    }

    /// Sets both times of the open file, in whole seconds since 1970.
    package func setModified(_ seconds: Int64) throws(Errno) {
        let times = Self.times(seconds)
        guard futimens(rawValue, times) == 0 else { throw .current }
    }

    /// Sets both times of the entry `name` itself.
    package func setModified(of name: [UInt8], _ seconds: Int64) throws(Errno) {
        let times = Self.times(seconds)
        guard name.withCPath({ utimensat(rawValue, $0, times, AT_SYMLINK_NOFOLLOW) }) == 0 else { throw .current }
    }

    private static func times(_ seconds: Int64) -> [timespec] {
        [timespec](repeating: timespec(tv_sec: Int(seconds), tv_nsec: 0), count: 2)
    }
}
