// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// Why a program cannot be linked.
package enum BinlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something that is no link is where the link would be.
    case occupied(path: String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .occupied(let path): "'\(path)' is there already and is no link"
        case .system(let error): error.description
        }
    }

    package var hint: String? {
        switch self {
        case .occupied(let path): "look at '\(path)'; --force replaces links only"
        case .system: nil
        }
    }
}
