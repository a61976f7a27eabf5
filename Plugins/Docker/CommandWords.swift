// SPDX-License-Identifier: Apache-2.0

/// The words of a command as users give them: one for each option, or one option with a JSON list, as in a Dockerfile.
struct CommandWords {
    let words: [String]

    struct Malformed: Error {
        let reason: String
    }

    /// One value that begins with a bracket is a list; any others are words as they stand.
    init(_ values: [String]) throws(Malformed) {
        guard values.count == 1, let text = values.first, text.utf8.first == UInt8(ascii: "[") else {
            words = values
            return
        }
        var reader = JSONStringList(text)
        words = try reader.read()
    }
}

/// Reads a JSON list of strings (RFC 8259); nothing else of JSON.
struct JSONStringList {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = text.unicodeScalars[...] }

    mutating func read() throws(CommandWords.Malformed) -> [String] {
        var words: [String] = []
        guard next() == "[" else { throw wrong("it does not begin with '['") }
        if peek() == "]" {
            rest.removeFirst()
        } else {
            reading: while true {
                words.append(try string())
                switch next() {
                case ",": continue
                case "]": break reading
                default: throw wrong("after word \(words.count) there is neither ',' nor ']'")
                }
            }
        }
        guard peek() == nil else { throw wrong("something comes after the closing ']'") }
        return words
    }

    private func wrong(_ reason: String) -> CommandWords.Malformed { CommandWords.Malformed(reason: reason) }

    /// The next scalar that is no white space, which stays.
    private mutating func peek() -> Unicode.Scalar? {
        while let first = rest.first, first == " " || first == "\t" || first == "\n" || first == "\r" {
            rest.removeFirst()
        }
        return rest.first
    }

    private mutating func next() -> Unicode.Scalar? {
        let found = peek()
        if found != nil { rest.removeFirst() }
        return found
    }

    private mutating func string() throws(CommandWords.Malformed) -> String {
        guard next() == "\"" else { throw wrong("a word is not in double quotes") }
        var word = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return word
            case "\\": word.unicodeScalars.append(try escaped())
            case _ where scalar.value < 0x20: throw wrong("a word holds a control character")
            default: word.unicodeScalars.append(scalar)
            }
        }
        throw wrong("a word has no closing quote")
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]

    private mutating func escaped() throws(CommandWords.Malformed) -> Unicode.Scalar {
        guard let letter = rest.popFirst() else { throw wrong("a word has no closing quote") }
        if letter == "u" {
            let high = try codeUnit()
            guard 0xD800...0xDBFF ~= high else { return try scalar(high) }
            guard rest.popFirst() == "\\", rest.popFirst() == "u" else { throw wrong("half of a surrogate pair") }
            let low = try codeUnit()
            guard 0xDC00...0xDFFF ~= low else { throw wrong("half of a surrogate pair") }
            return try scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        }
        guard let meant = Self.escapes[letter] else { throw wrong("'\\\(letter)' is no escape") }
        return meant
    }

    private mutating func codeUnit() throws(CommandWords.Malformed) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = rest.popFirst(), let number = Character(digit).hexDigitValue, digit.isASCII else {
                throw wrong("'\\u' needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(number)
        }
        return value
    }

    private func scalar(_ value: UInt32) throws(CommandWords.Malformed) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw wrong("half of a surrogate pair") }
        return scalar
    }
}
