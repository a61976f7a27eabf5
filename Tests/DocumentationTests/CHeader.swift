// SPDX-License-Identifier: Apache-2.0

/// A C header in the manner of `bio_export.h`, taken apart: what it declares, each with the comments about it.
struct CHeader {
    /// A `#define` with a value, a struct, a type of another name, or a function.
    struct Declaration {
        enum Form { case constant(value: String), structure([Member]), type(String), function }

        let name: String
        let form: Form
        /// The comment before it; of a constant, the one on its line.
        let comment: String
        /// Of a constant: the comment about it and those that follow it without an empty line.
        var shared = ""
        /// As it is written, on one line.
        let code: String
    }

    struct Member {
        let name: String
        let code: String
        let comment: String
        let isFunction: Bool
    }

    struct Section {
        let title: String
        var declarations: [Declaration] = []
    }

    let preamble: String
    private(set) var sections: [Section] = []

    init(_ text: String) {
        var pieces = Piece.all(in: text)[...]
        // The licence line and the promise are one comment.
        preamble = if case .comment(let text)? = pieces.popFirst()?.content { text } else { "" }
        var pending = ""
        while let piece = pieces.popFirst() {
            switch piece.content {
            case .comment(let text):
                if let title = Self.title(text) {
                    sections.append(Section(title: title))
                    pending = ""
                } else {
                    pending = text
                }
            case .directive(let code):
                if let constant = Self.constant(code, pending, Self.trailing(&pieces, piece.line)) { add(constant) }
                // One comment is about all constants up to the next empty line.
                if pieces.first.map({ $0.line > piece.line + 1 }) ?? true { pending = "" }
            case .code(let code):
                if let declaration = Self.declaration(code, pending, &pieces) { add(declaration) }
                pending = ""
            }
        }
    }

    private mutating func add(_ declaration: Declaration) {
        if sections.isEmpty { sections.append(Section(title: "Version")) }
        sections[sections.count - 1].declarations.append(declaration)
    }

    private static func title(_ comment: String) -> String? {
        guard comment.hasPrefix("---- ") else { return nil }
        return String(comment.drop { $0 == "-" || $0 == " " }.prefix { $0 != "-" }).trimmed
    }

    private static func constant(_ code: String, _ pending: String, _ trailing: String) -> Declaration? {
        let words = code.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, words[0] == "#define", words[1].hasPrefix("BIO_"), !words[2].hasPrefix("__"),
            !words[2].hasPrefix("_N"), words[2] != "noexcept"
        else { return nil }
        var value = words[2]
        for cast in ["(uint32_t)", "(int32_t)"] where value.hasPrefix("(\(cast)") && value.hasSuffix(")") {
            value = String(value.dropFirst(cast.count + 1).dropLast())
        }
        return Declaration(
            name: words[1], form: .constant(value: value.replacing("(uint32_t)", with: "")),
            comment: trailing, shared: pending, code: code)
    }

    /// A comment on the same line.
    private static func trailing(_ pieces: inout ArraySlice<Piece>, _ line: Int) -> String {
        guard let next = pieces.first, case .comment(let text) = next.content, next.line == line else { return "" }
        pieces.removeFirst()
        return text
    }

    private static func declaration(_ code: String, _ comment: String, _ pieces: inout ArraySlice<Piece>)
        -> Declaration?
    {
        if code.hasSuffix("{") {
            guard let word = code.split(separator: " ").drop(while: { $0 != "struct" }).dropFirst().first else {
                return nil
            }
            return Declaration(
                name: String(word), form: .structure(members(&pieces)), comment: comment, code: code)
        }
        guard code.hasSuffix(";") else { return nil }
        if code.hasPrefix("typedef struct ") { return nil }
        if code.hasPrefix("typedef ") {
            let words = code.dropLast().split(separator: " ")
            return Declaration(
                name: String(words.last ?? ""), form: .type(words.dropFirst().dropLast().joined(separator: " ")),
                comment: comment, code: code)
        }
        guard code.hasPrefix("BIO_EXPORT "), let parenthesis = code.firstIndex(of: "("),
            let name = code[..<parenthesis].split(separator: " ").last
        else { return nil }
        return Declaration(name: String(name), form: .function, comment: comment, code: code)
    }

    private static func members(_ pieces: inout ArraySlice<Piece>) -> [Member] {
        var members: [Member] = []
        var pending = ""
        while let piece = pieces.popFirst() {
            switch piece.content {
            case .comment(let text): pending = text
            case .directive: continue
            case .code(let code):
                if code.hasPrefix("}") { return members }
                let (name, isFunction) = Self.memberName(code)
                let text = trailing(&pieces, piece.endLine)
                members.append(
                    Member(
                        name: name, code: code, comment: text.isEmpty ? pending : text, isFunction: isFunction))
                pending = ""
            }
        }
        return members
    }

    /// The name that a member declares: behind the `(*` of a pointer to a function, else the last word.
    private static func memberName(_ code: String) -> (String, isFunction: Bool) {
        if let match = code.firstMatch(of: /\(\*(?:BIO_[A-Z]+ )?([a-z0-9_]+)\)\(/) { return (String(match.1), true) }
        let plain = code.dropLast().prefix { $0 != "[" }
        return (String(plain.split { $0 == " " || $0 == "*" }.last ?? ""), false)
    }
}

/// A comment, a line of the preprocessor, or code up to `;`, `{` or the end of a block.
private struct Piece {
    enum Content { case comment(String), directive(String), code(String) }

    let content: Content
    /// Where it begins and ends, from 1.
    let line: Int
    let endLine: Int

    static func all(in text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        var line = 1
        var code = ""
        var codeLine = 1
        func isInCode() -> Bool { !code.allSatisfy(\.isWhitespace) }
        func add(_ content: Content, from start: Int) {
            pieces.append(Piece(content: content, line: start, endLine: line))
        }
        while let character = rest.first {
            if rest.hasPrefix("/*"), let end = rest.firstRange(of: "*/") {
                let comment = rest[..<end.upperBound]
                let start = line
                line += comment.count { $0 == "\n" }
                rest = rest[end.upperBound...]
                // A comment inside a declaration is not about it.
                if !isInCode() { add(.comment(clean(comment)), from: start) }
                continue
            }
            if character == "#", !isInCode() {
                var directive = rest.prefix { $0 != "\n" }
                if let comment = directive.firstRange(of: "/*") { directive = directive[..<comment.lowerBound] }
                add(.directive(String(directive).trimmed), from: line)
                rest = rest[directive.endIndex...]
                code = ""
                continue
            }
            rest.removeFirst()
            if !isInCode(), !character.isWhitespace { (code, codeLine) = ("", line) }
            if character == "\n" { line += 1 }
            code.append(character)
            // `typedef struct x {` opens, `} x;` closes; parentheses hold no braces here.
            if character == ";" || character == "{" {
                add(.code(code.split(whereSeparator: \.isWhitespace).joined(separator: " ")), from: codeLine)
                code = ""
            }
        }
        return pieces
    }

    /// Without the marks and the stars, paragraphs kept.
    private static func clean(_ comment: Substring) -> String {
        comment.dropFirst(2).dropLast(2).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = line.drop { $0 == " " }
            return String(
                text.hasPrefix("*") ? text.dropFirst().hasPrefix(" ") ? text.dropFirst(2) : text.dropFirst() : text)
        }.joined(separator: "\n").trimmed
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
