// SPDX-License-Identifier: Apache-2.0

/// A positional argument of a command, as data.
package struct ArgumentSpec: Hashable, Sendable {
    package enum Count: Hashable, Sendable { case one, optional, oneOrMore, any }

    /// Upper case, as in `PKG`.
    package let name: String
    package let count: Count
    /// One sentence, no final period.
    package let help: String

    package init(_ name: String, _ count: Count = .one, help: String) {
        self.name = name
        self.count = count
        self.help = help
    }

    /// `<PKG>`, `[PKG]`, `<PKG>...`, `[PKG]...`
    package var usage: String {
        switch count {
        case .one: "<\(name)>"
        case .optional: "[\(name)]"
        case .oneOrMore: "<\(name)>..."
        case .any: "[\(name)]..."
        }
    }

    var isRequired: Bool { count == .one || count == .oneOrMore }
    var isVariadic: Bool { count == .oneOrMore || count == .any }
}
