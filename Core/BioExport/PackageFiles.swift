// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The entries of an installed package, by path bytes; the first, with the empty path, is its own directory. They are
/// read when somebody wants them: an export of what is in the layer cache needs none.
package final class PackageFiles: Sendable {
    package let count: Int
    /// Bytes of all files, further names of a file not counted.
    package let contentSize: UInt64
    private let read: @Sendable () throws -> [PackageFile]
    private let known: Mutex<[PackageFile]?>

    package init(_ files: [PackageFile]) {
        count = files.count
        contentSize = files.reduce(0) { $0 + ($1.firstName == nil ? $1.size : 0) }
        read = { files }
        known = Mutex(files)
    }

    /// `read` gives `count` files of `contentSize` bytes together.
    init(count: Int, contentSize: UInt64, read: @escaping @Sendable () throws -> [PackageFile]) {
        self.count = count
        self.contentSize = contentSize
        self.read = read
        known = Mutex(nil)
    }

    /// All of them. What cannot be read the first time can be asked for again.
    package func all() throws -> [PackageFile] {
        try known.withLock { known in
            if let known { return known }
            let files = try read()
            known = files
            return files
        }
    }
}
