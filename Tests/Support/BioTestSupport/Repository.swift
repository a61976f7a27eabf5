// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// Files of this checkout.
package enum Repository {
    package static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    package static func path(_ name: String) -> String { "\(root)/\(name)" }

    package struct NotBuilt: Error, CustomStringConvertible {
        package let path: String
        package var description: String { "'\(path)' is not there: run 'make' first" }
    }

    /// A file that `make` builds, as in `dist/bin/bio`. One that is missing is a failure, not a skip.
    package static func built(_ name: String) throws -> String {
        guard try FileStatus.of(path(name)) != nil else { throw NotBuilt(path: path(name)) }
        return path(name)
    }
}
