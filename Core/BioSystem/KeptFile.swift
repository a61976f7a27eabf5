// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A file whose name another one is about to take, and that can take it back. Until this object goes it lies beside its
/// place, under a name like those of `AtomicFile`: locked, so that what a kill leaves can be told and is removed.
package final class KeptFile {
    private let path: String
    private let name: String
    private let descriptor: FileDescriptor

    /// Nil when it cannot be kept: it is not there or not readable, or its file system knows no second names.
    package init?(_ path: String) {
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else { return nil }
        _ = bio_flock(file.rawValue, 1, 0)
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let name = directory + AtomicFile.draftName()
        guard link(path, name) == 0 else { return nil }
        self.path = path
        self.name = name
        descriptor = file
    }

    deinit { unlink(name) }

    /// Puts it back into its place, over what is there.
    package func restore() throws(SystemError) {
        guard rename(name, path) == 0 else { throw SystemError("rename into", path) }
    }
}
