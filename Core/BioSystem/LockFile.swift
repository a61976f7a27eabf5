// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc
import Synchronization

/// A locked file (flock): who holds the lock is alive. Mode 0600, so that only the file's owner can take it: anybody
/// who may open a file, for reading even, could lock it for ever.
package final class LockFile: Sendable {
    package let path: String
    private let descriptor: FileDescriptor
    private let isTemporary: Bool
    private let stays = Atomic(false)

    private static let attempts = 16
    private static let pollMicroseconds: useconds_t = 20_000
    /// Whoever waits longer is told so: a second.
    private static let patience = 50

    /// Makes the file `prefixXXXXXX` in `directory` and locks it. It goes with this object; what a kill leaves can be
    /// told by `removeAbandoned`.
    package init(in directory: String, prefix: String) throws(SystemError) {
        for _ in 0..<Self.attempts {
            var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
            let fd = bio_mkstemp(&template)
            guard fd >= 0 else { throw SystemError("create a file in", directory) }
            let made = FileDescriptor(owning: fd)
            let name = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            // Before it is locked somebody may take it for abandoned, and remove it.
            guard try Self.tryLock(made, path: name), try Self.isNamed(made, name) else { continue }
            path = name
            descriptor = made
            isTemporary = true
            return
        }
        throw SystemError("lock a file in", directory, .wouldBlock)
    }

    /// Locks the file `path`, which is made when missing and stays. Waits while somebody else holds it; `waiting` is
    /// called once when that takes longer than a second.
    package init(_ path: String, cancellation: Cancellation, waiting: () -> Void = {}) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
        var rounds = 0
        while try !Self.tryLock(file, path: path) {
            try cancellation.check("lock", path)
            if rounds == Self.patience { waiting() }
            rounds += 1
            usleep(Self.pollMicroseconds)
        }
        self.path = path
        descriptor = file
        isTemporary = false
    }

    deinit { if isTemporary && !stays.load(ordering: .relaxed) { unlink(path) } }

    /// Lets a temporary file stay when this object goes, as a kill would: somebody else has to look after what it is
    /// about.
    package func abandon() { stays.store(true, ordering: .relaxed) }

    /// Writes `bytes` to the end of the file.
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        do throws(Errno) { try descriptor.writeAll(bytes) } catch { throw SystemError("write", path, error) }
    }

    /// Whether nobody holds the lock `path`; the file is gone then. One that belongs to somebody else counts as held.
    /// `cleanUp` gets the file before it goes, still locked; what it throws lets the file stay.
    package static func removeAbandoned(
        _ path: String, cleanUp: (borrowing FileDescriptor) throws(SystemError) -> Void = { _ in }
    ) throws(SystemError) -> Bool {
        let file: FileDescriptor
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK) } catch {
            if error.errno == .noSuchFile { return true }
            if error.errno == .permissionDenied { return false }
            throw error
        }
        guard try tryLock(file, path: path) else { return false }
        guard try isNamed(file, path) else { return true }
        try cleanUp(file)
        // Held until it is gone: its maker, if there is one yet, then makes another.
        unlink(path)
        _ = consume file
        return true
    }

    /// False when somebody else holds the lock. Other failures, as of file systems without locks, are errors.
    static func tryLock(_ file: borrowing FileDescriptor, path: String) throws(SystemError) -> Bool {
        if bio_flock(file.rawValue, 1, 0) == 0 { return true }
        if Errno.current == .wouldBlock { return false }
        throw SystemError("lock", path)
    }

    /// Whether the open file is what `path` names.
    static func isNamed(_ file: borrowing FileDescriptor, _ path: String) throws(SystemError) -> Bool {
        guard let named = try FileStatus.ofLink(path) else { return false }
        let opened: FileStatus
        do throws(Errno) { opened = try file.status() } catch { throw SystemError("look at", path, error) }
        return opened.device == named.device && opened.inode == named.inode
    }
}
