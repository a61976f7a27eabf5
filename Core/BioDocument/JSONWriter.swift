// SPDX-License-Identifier: Apache-2.0

extension DocumentValue {
    package enum JSONStyle: Hashable, Sendable {
        /// No blank at all.
        case compact
        /// Two blanks a level, one member a line, `{}` and `[]` when empty.
        case pretty
    }

    /// The JSON text, the same for the same value always: members in their order, numbers as their text, only `"`, `\`
    /// and control characters escaped. No newline at the end.
    package func json(_ style: JSONStyle) -> String {
        String(decoding: jsonBytes(style), as: UTF8.self)
    }

    package func jsonBytes(_ style: JSONStyle) -> [UInt8] {
        var writer = JSONWriter(pretty: style == .pretty)
        writer.write(self, indent: 0)
        return writer.bytes
    }
}

private struct JSONWriter {
    let pretty: Bool
    var bytes: [UInt8] = []

    init(pretty: Bool) { self.pretty = pretty }

    mutating func write(_ value: DocumentValue, indent: Int) {
        switch value {
        case .null: add("null")
        case .bool(let flag): add(flag ? "true" : "false")
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .string(let text): QuotedString.append(text, .json, to: &bytes)
        case .array(let elements):
            list("[", "]", elements, indent: indent) { writer, element in writer.write(element, indent: indent + 1) }
        case .object(let object):
            list("{", "}", object.members, indent: indent) { writer, member in
                QuotedString.append(member.key, .json, to: &writer.bytes)
                writer.add(writer.pretty ? ": " : ":")
                writer.write(member.value, indent: indent + 1)
            }
        }
    }

    mutating func list<Element>(
        _ open: StaticString, _ close: StaticString, _ elements: [Element], indent: Int,
        _ each: (inout JSONWriter, Element) -> Void
    ) {
        add(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { add(",") }
            breakLine(indent + 1)
            each(&self, element)
        }
        if !elements.isEmpty { breakLine(indent) }
        add(close)
    }

    mutating func breakLine(_ indent: Int) {
        guard pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indent * 2))
    }

    mutating func add(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
