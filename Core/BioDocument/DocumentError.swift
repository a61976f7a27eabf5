// SPDX-License-Identifier: Apache-2.0

/// Why a text is no document, and where.
package struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        /// Longer than `limit` bytes.
        case tooLong(limit: Int)
        /// More than `limit` values inside each other.
        case tooDeep(limit: Int)
        case duplicateKey(String)
        /// The text ends inside a value.
        case unexpectedEnd
        /// Something stands where `expected` should.
        case unexpected(found: String, expected: String)
        /// Something after the one value.
        case trailing(found: String)
        case notUTF8
        case controlCharacter(UInt8)
        case badEscape(String)
        case loneSurrogate(String)
        case badNumber(String)
        /// What the TOML reader says.
        case syntax(String)
        /// A TOML value that the document model lacks: an infinity or NaN.
        case notRepresentable(String)
    }

    package let problem: Problem
    package let position: DocumentPosition

    package init(_ problem: Problem, at position: DocumentPosition) {
        self.problem = problem
        self.position = position
    }

    /// `3:14: unexpected ']', expected a value`
    package var description: String { "\(position): \(problem.sentence)" }
}

/// A place in a text, both counted from one; columns count characters (Unicode scalars).
package struct DocumentPosition: Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of the byte at `offset`.
    init(offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes[..<min(offset, bytes.count)] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }

    package var description: String { "\(line):\(column)" }
}

extension DocumentError.Problem {
    /// The text without the position. It quotes the document, so control characters are escaped: no file drives a
    /// terminal through its errors.
    package var sentence: String {
        var sentence = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                sentence += "\\u{\(String(scalar.value, radix: 16))}"
            default: sentence.unicodeScalars.append(scalar)
            }
        }
        return sentence
    }

    private var text: String {
        switch self {
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .tooDeep(let limit): "more than \(limit) values inside each other"
        case .duplicateKey(let key): "the key '\(key)' is there twice"
        case .unexpectedEnd: "the text ends inside a value"
        case .unexpected(let found, let expected): "unexpected \(found), expected \(expected)"
        case .trailing(let found): "\(found) after the end of the document"
        case .notUTF8: "not UTF-8"
        case .controlCharacter(let byte): "control character \(byte) inside a string"
        case .badEscape(let text): "unknown escape '\(text)'"
        case .loneSurrogate(let text): "half a surrogate pair '\(text)'"
        case .badNumber(let text): "malformed number '\(text)'"
        case .syntax(let text): text
        case .notRepresentable(let text): "'\(text)' is not supported here"
        }
    }
}
