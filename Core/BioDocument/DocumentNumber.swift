// SPDX-License-Identifier: Apache-2.0

/// A number as its JSON text (RFC 8259 section 6): `1.0`, `1` and `1e0` are three numbers, and no digit gets lost.
package struct DocumentNumber: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ value: some BinaryInteger) { text = String(value) }

    /// A finite number in the shortest form that reads back the same; nil for infinities and NaN, which JSON lacks.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = String(describing: value)
    }

    /// Takes text that the reader has checked.
    init(checked text: String) { self.text = text }

    /// The value when the text is a plain whole number that fits.
    package var int: Int? { Int(text) }

    package var double: Double { Double(text) ?? .nan }
    package var description: String { text }
}
