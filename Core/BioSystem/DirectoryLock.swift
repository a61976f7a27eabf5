// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A lock (flock) on a directory itself: nothing is left in it, and who holds the lock is alive.
package final class DirectoryLock: Sendable {
    private let descriptor: FileDescriptor

    private static let pollMicroseconds: useconds_t = 20_000

    /// Waits while somebody else holds the lock.
    package init(_ path: String, cancellation: Cancellation) throws(SystemError) {
        descriptor = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        while try !LockFile.tryLock(descriptor, path: path) {
            try cancellation.check("lock", path)
            usleep(Self.pollMicroseconds)
        }
    }
}
