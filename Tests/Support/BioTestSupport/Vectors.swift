// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The artifacts and keys made by the original tools; the environment variable BIO_VECTORS says where they are.
package enum Vectors {
    package struct Missing: Error, CustomStringConvertible {
        package var description: String { "BIO_VECTORS must name the directory of the shared test vectors" }
    }

    /// The path of a vector, as in `hart/signme.dat`.
    package static func path(_ name: String) throws -> String {
        guard let root = getenv("BIO_VECTORS").map({ String(cString: $0) }), !root.isEmpty else { throw Missing() }
        return root + "/" + name
    }
}
