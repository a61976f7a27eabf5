// SPDX-License-Identifier: Apache-2.0

import Glibc

extension SystemError {
    /// The next step where the error number suggests one.
    package var hint: String? {
        switch errno.rawValue {
        case EACCES, EPERM: "run as a user who may, or name another place (FS_ROOT for packages)"
        case EROFS: "mount it writable, or name another place (FS_ROOT for packages)"
        case ENOSPC: "free some space there and try again"
        case EDQUOT: "free some of what you store there, or ask for a larger quota"
        case EFBIG: "raise the limit of file sizes (ulimit -f) and try again"
        case EMFILE: "raise the limit of open files (ulimit -n 256) and try again"
        case ENFILE: "end some programs: the system has too many open files"
        case ENOMEM, EAGAIN: "end some programs, or raise the limits (ulimit -a), and try again"
        case ELIBACC: "install the libraries (Debian: libarchive13 liblzma5), or raise the limit of memory (ulimit -v)"
        case ENAMETOOLONG: "name a place with a shorter path (FS_ROOT for packages)"
        case EXDEV:
            "both places must be on one file system; what is in a lower layer of an overlay is changed where that is made"
        case EIO: "the medium may be failing: look at the system's log (dmesg)"
        default: nil
        }
    }

    /// Whether the machine, or what it allows this process, ran out of something: not what was looked at is at fault.
    package var meansExhaustion: Bool { [EMFILE, ENFILE, ENOMEM].contains(errno.rawValue) }
}
