// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// A directory for one test, gone when the test ends.
package struct Scratch: ~Copyable {
    private let directory: TemporaryDirectory

    package init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        directory = try TemporaryDirectory(in: parent, prefix: "bio-test-")
    }

    package var path: String { directory.path }

    package func file(_ name: String) -> String { directory.path + "/" + name }

    /// Writes `bytes` to the file `name` and returns its path.
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = file(name)
        try AtomicFile.write(bytes, to: path)
        return path
    }
}

/// The whole of a small file.
package func contents(of path: String) throws -> [UInt8] {
    try FileDescriptor.open(path).readToEnd(limit: 1 << 30)
}
