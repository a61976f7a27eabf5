// SPDX-License-Identifier: Apache-2.0

/// Finds the end of a hole as a POSIX shell would: quotes, comments, and what stands inside each other count. A
/// parenthesis without its partner, as after a pattern of `case`, ends it.
struct HoleReader {
    private(set) var cursor: TextCursor
    private let start: TextCursor.Place
    private var commands: [Hole.Command] = []

    private static let deepest = 50

    private enum Context { case command, arithmetic, braces, quotes }

    /// `cursor` is at a dollar or a back-quote.
    init(_ cursor: TextCursor) {
        self.cursor = cursor
        start = cursor.place
    }

    /// Nil when the dollar stands for itself.
    mutating func read() throws(MappingFault) -> Hole? {
        let begin = cursor.index
        if cursor.peek() == "`" {
            cursor.next()
            try skip(to: "`", .command, depth: 1)
        } else {
            switch cursor.peek(1) {
            case "("?, "{"?:
                cursor.next()
                try expansion(in: .command, depth: 1)
            case let letter? where Self.isLetter(letter):
                cursor.next()
                _ = cursor.take { Self.isLetter($0) || Self.isDigit($0) }
            case let other? where Self.isDigit(other) || "@*#?-$!".unicodeScalars.contains(other):
                throw MappingFault(
                    place: start, message: "'$\(other)' is nothing that a container knows",
                    hint: "write \\$ for a dollar")
            default: return nil
            }
        }
        let code = cursor.text(from: begin)
        let isPlain = code.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t"
        }
        guard isPlain else {
            throw MappingFault(
                place: start, message: "a control character stands in a command",
                hint: "lines in a command end with a line feed alone")
        }
        return Hole(place: start, code: code, commands: commands)
    }

    /// What follows a dollar: `(…)`, `((…))` or `{…}`.
    private mutating func expansion(in context: Context, depth: Int) throws(MappingFault) {
        guard cursor.next() == "(" else {
            return try skip(to: "}", context == .quotes ? .quotes : .braces, depth: depth)
        }
        try skip(to: ")", cursor.peek() == "(" ? .arithmetic : .command, depth: depth)
    }

    /// Takes everything up to `end`, and `end`.
    private mutating func skip(to end: Unicode.Scalar, _ context: Context, depth: Int) throws(MappingFault) {
        guard depth <= Self.deepest else {
            throw MappingFault(place: start, message: "commands are nested too deeply", hint: "use a script")
        }
        var mayBegin = context == .command
        // Behind a keyword or an assignment it begins after the next blank.
        var waits = false
        var last: Unicode.Scalar = "\n"
        while let scalar = cursor.peek() {
            if mayBegin && Self.isLetter(scalar) {
                (mayBegin, waits, last) = (false, noteCommand(), scalar)
                continue
            }
            cursor.next()
            switch scalar {
            case end: return
            case "\\": cursor.next()
            case "'" where context != .quotes: try skipText()
            case "\"" where context != .quotes: try skip(to: "\"", .quotes, depth: depth + 1)
            case "`": try skip(to: "`", .command, depth: depth + 1)
            case "$" where cursor.peek() == "(" || cursor.peek() == "{": try expansion(in: context, depth: depth + 1)
            case "(" where context == .command || context == .arithmetic: try skip(to: ")", context, depth: depth + 1)
            case "#" where context == .command && " \t\n;|&".unicodeScalars.contains(last):
                _ = cursor.take { $0 != "\n" }
            default: break
            }
            let isBlank = " \t\n".unicodeScalars.contains(scalar)
            mayBegin =
                context == .command
                && ("|;&\n".unicodeScalars.contains(scalar) || waits && isBlank
                    || mayBegin && (isBlank || scalar == "!" || scalar == "{"))
            if isBlank { waits = false }
            last = scalar
        }
        throw unclosed
    }

    /// What stands in single quotes, up to the second.
    private mutating func skipText() throws(MappingFault) {
        while let scalar = cursor.next() { if scalar == "'" { return } }
        throw unclosed
    }

    private var unclosed: MappingFault {
        MappingFault(
            place: start, message: "the command that begins here has no end",
            hint: "close its quotes and parentheses; write \\$ or \\` for the sign itself")
    }

    /// Behind which another command begins.
    private static let keywords: Set = ["if", "then", "elif", "else", "while", "until", "do"]

    /// The name of a command, and its first word without looking further. True when it is none: a keyword, or a name in
    /// an assignment.
    private mutating func noteCommand() -> Bool {
        let place = cursor.place
        let name = cursor.take { Self.isLetter($0) || Self.isDigit($0) || $0 == "-" }
        if Self.keywords.contains(name) || cursor.peek() == "=" { return true }
        var ahead = cursor
        _ = ahead.take { $0 == " " || $0 == "\t" }
        let quote = ahead.peek().flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
        if quote != nil { ahead.next() }
        let word = ahead.take { scalar in
            !"\"'\\$`\n".unicodeScalars.contains(scalar)
                && (quote != nil || !" \t;|&()<>".unicodeScalars.contains(scalar))
        }
        let isWhole =
            quote.map { ahead.peek() == $0 } ?? ahead.peek().map { !"\"'\\$`".unicodeScalars.contains($0) } ?? true
        commands.append(Hole.Command(place: place, name: name, argument: isWhole && !word.isEmpty ? word : nil))
        return false
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        "a"..."z" ~= scalar || "A"..."Z" ~= scalar || scalar == "_"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }
}
