// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory with a random name that goes, with all in it, when this value ends.
package struct TemporaryDirectory: ~Copyable, Sendable {
    package let path: String
    private var present = true

    /// Makes `parent/prefixXXXXXX` with mode 0700. The parent must be there.
    package init(in parent: String, prefix: String) throws(SystemError) {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("create a temporary directory in", parent) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit { if present { try? Directory.remove(path) } }

    /// Leaves the directory where it is; the caller removes it.
    package consuming func keep() -> String {
        present = false
        return path
    }

    /// Removes the directory now and reports what fails.
    package consuming func remove() throws(SystemError) {
        present = false
        try Directory.remove(path)
    }
}
