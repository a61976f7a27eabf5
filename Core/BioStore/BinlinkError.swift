// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// Why a program cannot be linked.
package enum BinlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something that is no link is where the link would be.
    case occupied(path: String)
    /// The directory of links leads out of FS_ROOT.
    case outside(path: String, leadsTo: String, root: String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .occupied(let path): "'\(path)' is there already and is no link"
        case .outside(let path, let place, let root): "'\(path)' leads to '\(place)', which is not below '\(root)'"
        case .system(let error): error.description
        }
    }

    package var hint: String? {
        switch self {
        case .occupied(let path): "look at '\(path)'; --force replaces links only"
        case .outside: "name another directory with --dest or --binlink-dir"
        case .system(let error): error.hint
        }
    }
}
