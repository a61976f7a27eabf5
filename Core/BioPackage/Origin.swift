// SPDX-License-Identifier: Apache-2.0

/// The namespace a package is published and signed under: `[a-z0-9][a-z0-9_-]*`, at most 255 bytes.
package struct Origin: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let name: String

    /// Why a text is no origin.
    package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        package let text: String
        package let fault: IdentPiece.Fault

        package init(text: String, fault: IdentPiece.Fault) {
            self.text = text
            self.fault = fault
        }

        package var description: String { "\(text.quoted) is not an origin: it \(fault)" }

        package var hint: String? { fault == .upperCase ? "origins are written in lower case" : nil }
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        if let fault = IdentPiece.origin.fault(in: text) { throw ParseError(text: String(text), fault: fault) }
        name = String(text)
    }

    package static func < (left: Origin, right: Origin) -> Bool { left.name < right.name }

    package var description: String { name }
}
