// SPDX-License-Identifier: Apache-2.0

/// Takes a mapping apart: TOML, in which the shell fills holes. Whether it is TOML is for the host to say, which gets a
/// text of the same lines and columns with something in each hole.
struct MappingReader {
    private var cursor: TextCursor
    private var value = ValuePlace()
    private(set) var parts: [Mapping.Part] = []
    private(set) var filled = ""
    /// Lines of holes that `filled` has still to catch up with.
    private var owedLines = 0

    init(_ text: String) { cursor = TextCursor(text) }

    mutating func read() throws(MappingFault) {
        while let scalar = cursor.peek() {
            switch scalar {
            case "#": while let next = cursor.peek(), next != "\n" { parts.append(.text(one())) }
            case "\"", "'": try string(scalar)
            default:
                if let hole = try hole(isValue: value.isHere) {
                    parts.append(.hole(hole, isQuoted: false))
                    fill(hole, isQuoted: false)
                } else {
                    parts.append(.text(one()))
                }
                value.pass(scalar)
            }
        }
    }

    /// A string in one of TOML's four kinds of quotes.
    private mutating func string(_ quote: Unicode.Scalar) throws(MappingFault) {
        let isValue = value.isHere
        let isLong = cursor.run(of: quote) >= 3
        let delimiter = String(repeating: Character(quote), count: isLong ? 3 : 1)
        cursor.skip(delimiter.count)
        filled += delimiter
        value.pass(quote)
        var content: [Mapping.Part] = []
        while let scalar = cursor.peek() {
            if scalar == quote, cursor.run(of: quote) >= delimiter.count {
                // Up to two quotes before the last three are text.
                let text = String(repeating: Character(quote), count: isLong ? min(cursor.run(of: quote), 5) - 3 : 0)
                cursor.skip(text.count + delimiter.count)
                filled += text + delimiter
                parts += Mapping.string(content + [.text(text)], delimiter: delimiter)
                return
            }
            // It does not end: the host says so.
            if scalar == "\n" && !isLong { break }
            if scalar == "\\", let sign = cursor.peek(1), sign == "$" || sign == "`" {
                cursor.skip(2)
                filled += "xx"
                content.append(.text(String(sign)))
            } else if scalar == "\\" && quote == "\"" {
                if isLong && endsLine() { skipBlanks() } else { content.append(.text(one() + one())) }
            } else if let hole = try hole(isValue: isValue) {
                fill(hole, isQuoted: true)
                content.append(.hole(hole, isQuoted: true))
            } else {
                content.append(.text(one()))
            }
        }
    }

    /// Whether the backslash here is the last of its line.
    private func endsLine() -> Bool {
        var ahead = 1
        while let scalar = cursor.peek(ahead), scalar == " " || scalar == "\t" || scalar == "\r" { ahead += 1 }
        return cursor.peek(ahead) == "\n"
    }

    /// What a backslash at the end of a line takes away. It goes here: later it would take blanks of what fills a hole.
    private mutating func skipBlanks() {
        _ = one()
        while let scalar = cursor.peek(), " \t\r\n".unicodeScalars.contains(scalar) { _ = one() }
    }

    /// Nil when there is none here.
    private mutating func hole(isValue: Bool) throws(MappingFault) -> Hole? {
        guard cursor.peek() == "$" || cursor.peek() == "`" else { return nil }
        var reader = HoleReader(cursor)
        guard let hole = try reader.read() else { return nil }
        guard isValue else {
            throw MappingFault(
                place: hole.place, message: "'\(hole.code)' does not stand for a value or in a string that is one",
                hint: "write it behind an equals sign; keys and tables stay as they are written")
        }
        cursor = reader.cursor
        return hole
    }

    /// The next scalar, which goes into `filled` as well.
    private mutating func one() -> String {
        guard let scalar = cursor.next() else { return "" }
        filled.unicodeScalars.append(scalar)
        if scalar == "\n" {
            filled += String(repeating: "\n", count: owedLines)
            owedLines = 0
        }
        return String(scalar)
    }

    /// As many columns as the hole takes. Blanks behind the number keep what follows from being the rest of it.
    private mutating func fill(_ hole: Hole, isQuoted: Bool) {
        let lines = hole.code.unicodeScalars.count { $0 == "\n" }
        let columns = hole.code.unicodeScalars.count - lines
        filled += isQuoted ? String(repeating: "x", count: columns) : "0" + String(repeating: " ", count: columns - 1)
        owedLines += lines
    }
}
