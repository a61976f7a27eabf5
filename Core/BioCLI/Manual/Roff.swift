// SPDX-License-Identifier: Apache-2.0

/// Text of a manual page in the macros of man(7), which both groff and mandoc read.
struct Roff {
    private(set) var text = ""

    /// A line of macros, as it stands.
    mutating func macro(_ line: String) { text += line + "\n" }

    /// A line of text in which `text` was made by `plain`, `bold` and `italic`.
    mutating func line(_ line: String) {
        // A line that begins with one of these would be taken for macros.
        text += (line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" : "") + line + "\n"
    }

    mutating func section(_ title: String) { macro(".SH \(title)") }

    /// An entry of a list: its head, and what it says.
    mutating func entry(_ head: String, _ body: String) {
        macro(".TP")
        line(head)
        line(body)
    }

    /// Lines that are not filled.
    mutating func listing(_ lines: some Sequence<Substring>) {
        macro(".EX")
        for part in lines { line(Self.plain(String(part))) }
        macro(".EE")
    }

    static func bold(_ text: String) -> String { "\\fB\(plain(text))\\fR" }
    static func italic(_ text: String) -> String { "\\fI\(plain(text))\\fR" }

    /// The text with nothing in it that the formatter takes for more than a character. Quotes and the like stay what a
    /// shell understands when they are copied.
    static func plain(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            default: result.append(character)
            }
        }
        return result
    }
}
