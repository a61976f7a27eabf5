// SPDX-License-Identifier: Apache-2.0

extension DocumentValue {
    /// The table as TOML 1.0: plain values first, then tables and arrays of tables, each in its order, with a newline
    /// at the end. What TOML lacks is refused with its path: null, numbers beyond 64 bits, a root that is no table.
    package func tomlText() throws(TOMLWriter.Refusal) -> String {
        guard case .object(let object) = self else {
            throw TOMLWriter.Refusal(path: "", problem: "a TOML document must be a table")
        }
        var writer = TOMLWriter()
        try writer.table(object, names: [])
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes TOML (toml.io/en/v1.0.0).
package struct TOMLWriter {
    /// Why a value cannot be written.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// Where it stands, such as `servers[1].name`; empty for the root.
        package let path: String
        package let problem: String

        package var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
    }

    fileprivate var bytes: [UInt8] = []
    /// Where the value being written stands.
    private var path: [TOMLDocument.Step] = []

    fileprivate init() {}

    fileprivate mutating func table(_ object: DocumentObject, names: [String]) throws(Refusal) {
        for member in object.members where !member.value.isTable && !member.value.isTableArray {
            path.append(.key(member.key))
            key(member.key)
            add(" = ")
            try value(member.value)
            bytes.append(UInt8(ascii: "\n"))
            path.removeLast()
        }
        for member in object.members {
            path.append(.key(member.key))
            let names = names + [member.key]
            if member.value.isTable, let table = member.value.object {
                // A table of nothing but tables is named by them.
                let isImplied =
                    table.members.contains { $0.value.isTable || $0.value.isTableArray }
                    && table.members.allSatisfy { $0.value.isTable || $0.value.isTableArray }
                if !isImplied { header(names, "[", "]") }
                try self.table(table, names: names)
            } else if member.value.isTableArray {
                for (index, element) in (member.value.array ?? []).enumerated() {
                    path.append(.index(index))
                    header(names, "[[", "]]")
                    if let table = element.object { try self.table(table, names: names) }
                    path.removeLast()
                }
            }
            path.removeLast()
        }
    }

    private mutating func header(_ names: [String], _ open: StaticString, _ close: StaticString) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
        add(open)
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ".")) }
            key(name)
        }
        add(close)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A value on its line.
    private mutating func value(_ value: DocumentValue) throws(Refusal) {
        switch value {
        case .null: throw refusal("TOML has no null")
        case .bool(let flag): add(flag ? "true" : "false")
        case .number(let number): try self.number(number)
        case .string(let text): QuotedString.append(text, .toml, to: &bytes)
        case .array(let elements):
            add("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { add(", ") }
                path.append(.index(index))
                try self.value(element)
                path.removeLast()
            }
            add("]")
        case .object(let object):
            add(object.isEmpty ? "{" : "{ ")
            for (index, member) in object.members.enumerated() {
                if index > 0 { add(", ") }
                path.append(.key(member.key))
                key(member.key)
                add(" = ")
                try self.value(member.value)
                path.removeLast()
            }
            add(object.isEmpty ? "}" : " }")
        }
    }

    private mutating func number(_ number: DocumentNumber) throws(Refusal) {
        let isWhole = !number.text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
        if isWhole ? Int64(number.text) == nil : !number.double.isFinite {
            throw refusal("the number \(number.text.prefix(40)) does not fit into 64 bits")
        }
        bytes += Array(number.text.utf8)
    }

    private mutating func key(_ name: String) {
        let isBare =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        if isBare { bytes += Array(name.utf8) } else { QuotedString.append(name, .toml, to: &bytes) }
    }

    private func refusal(_ problem: String) -> Refusal {
        var text = ""
        for step in path {
            switch step {
            case .key(let name): text += (text.isEmpty ? "" : ".") + name
            case .index(let index): text += "[\(index)]"
            }
        }
        return Refusal(path: text, problem: problem)
    }

    private mutating func add(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension DocumentValue {
    fileprivate var isTable: Bool { object != nil }
    /// A list of tables with at least one: written as `[[name]]`.
    fileprivate var isTableArray: Bool { array.map { !$0.isEmpty && $0.allSatisfy(\.isTable) } ?? false }
}
