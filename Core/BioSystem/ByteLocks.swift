// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Any number of locks in one open file: one for each byte, whether the file has that byte or not, so that their number
/// does not run into the limit of open files. They belong to this object (OFD locks), not to the process, and go with it;
/// the kernel takes those of a killed process away.
///
/// The file has mode 0600, so that only its owner can take them.
package final class ByteLocks: Sendable {
    package enum Kind: CInt, Sendable { case shared = 1, exclusive = 2 }

    package let path: String
    private let descriptor: FileDescriptor

    /// Opens the file `path`, which is made when missing and stays.
    package init(_ path: String) throws(SystemError) {
        self.path = path
        descriptor = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
    }

    /// Locks the byte at `offset` (from 0), or changes the kind of a lock that is held. False when somebody else has it;
    /// what was held stays then. ENOLCK, EINVAL, ENOSYS and EOPNOTSUPP say that the file system knows no such locks.
    package func tryLock(_ offset: Int64, _ kind: Kind) throws(SystemError) -> Bool {
        if bio_lock_byte(descriptor.rawValue, offset, kind.rawValue) == 0 { return true }
        let error = Errno.current
        if error == .wouldBlock || error == .permissionDenied { return false }
        throw SystemError("lock", path, error)
    }

    /// Gives the lock up. One that is not held is fine.
    package func unlock(_ offset: Int64) { _ = bio_lock_byte(descriptor.rawValue, offset, 0) }
}
