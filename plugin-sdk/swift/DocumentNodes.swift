// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// Makes values of the host's nodes.
struct NodeReader {
    private let nodes: UnsafeBufferPointer<bio_node>
    private var index = 0

    init(_ nodes: UnsafeBufferPointer<bio_node>) { self.nodes = nodes }

    /// The next value with all that is in it.
    mutating func value() -> DocumentValue {
        guard index < nodes.count else { return .absent }
        let node = nodes[index]
        index += 1
        var value = DocumentValue(content(of: node))
        value.line = Int(node.line)
        value.column = Int(node.column)
        return value
    }

    private mutating func content(of node: bio_node) -> DocumentValue.Content {
        switch node.kind {
        case BIO_NODE_BOOL: return .bool(node.integer != 0)
        case BIO_NODE_INTEGER: return .integer(node.integer)
        case BIO_NODE_NUMBER: return .number(String(node.text))
        case BIO_NODE_STRING: return .string(String(node.text))
        case BIO_NODE_LIST: return .list((0..<node.count).map { _ in value() })
        case BIO_NODE_MAP:
            return .map(
                (0..<node.count).map { _ in
                    let key = index < nodes.count ? String(nodes[index].key) : ""
                    return (key: key, value: value())
                })
        default: return .null
        }
    }
}

/// Puts values into one array of nodes, and their texts into one piece of memory.
struct NodeWriter {
    private var nodes: [bio_node] = []
    /// Where the texts of each node are in `bytes`.
    private var places: [(key: Range<Int>, text: Range<Int>)] = []
    private var bytes: [UInt8] = []

    /// Adds a value with its comment and section, as so many items: none when it is absent.
    @discardableResult
    mutating func add(_ value: DocumentValue, key: String = "") -> UInt32 {
        if value.isAbsent { return 0 }
        guard let section = value.section else { return addCommented(value, key) }
        let place = nodes.count
        put(BIO_NODE_SECTION, text: section)
        nodes[place].count = addCommented(value, key)
        return 1
    }

    private mutating func addCommented(_ value: DocumentValue, _ key: String) -> UInt32 {
        if let comment = value.comment { put(BIO_NODE_COMMENT, text: comment) }
        addBare(value, key)
        return value.comment == nil ? 1 : 2
    }

    private mutating func addBare(_ value: DocumentValue, _ key: String) {
        switch value.content {
        case .absent, .null: put(BIO_NODE_NULL, key: key)
        case .bool(let flag): put(BIO_NODE_BOOL, key: key, integer: flag ? 1 : 0)
        case .integer(let integer): put(BIO_NODE_INTEGER, key: key, integer: integer)
        case .number(let text): put(BIO_NODE_NUMBER, key: key, text: text)
        case .string(let text): put(BIO_NODE_STRING, key: key, text: text)
        case .expression(let text): put(BIO_NODE_EXPRESSION, key: key, text: text)
        case .lines(let text): put(BIO_NODE_LINES, key: key, text: text)
        case .list(let elements):
            let place = nodes.count
            put(BIO_NODE_LIST, key: key)
            for element in elements { nodes[place].count += add(element) }
        case .map(let members):
            let place = nodes.count
            put(BIO_NODE_MAP, key: key)
            for member in members { nodes[place].count += add(member.value, key: member.key) }
        }
    }

    private mutating func put(_ kind: UInt32, key: String = "", text: String = "", integer: Int64 = 0) {
        var node = bio_node()
        node.kind = kind
        node.integer = integer
        nodes.append(node)
        places.append((place(of: key), place(of: text)))
    }

    private mutating func place(of text: String) -> Range<Int> {
        let start = bytes.count
        bytes += Array(text.utf8)
        return start..<bytes.count
    }

    /// Calls `body` with the nodes, which live for the call.
    consuming func withABI<R>(_ body: (UnsafeBufferPointer<bio_node>) -> R) -> R {
        var nodes = nodes
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                func string(_ range: Range<Int>) -> bio_str {
                    bio_str(ptr: chars.baseAddress.map { $0 + range.lowerBound }, len: UInt64(range.count))
                }
                for (index, place) in places.enumerated() {
                    nodes[index].key = string(place.key)
                    nodes[index].text = string(place.text)
                }
                return nodes.withUnsafeBufferPointer(body)
            }
        }
    }
}
