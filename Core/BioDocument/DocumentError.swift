// SPDX-License-Identifier: Apache-2.0

/// Why a text is no document, and where.
package struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        /// Longer than `limit` bytes.
        case tooLong(limit: Int)
        /// More than `limit` values inside each other.
        case tooDeep(limit: Int)
        /// More than `limit` values, those that an alias stands for counted each time.
        case tooMany(limit: Int)
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
        /// What the TOML or YAML reader says.
        case syntax(String)
        /// A TOML or YAML value that the document model lacks: an infinity or NaN.
        case notRepresentable(String)
        /// A character that YAML wants as an escape in double quotes, or that only one of its versions takes for a line
        /// break.
        case notPrintable(UInt32)
        /// A YAML key that is null, a list or a table.
        case noKey(String)
        /// A YAML alias of something that is not there, or not yet whole.
        case unknownAlias(String)
        /// A YAML tag outside of the core schema, or on a value that does not fit it.
        case badTag(String)
        /// What stands behind the YAML merge key is no table and no list of tables.
        case badMerge
        /// A library that reads documents cannot be loaded.
        case libraryMissing(String)
    }

    package let problem: Problem
    package let position: DocumentPosition

    package init(_ problem: Problem, at position: DocumentPosition) {
        self.problem = problem
        self.position = position
    }

    /// `3:14: unexpected ']', expected a value`
    package var description: String { "\(position): \(problem.sentence)" }

    /// The next step, where the sentence does not say it.
    package var hint: String? {
        switch problem {
        case .libraryMissing: "install it (Debian: libyaml-0-2)"
        case .notPrintable: "write it as an escape in double quotes"
        case .badTag: "write the value in quotes, without the tag"
        default: nil
        }
    }
}

extension DocumentError.Problem {
    /// The text without the position. It quotes the document, so control characters are escaped: no file drives a
    /// terminal through its errors.
    package var sentence: String { text.messageText() }

    /// At least four digits.
    private static func hexadecimal(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private var text: String {
        switch self {
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .tooDeep(let limit): "more than \(limit) values inside each other"
        case .tooMany(let limit): "more than \(limit) values, aliases written out"
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
        case .notPrintable(let scalar): "the character U+\(Self.hexadecimal(scalar)) stands in the text as it is"
        case .noKey(let kind): "a key must be a string, not \(kind)"
        case .unknownAlias(let name): "the alias '*\(name)' names nothing that ends before it"
        case .badTag(let tag): "the tag '\(tag)' is not supported here"
        case .badMerge: "'<<' takes a table, or a list of tables"
        case .libraryMissing(let text): "a library cannot be used: \(text)"
        }
    }
}
