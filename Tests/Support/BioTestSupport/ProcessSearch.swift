// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Looks for processes that should be gone.
package enum ProcessSearch {
    /// The processes, this one aside, that have the file `path` mapped, such as a plugin's library.
    package static func mapping(_ path: String) throws -> [Int32] {
        try Directory.names("/proc").compactMap { name in
            guard let pid = Int32(String(decoding: name, as: UTF8.self)), pid != getpid() else { return nil }
            // One that ended meanwhile, or belongs to somebody else, is none of ours.
            guard let maps = try? FileDescriptor.open("/proc/\(pid)/maps").readToEnd(limit: 1 << 24) else { return nil }
            return String(decoding: maps, as: UTF8.self).contains(path) ? pid : nil
        }
    }

    /// Waits until no process maps `path`, at most ten seconds: whether that came true.
    package static func isGone(_ path: String) throws -> Bool {
        for _ in 0..<200 {
            if try mapping(path).isEmpty { return true }
            usleep(50_000)
        }
        return false
    }
}
