// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

extension FileDescriptor {
    /// Bytes that are copied before cancellation is looked at again.
    private static let step = 16 << 20

    /// Makes the new, empty file `target` a copy of this one, which nobody has read from: its blocks are shared where the
    /// file system can, otherwise the kernel copies, otherwise this process. `path` names the target in errors.
    package func copyContents(
        to target: borrowing FileDescriptor, path: String, cancellation: Cancellation = .never
    ) throws(SystemError) {
        if bio_clone(rawValue, target.rawValue) == 0 { return }
        while true {
            try cancellation.check("copy to", path)
            let count = bio_copy_range(rawValue, target.rawValue, Self.step)
            if count < 0 {
                let error = Errno.current
                guard Self.kernelCannot.contains(error.rawValue) else { throw SystemError("copy to", path, error) }
                break
            }
            // The end; or a file whose contents the kernel makes up, which has no size to go by.
            if count == 0 { break }
        }
        try copyAll(to: target, path: path, cancellation: cancellation)
    }

    /// Two file systems, one that has no such call, or a file that was opened in a way which it does not like.
    private static let kernelCannot: Set<CInt> = [EXDEV, EINVAL, EOPNOTSUPP, ENOSYS, EPERM, EBADF, ETXTBSY]
}
