// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Directories as whole things: made with parents, listed, removed.
package enum Directory {
    /// Makes `path` and every missing parent. A directory that is there already is fine.
    package static func create(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        if mkdir(path, mode) == 0 { return }
        let error = Errno.current
        if error == .exists {
            if try FileStatus.of(path)?.kind == .directory { return }
            throw SystemError("create directory", path, .exists)
        }
        guard error == .noSuchFile, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw SystemError("create directory", path, error)
        }
        try create(String(path[..<slash]), mode: mode)
        if mkdir(path, mode) != 0 && errno != EEXIST { throw SystemError("create directory", path) }
    }

    /// The entry names of `path`, `.` and `..` left out, in byte order. Names are bytes: they need not be UTF-8.
    package static func names(_ path: String) throws(SystemError) -> [[UInt8]] {
        let fd = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        return try names(fd, path: path)
    }

    /// The same of an open directory; `path` is for the error only.
    package static func names(_ directory: borrowing FileDescriptor, path: String) throws(SystemError) -> [[UInt8]] {
        // fdopendir takes the descriptor over and shares its position, so it gets a fresh one.
        let own = try directory.openAt(".", O_RDONLY | O_DIRECTORY)
        let raw = own.release()
        guard let stream = fdopendir(raw) else {
            let error = Errno.current
            _ = Glibc.close(raw)
            throw SystemError("list", path, error)
        }
        defer { closedir(stream) }
        var found: [[UInt8]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                    Array(UnsafeBufferPointer(start: start, count: strlen(start)))
                }
            }
            if name != [0x2E] && name != [0x2E, 0x2E] { found.append(name) }
            errno = 0
        }
        if errno != 0 { throw SystemError("list", path) }
        return found.sorted { $0.precedes($1) }
    }

    /// Removes `path` and everything below it, never following a symbolic link. Nothing there is fine.
    package static func remove(_ path: String) throws(SystemError) {
        guard let status = try FileStatus.ofLink(path) else { return }
        guard status.kind == .directory else {
            if unlink(path) != 0 && errno != ENOENT { throw SystemError("remove", path) }
            return
        }
        do throws(SystemError) {
            try empty(try openToEmpty(path), path: path)
        } catch  where error.errno == .noSuchFile {
            return  // somebody else was quicker
        }
        if rmdir(path) != 0 && errno != ENOENT { throw SystemError("remove", path) }
    }

    /// What its owner made unreadable its owner may still remove.
    private static func openToEmpty(_ path: String) throws(SystemError) -> FileDescriptor {
        do throws(SystemError) { return try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) } catch {
            guard error.errno == .permissionDenied, chmod(path, 0o700) == 0 else { throw error }
            return try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        }
    }

    private static func empty(_ directory: borrowing FileDescriptor, path: String) throws(SystemError) {
        // Packages may hold read-only directories; who owns them may still empty them.
        _ = fchmod(directory.rawValue, 0o700)
        for name in try names(directory, path: path) {
            let failure = name.withCPath { entry -> SystemError? in
                if unlinkat(directory.rawValue, entry, 0) == 0 || errno == ENOENT { return nil }
                let error = Errno.current
                guard error == .isDirectory || error.rawValue == EPERM else {
                    return SystemError("remove", path + "/" + String(decoding: name, as: UTF8.self), error)
                }
                // By its bytes: as a String a name that is not UTF-8 would be another name.
                let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
                var opened = bio_openat(directory.rawValue, entry, flags, 0)
                if opened < 0 && errno == EACCES && fchmodat(directory.rawValue, entry, 0o700, 0) == 0 {
                    opened = bio_openat(directory.rawValue, entry, flags, 0)
                }
                guard opened >= 0 else {
                    if errno == ENOENT { return nil }  // somebody else was quicker
                    return SystemError("remove", path + "/" + String(decoding: name, as: UTF8.self))
                }
                let child = FileDescriptor(owning: opened)
                do throws(SystemError) {
                    try empty(child, path: path + "/" + String(decoding: name, as: UTF8.self))
                } catch { return error }
                if unlinkat(directory.rawValue, entry, AT_REMOVEDIR) == 0 || errno == ENOENT { return nil }
                return SystemError("remove", path + "/" + String(decoding: name, as: UTF8.self))
            }
            if let failure { throw failure }
        }
    }

    /// Puts the directory's entries on the medium, so that a rename into it survives a power cut.
    package static func synchronize(_ path: String) throws(SystemError) {
        let fd = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        do throws(Errno) { try fd.synchronize() } catch { throw SystemError("synchronise", path, error) }
    }
}
