// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import CBioExport

/// Reads the nodes that a plugin wants written: copied before they are checked.
package struct DraftReader {
    /// Bytes that a document may take when it is written.
    package static let mostBytes = 16 << 20

    private let nodes: [bio_node]
    private let isTemplate: Bool
    private var index = 0
    /// About what will be written: texts, and the blanks before lines.
    private var bytes = 0

    /// A copy of `count` nodes.
    static func nodes(_ start: UnsafePointer<bio_node>?, _ count: Int) throws(PluginTableReader.Wrong) -> [bio_node] {
        guard count > 0 else { return [] }
        guard let start else { throw PluginTableReader.Wrong(text: "there are \(count) nodes, but no array") }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    package init(_ nodes: [bio_node], isTemplate: Bool) {
        self.nodes = nodes
        self.isTemplate = isTemplate
    }

    /// What items stand in.
    private enum Place { case stream, list, map }

    /// All documents that the nodes hold, with what stands between them.
    package mutating func documents() throws(DocumentRefusal) -> [DocumentItem] {
        var documents: [DocumentItem] = []
        while index < nodes.count { documents.append(try item(in: .stream, depth: 0)) }
        return documents
    }

    private mutating func items(_ count: UInt32, in place: Place, depth: Int) throws(DocumentRefusal) -> [DocumentItem]
    {
        guard count <= nodes.count - index else {
            throw wrong("has \(count) items, and \(nodes.count - index) nodes follow")
        }
        guard depth <= DocumentLimits.ofPlugins.depth else {
            throw DocumentRefusal(
                code: BIO_E_LIMIT,
                message:
                    "a document of more than \(DocumentLimits.ofPlugins.depth) values inside each other was written")
        }
        var items: [DocumentItem] = []
        items.reserveCapacity(Int(count))
        var keys: Set<[UInt8]> = []
        for _ in 0..<count {
            let number = index
            let item = try item(in: place, depth: depth)
            if case .member(let key, _) = item, !keys.insert(Array(key.utf8)).inserted {
                throw wrong("has the key '\(PluginLog.printable(Array(key.utf8.prefix(100))))' once more", node: number)
            }
            items.append(item)
        }
        return items
    }

    private mutating func item(in place: Place, depth: Int) throws(DocumentRefusal) -> DocumentItem {
        guard index < nodes.count else { throw wrong("is missing") }
        let node = nodes[index]
        index += 1
        let key = try text(node.key, "key", depth)
        switch node.kind {
        case BIO_NODE_COMMENT: return .comment(try text(node.text, "comment", depth))
        case BIO_NODE_LINES where place != .map || key.isEmpty: return .lines(try expression(node, depth))
        case BIO_NODE_SECTION:
            let opener = try expression(node, depth)
            guard DocumentItem.isOpener(opener) else {
                throw wrong("opens a section with no if, range, with or define")
            }
            return .section(opener, try items(node.count, in: place, depth: depth + 1))
        default: break
        }
        if place != .map, !key.isEmpty { throw wrong("has a key, and is in no MAP") }
        let draft = try draft(node, depth: depth)
        return place == .map ? .member(key, draft) : .element(draft)
    }

    private mutating func draft(_ node: bio_node, depth: Int) throws(DocumentRefusal) -> DocumentDraft {
        switch node.kind {
        case BIO_NODE_NULL: return .value(.null)
        case BIO_NODE_BOOL: return .value(.bool(node.integer != 0))
        case BIO_NODE_INTEGER: return .value(.integer(node.integer))
        case BIO_NODE_NUMBER: return .value(try number(node, depth))
        case BIO_NODE_STRING: return .value(.string(try text(node.text, "text", depth)))
        case BIO_NODE_LIST: return .list(try items(node.count, in: .list, depth: depth + 1))
        case BIO_NODE_MAP: return .map(try items(node.count, in: .map, depth: depth + 1))
        case BIO_NODE_EXPRESSION: return .expression(try expression(node, depth))
        case BIO_NODE_LINES: return .lines(try expression(node, depth))
        default: throw wrong("is of the unknown kind \(node.kind)")
        }
    }

    private mutating func number(_ node: bio_node, _ depth: Int) throws(DocumentRefusal) -> DocumentValue {
        let text = try text(node.text, "number", depth)
        guard let value = try? DocumentValue(json: text), case .number = value else { throw wrong("is no number") }
        return value
    }

    private mutating func expression(_ node: bio_node, _ depth: Int) throws(DocumentRefusal) -> String {
        guard isTemplate else { throw wrong("belongs in a template (BIO_SYNTAX_YAML_TEMPLATE)") }
        let text = try text(node.text, "expression", depth)
        guard DocumentItem.isExpression(text) else { throw wrong("is no expression: one line without {{ and }}") }
        return text
    }

    /// Any text; what it will take is counted.
    private mutating func text(_ raw: bio_str, _ field: String, _ depth: Int) throws(DocumentRefusal) -> String {
        let copy: [UInt8]
        do throws(PluginTableReader.Wrong) {
            copy = try PluginTableReader.bytes(raw, field, limit: Self.mostBytes)
        } catch { throw wrong(error.text) }
        let lines = copy.count { $0 == 0x0A } + 1
        bytes += copy.count + lines * (2 * depth + 2)
        guard bytes <= Self.mostBytes else {
            throw DocumentRefusal(
                code: BIO_E_LIMIT, message: "a document of more than \(Self.mostBytes >> 20) MiB was written")
        }
        guard let text = String(validating: copy, as: UTF8.self) else {
            throw wrong("has a \(field) that is not UTF-8")
        }
        return text
    }

    /// What is wrong with a node; if not said, the one read last.
    private func wrong(_ text: String, node: Int? = nil) -> DocumentRefusal {
        DocumentRefusal(
            code: BIO_E_INVALID,
            message: PluginFailure.wrongCall + "bio_node \(node ?? max(0, index - 1)) \(text)")
    }
}
