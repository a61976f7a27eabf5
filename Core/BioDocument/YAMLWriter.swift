// SPDX-License-Identifier: Apache-2.0

extension DocumentValue {
    /// The value as YAML in block style, two blanks a level, without `---`, with a newline at the end. Readers of YAML
    /// 1.1 and 1.2 read the same value back: a text that one of them would take for something else is quoted.
    package func yamlText() -> String { DocumentItem.yamlText([.element(.value(self))], isTemplate: false) }
}

extension DocumentItem {
    /// Documents as one YAML stream, `---` between them. As a template its texts hold `{{` so that they come out as they
    /// are; without being one it has neither expressions, lines nor sections.
    package static func yamlText(_ documents: [DocumentItem], isTemplate: Bool) -> String {
        var writer = YAMLWriter(isTemplate: isTemplate)
        writer.stream(documents)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes YAML (yaml.org/spec/1.2.2, and 1.1 where it differs).
private struct YAMLWriter {
    let isTemplate: Bool
    var bytes: [UInt8] = []
    /// Whether the next document of the stream needs a line before it.
    private var isSeparated = false

    init(isTemplate: Bool) { self.isTemplate = isTemplate }

    /// The most bytes of a key before its colon: YAML 1.1 and 1.2 (7.4) end the search for it after 1,024 characters.
    private static let longestKey = 1000

    /// What stands on the line already.
    private enum Before { case nothing, key, dash }

    mutating func stream(_ documents: [DocumentItem]) {
        for document in documents {
            switch document {
            case .element(let draft):
                if isSeparated { add("---\n") }
                isSeparated = true
                value(draft, indent: 0, behind: .nothing)
            case .comment(let text): comment(text, indent: 0)
            case .lines(let text): line("{{- ", text, " }}", indent: 0)
            case .section(let opener, let documents):
                // A defined template stands in the middle of another document.
                let isDefinition = opener.hasPrefix("define ")
                line("{{- ", opener, isDefinition ? " -}}" : " }}", indent: 0)
                isSeparated = !isDefinition
                stream(documents)
                line("{{- ", "end", " }}", indent: 0)
            case .member: preconditionFailure("a stream has no keys")
            }
        }
    }

    /// Writes a value behind what stands on the line, with its newline. What is in it begins in column `indent`.
    private mutating func value(_ draft: DocumentDraft, indent: Int, behind before: Before) {
        if let items = draft.items, items.contains(where: { !$0.isComment }) {
            if before == .key { bytes.append(newline) }
            self.items(items, indent: indent, behind: before)
            return
        }
        if before != .nothing { bytes.append(blank) }
        switch draft {
        case .value(.array), .list: add("[]\n")
        case .value(.object), .map: add("{}\n")
        case .value(let value): scalar(value, indent: before == .nothing ? 2 : indent)
        case .expression(let text): line("{{ ", text, " }}", indent: 0)
        case .lines(let text): line("{{- ", text, " | nindent \(indent) }}", indent: 0)
        }
    }

    /// Writes items, each on lines of its own; behind a dash the first stands on the dash's line if it can.
    private mutating func items(_ items: [DocumentItem], indent: Int, behind before: Before = .nothing) {
        var isBehindDash = before == .dash
        for item in items {
            switch item {
            case .member, .element:
                if isBehindDash { bytes.append(blank) } else { pad(indent) }
            default:
                if isBehindDash { bytes.append(newline) }
            }
            isBehindDash = false
            switch item {
            case .member(let name, let draft):
                key(name, indent: indent)
                value(draft, indent: indent + 2, behind: .key)
            case .element(let draft):
                bytes.append(UInt8(ascii: "-"))
                value(draft, indent: indent + 2, behind: .dash)
            case .comment(let text): comment(text, indent: indent)
            case .lines(let text): line("{{- ", text, " | nindent \(indent) }}", indent: indent)
            case .section(let opener, let items):
                line("{{- ", opener, " }}", indent: indent)
                self.items(items, indent: indent)
                line("{{- ", "end", " }}", indent: indent)
            }
        }
    }

    private mutating func key(_ key: String, indent: Int) {
        let text = YAMLText(key)
        let written = text.isPlain ? Array(key.utf8) : text.quoted
        if written.count > Self.longestKey {
            add("? ")
            put(written)
            bytes.append(newline)
            pad(indent)
        } else {
            put(written)
        }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a scalar that fits on the line, or a block of lines, and the newline after it.
    private mutating func scalar(_ value: DocumentValue, indent: Int) {
        switch value {
        case .bool(let flag): add(flag ? "true" : "false")
        case .number(let number): bytes += Self.number(number.text)
        case .string(let text):
            let yaml = YAMLText(text)
            if yaml.isPlain {
                put(Array(text.utf8))
            } else if let lines = yaml.literalLines {
                add(lines.endsLine ? "|" : "|-")
                for line in lines.lines {
                    bytes.append(newline)
                    if !line.isEmpty { pad(indent) }
                    put(Array(line))
                }
            } else {
                put(yaml.quoted)
            }
        default: add("null")
        }
        bytes.append(newline)
    }

    /// YAML 1.1 takes `1e5` for a text: it wants a point before the exponent, and a sign in it.
    private static func number(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard let mark = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return bytes }
        var result = Array(bytes[..<mark])
        if !result.contains(UInt8(ascii: ".")) { result += Array(".0".utf8) }
        result.append(UInt8(ascii: "e"))
        let exponent = bytes[(mark + 1)...]
        if let first = exponent.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") {
            result.append(UInt8(ascii: "+"))
        }
        return result + exponent
    }

    private mutating func comment(_ text: String, indent: Int) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            pad(indent)
            bytes.append(UInt8(ascii: "#"))
            if !line.isEmpty { bytes.append(blank) }
            put(Array(YAMLText(String(line)).printable.utf8))
            bytes.append(newline)
        }
    }

    private mutating func line(_ open: String, _ text: String, _ close: String, indent: Int) {
        pad(indent)
        bytes += Array((open + text + close).utf8)
        bytes.append(newline)
    }

    /// Text of the document; in a template braces that would open an action are given by one.
    private mutating func put(_ text: [UInt8]) {
        guard isTemplate else {
            bytes += text
            return
        }
        var index = 0
        while index < text.count {
            if text[index] == brace, index + 1 < text.count, text[index + 1] == brace {
                add("{{\"{{\"}}")
                index += 2
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
    }

    private mutating func pad(_ count: Int) { bytes.append(contentsOf: repeatElement(blank, count: count)) }

    private mutating func add(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

private let newline = UInt8(ascii: "\n")
private let blank = UInt8(ascii: " ")
private let brace = UInt8(ascii: "{")

extension DocumentItem {
    fileprivate var isComment: Bool { if case .comment = self { true } else { false } }
}
