// SPDX-License-Identifier: Apache-2.0

extension DocumentValue {
    /// The value as YAML in block style, two blanks a level, without `---`, with a newline at the end. Readers of YAML
    /// 1.1 and 1.2 read the same value back: a text that one of them would take for something else is quoted.
    package func yamlText() -> String {
        var writer = YAMLWriter()
        writer.document(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes YAML (yaml.org/spec/1.2.2, and 1.1 where it differs).
private struct YAMLWriter {
    var bytes: [UInt8] = []

    /// The most bytes of a key before its colon: YAML 1.1 and 1.2 (7.4) end the search for it after 1,024 characters.
    private static let longestKey = 1000

    mutating func document(_ value: DocumentValue) {
        if value.isBlockCollection {
            node(value, indent: 0)
        } else {
            scalar(value, indent: 2)
        }
    }

    /// Writes a collection that begins where the cursor is, in column `indent`.
    private mutating func node(_ value: DocumentValue, indent: Int) {
        switch value {
        case .object(let object):
            for (index, member) in object.members.enumerated() {
                if index > 0 { pad(indent) }
                key(member.key, indent: indent)
                if member.value.isBlockCollection {
                    bytes.append(newline)
                    pad(indent + 2)
                    node(member.value, indent: indent + 2)
                } else {
                    bytes.append(blank)
                    scalar(member.value, indent: indent + 2)
                }
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if index > 0 { pad(indent) }
                add("- ")
                if element.isBlockCollection {
                    node(element, indent: indent + 2)
                } else {
                    scalar(element, indent: indent + 2)
                }
            }
        default: break
        }
    }

    private mutating func key(_ key: String, indent: Int) {
        let text = YAMLText(key)
        let written = text.isPlain ? Array(key.utf8) : text.quoted
        if written.count > Self.longestKey {
            add("? ")
            bytes += written
            bytes.append(newline)
            pad(indent)
        } else {
            bytes += written
        }
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a value that fits on the line, or a block of lines, and the newline after it.
    private mutating func scalar(_ value: DocumentValue, indent: Int) {
        switch value {
        case .null: add("null")
        case .bool(let flag): add(flag ? "true" : "false")
        case .number(let number): bytes += Self.number(number.text)
        case .array: add("[]")
        case .object: add("{}")
        case .string(let text):
            let yaml = YAMLText(text)
            if yaml.isPlain {
                bytes += Array(text.utf8)
            } else if let lines = yaml.literalLines {
                add(lines.endsLine ? "|" : "|-")
                for line in lines.lines {
                    bytes.append(newline)
                    if !line.isEmpty { pad(indent) }
                    bytes += line
                }
            } else {
                bytes += yaml.quoted
            }
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

    private mutating func pad(_ count: Int) { bytes.append(contentsOf: repeatElement(blank, count: count)) }

    private mutating func add(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

private let newline = UInt8(ascii: "\n")
private let blank = UInt8(ascii: " ")

extension DocumentValue {
    /// A list or table with something in it: it takes lines of its own.
    fileprivate var isBlockCollection: Bool {
        switch self {
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.isEmpty
        default: false
        }
    }
}
