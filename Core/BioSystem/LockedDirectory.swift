// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A temporary directory that is locked (flock) for as long as its process lives. It goes, with all in it, when this
/// object goes; after a kill it stays, and can be told from one in use: it can be locked by somebody else.
package final class LockedDirectory: Sendable {
    package let path: String
    /// The open directory, which holds the lock.
    package let descriptor: FileDescriptor

    private static let attempts = 16

    /// Makes `parent/prefixXXXXXX` with mode 0700; nil when the parent is not there.
    package init?(in parent: String, prefix: String) throws(SystemError) {
        for _ in 0..<Self.attempts {
            let directory: TemporaryDirectory
            do throws(SystemError) { directory = try TemporaryDirectory(in: parent, prefix: prefix) } catch {
                if error.errno == .noSuchFile { return nil }
                throw error
            }
            // Between making and locking it somebody may have taken it for an abandoned one, and removed it.
            guard let locked = try Self.lock(directory.path) else { continue }
            path = directory.keep()
            descriptor = locked
            return
        }
        throw SystemError("create a temporary directory in", parent, .wouldBlock)
    }

    deinit { try? Directory.remove(path) }

    /// Removes what killed processes left in `parent` under names that begin with `prefix`, and returns their paths.
    /// Those that are in use, or belong to others, are let be.
    @discardableResult
    package static func removeAbandoned(in parent: String, prefix: String) throws(SystemError) -> [String] {
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(parent) } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            throw error
        }
        var removed: [String] = []
        let start = Array(prefix.utf8)
        for name in names where name.starts(with: start) {
            let path = parent + "/" + String(decoding: name, as: UTF8.self)
            // Held until the directory is gone, so that of two cleaners one removes it.
            guard let descriptor = try lock(path), try isOwn(descriptor, path) else { continue }
            try Directory.remove(path)
            _ = consume descriptor
            removed.append(path)
        }
        return removed
    }

    /// What another user left cannot be removed in a shared directory, or is not ours to remove.
    private static func isOwn(_ directory: borrowing FileDescriptor, _ path: String) throws(SystemError) -> Bool {
        do throws(Errno) { return try directory.status().owner == geteuid() } catch {
            throw SystemError("look at", path, error)
        }
    }

    /// The open, locked directory; nil when it is locked by somebody else, somebody else's, or not there any more.
    private static func lock(_ path: String) throws(SystemError) -> FileDescriptor? {
        do throws(SystemError) {
            let descriptor = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            guard try LockFile.tryLock(descriptor, path: path), try LockFile.isNamed(descriptor, path) else {
                return nil
            }
            return descriptor
        } catch {
            let notOurs: [Errno] = [.noSuchFile, .notDirectory, .tooManyLinks, .permissionDenied]
            if notOurs.contains(error.errno) { return nil }
            throw error
        }
    }
}
