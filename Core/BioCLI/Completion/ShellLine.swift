// SPDX-License-Identifier: Apache-2.0

/// An unfinished command line, taken apart by the quoting rules that bash and fish share.
package struct ShellLine: Hashable, Sendable {
    /// The finished words, without their quotes.
    package private(set) var words: [String] = []
    /// The word at the end, without its quotes; empty behind a blank.
    package private(set) var current = ""
    /// How many characters of `current` the line editor leaves alone: it replaces what follows a word break.
    package private(set) var fixedCount = 0
    /// Whether the word at the end has something that only the shell can expand.
    package private(set) var isExpanded = false

    private enum Quote { case none, single, double }

    /// `wordBreaks` are the characters that end a word for the line editor, as in COMP_WORDBREAKS.
    package init(_ line: String, wordBreaks: String = "") {
        var quote = Quote.none
        var isWord = false
        var isEscaped = false
        for character in line {
            if isEscaped {
                isEscaped = false
                // In double quotes a backslash is one, unless it takes a meaning away.
                if quote == .double, !"\"\\$`".contains(character) { current.append("\\") }
                current.append(character)
                continue
            }
            switch (character, quote) {
            case ("\\", .none), ("\\", .double):
                isEscaped = true
                isWord = true
            case ("'", .none), ("\"", .none):
                quote = character == "'" ? .single : .double
                isWord = true
                if wordBreaks.contains(character) { fixedCount = current.count }
            case ("'", .single), ("\"", .double):
                quote = .none
                if wordBreaks.contains(character) { fixedCount = current.count }
            case (" ", .none), ("\t", .none), ("\n", .none):
                if isWord { words.append(current) }
                (current, fixedCount, isWord, isExpanded) = ("", 0, false, false)
            default:
                if quote != .single, character == "$" || character == "`" { isExpanded = true }
                current.append(character)
                isWord = true
                if quote == .none, wordBreaks.contains(character) { fixedCount = current.count }
            }
        }
    }
}
