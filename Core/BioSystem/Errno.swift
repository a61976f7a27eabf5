// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// An error number of the C library.
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: CInt

    package init(rawValue: CInt) { self.rawValue = rawValue }

    /// The calling thread's `errno`.
    package static var current: Errno { Errno(rawValue: errno) }

    package static let noSuchFile = Errno(rawValue: ENOENT)
    package static let exists = Errno(rawValue: EEXIST)
    package static let notDirectory = Errno(rawValue: ENOTDIR)
    package static let notEmpty = Errno(rawValue: ENOTEMPTY)
    package static let isDirectory = Errno(rawValue: EISDIR)
    package static let permissionDenied = Errno(rawValue: EACCES)
    package static let invalidArgument = Errno(rawValue: EINVAL)
    package static let noSpace = Errno(rawValue: ENOSPC)
    package static let brokenPipe = Errno(rawValue: EPIPE)
    package static let wouldBlock = Errno(rawValue: EWOULDBLOCK)
    package static let tooManyLinks = Errno(rawValue: ELOOP)
    package static let crossDevice = Errno(rawValue: EXDEV)
    package static let noSuchDevice = Errno(rawValue: ENXIO)
    package static let interrupted = Errno(rawValue: EINTR)
    package static let unsupported = Errno(rawValue: ENOSYS)
    package static let cancelled = Errno(rawValue: ECANCELED)
    package static let busy = Errno(rawValue: EBUSY)

    /// The C library's text in the C locale, as in `No such file or directory`.
    package var description: String {
        guard let text = bio_error_text(rawValue) else { return "error \(rawValue)" }
        return String(cString: text)
    }
}

/// A system call that failed, with what was being done and to what.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The verb, as in `open` or `rename`.
    package let action: String
    package let path: String
    package let errno: Errno

    package init(_ action: String, _ path: String, _ errno: Errno = .current) {
        self.action = action
        self.path = path
        self.errno = errno
    }

    package var description: String { "cannot \(action) '\(path)': \(errno)" }
}
