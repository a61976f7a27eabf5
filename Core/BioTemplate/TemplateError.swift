// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// Why a template cannot be read or rendered, and where.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        /// A tag or block that is opened and never closed.
        case unclosed(String)
        /// `{{/b}}` where `{{/a}}` is due; nil when no block is open.
        case unexpectedClose(found: String, expected: String?)
        /// Something stands where `expected` should.
        case unexpected(found: String, expected: String)
        case unknownVariable(String)
        case unknownFunction(String)
        case unknownBlock(String)
        case unknownPartial(String)
        case argumentCount(function: String, expected: String, found: Int)
        case argumentType(function: String, number: Int, expected: String, found: String)
        case unknownNamedArgument(function: String, name: String)
        /// What a function says.
        case functionFailed(function: String, message: String)
        case notUTF8
        case templateTooLong(limit: Int)
        case nestingTooDeep(limit: Int)
        case partialsTooDeep(limit: Int)
        case outputTooLong(limit: Int)
        case tooManySteps(limit: Int)
    }

    package let problem: Problem
    /// The name given with the text, such as `hooks/install`.
    package let file: String
    package let position: DocumentPosition
    /// The line of the template, or the part of a long one around the position.
    package let lineText: String
    /// How many characters of `lineText` stand before the position.
    package let caretOffset: Int
    package let hint: String?

    package var line: Int { position.line }
    package var column: Int { position.column }

    /// `hooks/run:3:9: unknown variable 'cfg.prot'`
    package var message: String { "\(file.messageText()):\(position): \(problem.sentence)" }

    /// The message, the line of the template and a caret under the place.
    package var description: String { "\(message)\n    \(lineText)\n    \(caretLine)" }

    /// Blanks up to the place, and a caret. Tabs stay tabs, so that it stands right.
    private var caretLine: String {
        var text = ""
        for scalar in lineText.unicodeScalars.prefix(caretOffset) { text += scalar == "\t" ? "\t" : " " }
        return text + "^"
    }
}

extension TemplateError.Problem {
    /// The text without the place. It quotes the template, which must not drive a terminal through it.
    package var sentence: String { text.messageText(limit: 400) }

    private var text: String {
        switch self {
        case .unclosed(let what): "\(what) is never closed"
        case .unexpectedClose(let found, let expected?): "'{{/\(found)}}' where '{{/\(expected)}}' is due"
        case .unexpectedClose(let found, nil): "'\(found)' without a block that is open"
        case .unexpected(let found, let expected): "unexpected \(found), expected \(expected)"
        case .unknownVariable(let name): "unknown variable '\(name)'"
        case .unknownFunction(let name): "unknown function '\(name)'"
        case .unknownBlock(let name): "unknown block '\(name)'"
        case .unknownPartial(let name): "unknown partial '\(name)'"
        case .argumentCount(let function, let expected, let found):
            "'\(function)' takes \(expected), not \(found)"
        case .argumentType(let function, let number, let expected, let found):
            "argument \(number) of '\(function)' must be \(expected), not \(found)"
        case .unknownNamedArgument(let function, let name): "'\(function)' has no argument named '\(name)'"
        case .functionFailed(let function, let message): "'\(function)' failed: \(message)"
        case .notUTF8: "not UTF-8"
        case .templateTooLong(let limit): "the template is longer than \(limit) bytes"
        case .nestingTooDeep(let limit): "more than \(limit) blocks or expressions inside each other"
        case .partialsTooDeep(let limit): "more than \(limit) partials inside each other"
        case .outputTooLong(let limit): "the result is longer than \(limit) bytes"
        case .tooManySteps(let limit): "rendering takes more than \(limit) steps"
        }
    }
}

/// The text of a template under the name that errors show.
struct TemplateSource: Hashable, Sendable {
    let name: String
    let bytes: [UInt8]

    /// The most characters of a line that an error shows.
    private static let shownWidth = 120

    func error(_ problem: TemplateError.Problem, at offset: Int, hint: String? = nil) -> TemplateError {
        let offset = min(offset, bytes.count)
        var start = offset
        while start > 0, bytes[start - 1] != newline { start -= 1 }
        var end = offset
        while end < bytes.count, bytes[end] != newline { end += 1 }
        let line = bytes[..<start].count { $0 == newline } + 1
        let before = Self.scalars(bytes[start..<offset])
        if end > offset, bytes[end - 1] == 0x0D { end -= 1 }
        let after = Self.scalars(bytes[offset..<end])
        let skipped = max(0, before.count - Self.shownWidth / 2)
        let shown = before[skipped...] + after.prefix(Self.shownWidth - (before.count - skipped))
        var text = String.UnicodeScalarView()
        // One character for one, so that the caret stands right.
        for scalar in shown { text.append(scalar.drivesTerminal && scalar != "\t" ? "\u{FFFD}" : scalar) }
        return TemplateError(
            problem: problem, file: name, position: DocumentPosition(line: line, column: before.count + 1),
            lineText: String(text), caretOffset: before.count - skipped, hint: hint?.messageText(limit: 400))
    }

    func position(of offset: Int) -> DocumentPosition { error(.notUTF8, at: offset).position }

    private static func scalars(_ bytes: ArraySlice<UInt8>) -> [Unicode.Scalar] {
        Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }

    /// The text of a range; its ends are where the parser cut, between characters.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

let newline = UInt8(ascii: "\n")
