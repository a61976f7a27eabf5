// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Synchronization

/// Directories that outlive the test that makes them.
enum TestDirectory {
    /// An empty one; whoever it is for removes it.
    static func make(_ name: String) throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return try TemporaryDirectory(in: parent, prefix: "bio-\(name)-").keep()
    }

    static func removeAtExit(_ path: String) {
        let first = paths.withLock { paths in
            paths.append(path)
            return paths.count == 1
        }
        if first { atexit { TestDirectory.removeAll() } }
    }

    private static func removeAll() {
        for path in paths.withLock({ $0 }) { try? Directory.remove(path) }
    }

    private static let paths: Mutex<[String]> = Mutex([])
}
