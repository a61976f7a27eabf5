// SPDX-License-Identifier: Apache-2.0

/// Where in TOML a value may begin. It is told every scalar that stands outside strings and comments, and the quotes of
/// strings.
struct ValuePlace {
    /// Lists and inline tables that are open.
    private var open: [Unicode.Scalar] = []
    private var last: Unicode.Scalar = "\n"

    /// Behind an equals sign, and in a list behind its bracket or a comma.
    var isHere: Bool { last == "=" || open.last == "[" && (last == "[" || last == ",") }

    mutating func pass(_ scalar: Unicode.Scalar) {
        switch scalar {
        case " ", "\t", "\r": return
        case "\n": if !open.isEmpty { return }
        // Of a table's name, where no value may be, it opens nothing.
        case "[", "{": if isHere { open.append(scalar) }
        case "]", "}": _ = open.popLast()
        default: break
        }
        last = scalar
    }
}
