// SPDX-License-Identifier: Apache-2.0

import CSystem
package import Glibc

/// What stat(2) tells of a file, as far as packages care.
package struct FileStatus: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case file, directory, symlink, other }

    package let kind: Kind
    /// Permission, set-id and sticky bits (07777).
    package let mode: UInt32
    /// Bytes; of a symbolic link, the length of its target.
    package let size: Int64
    package let device: UInt64
    package let inode: UInt64
    package let linkCount: UInt64
    package let owner: UInt32
    package let group: UInt32
    /// Last change of the data, whole seconds.
    package let modified: Int64

    package init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symlink
        default: kind = .other
        }
        mode = UInt32(raw.st_mode) & 0o7777
        size = Int64(raw.st_size)
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        linkCount = UInt64(raw.st_nlink)
        owner = raw.st_uid
        group = raw.st_gid
        modified = Int64(raw.st_mtim.tv_sec)
    }

    /// The status of `path`, symbolic links followed; nil when nothing is there.
    package static func of(_ path: String) throws(SystemError) -> FileStatus? { try read(path) { stat($0, $1) } }

    /// The status of `path` itself, symbolic links not followed at the end; nil when nothing is there.
    package static func ofLink(_ path: String) throws(SystemError) -> FileStatus? { try read(path) { lstat($0, $1) } }

    private static func read(
        _ path: String, _ call: (UnsafePointer<CChar>, UnsafeMutablePointer<stat>) -> CInt
    ) throws(SystemError) -> FileStatus? {
        var raw = stat()
        if call(path, &raw) == 0 { return FileStatus(raw) }
        let error = Errno.current
        if error == .noSuchFile || error == .notDirectory { return nil }
        throw SystemError("look at", path, error)
    }
}
