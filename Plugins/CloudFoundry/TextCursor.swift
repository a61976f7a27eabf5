// SPDX-License-Identifier: Apache-2.0

/// Reads a text scalar by scalar, and knows where it is.
struct TextCursor {
    /// Both from 1; columns in characters of Unicode.
    struct Place: Equatable {
        var line = 1
        var column = 1
    }

    private let scalars: [Unicode.Scalar]
    private(set) var index = 0
    private(set) var place = Place()

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The next scalar, or one behind it, which stays; nil where the text has ended.
    func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    @discardableResult
    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        index += 1
        place = scalar == "\n" ? Place(line: place.line + 1) : Place(line: place.line, column: place.column + 1)
        return scalar
    }

    mutating func skip(_ count: Int) { for _ in 0..<count { next() } }

    /// How often `scalar` stands here, one after the other.
    func run(of scalar: Unicode.Scalar) -> Int {
        var count = 0
        while peek(count) == scalar { count += 1 }
        return count
    }

    /// Takes scalars as long as they are `wanted`.
    mutating func take(while wanted: (Unicode.Scalar) -> Bool) -> String {
        let start = index
        while let scalar = peek(), wanted(scalar) { next() }
        return text(from: start)
    }

    /// What has been read since `start`.
    func text(from start: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<index])
        return String(text)
    }
}
