// SPDX-License-Identifier: Apache-2.0

import CToml

/// A TOML 1.0 text as a value, with the place of every part of it. Tables keep the order of the file; dates and times
/// become strings in RFC 3339 form.
package struct TOMLDocument: Hashable, Sendable {
    /// The root table.
    package let value: DocumentValue
    private let places: Place

    /// One step into a document.
    package enum Step: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case key(String)
        case index(Int)

        package init(stringLiteral value: String) { self = .key(value) }
        package init(integerLiteral value: Int) { self = .index(value) }
    }

    /// Reads a text of at most `maximumLength` bytes with at most `maximumDepth` values inside each other.
    package init(
        parsing bytes: [UInt8], maximumLength: Int = 1 << 20, maximumDepth: Int = 64
    ) throws(DocumentError) {
        guard bytes.count <= maximumLength else {
            throw DocumentError(.tooLong(limit: maximumLength), at: DocumentPosition(line: 1, column: 1))
        }
        var problem = bio_toml_problem()
        let parsed = bytes.withUnsafeBytes { buffer in
            bio_toml_parse(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, maximumDepth, &problem)
        }
        guard let parsed else { throw Self.error(problem, maximumDepth: maximumDepth) }
        defer { bio_toml_free(parsed) }
        var count = 0
        let nodes = UnsafeBufferPointer(start: bio_toml_nodes(parsed, &count), count: count)
        var index = 0
        (value, places) = try Self.build(nodes, &index)
    }

    package init(parsing text: String) throws(DocumentError) { try self.init(parsing: Array(text.utf8)) }

    /// Where the value at `path` begins: its key in a table, the value itself in an array. For a path that is not
    /// there, the place of the nearest part that is; the first line for the root.
    package func position(of path: Step...) -> DocumentPosition { position(of: path) }

    package func position(of path: [Step]) -> DocumentPosition {
        var value = value
        var place = places
        for step in path {
            let index: Int?
            switch step {
            case .key(let key): index = value.object?.members.firstIndex { $0.key.hasSameBytes(as: key) }
            case .index(let number): index = place.children.indices.contains(number) ? number : nil
            }
            guard let index else { break }
            place = place.children[index]
            switch value {
            case .object(let object): value = object.members[index].value
            case .array(let elements): value = elements[index]
            default: break
            }
        }
        return place.position
    }

    /// The shape of the value once more, holding positions.
    private struct Place: Hashable, Sendable {
        let position: DocumentPosition
        let children: [Place]
    }

    private static func error(_ problem: bio_toml_problem, maximumDepth: Int) -> DocumentError {
        let text = withUnsafeBytes(of: problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let position = DocumentPosition(line: max(1, Int(problem.line)), column: max(1, Int(problem.column)))
        return DocumentError(text.isEmpty ? .tooDeep(limit: maximumDepth) : .syntax(text), at: position)
    }

    /// Builds the value at `index` and moves on behind it. The shim bounds the depth.
    private static func build(
        _ nodes: UnsafeBufferPointer<bio_toml_node>, _ index: inout Int
    ) throws(DocumentError) -> (DocumentValue, Place) {
        let node = nodes[index]
        index += 1
        let position = DocumentPosition(line: max(1, Int(node.line)), column: max(1, Int(node.column)))
        var places: [Place] = []
        let value: DocumentValue
        switch node.kind {
        case BIO_TOML_TABLE:
            var members: [DocumentObject.Member] = []
            for _ in 0..<node.children {
                let key = text(nodes[index].key, nodes[index].key_length)
                let (child, place) = try build(nodes, &index)
                members.append(DocumentObject.Member(key: key, value: child))
                places.append(place)
            }
            value = .object(DocumentObject(distinct: members))
        case BIO_TOML_ARRAY:
            var elements: [DocumentValue] = []
            for _ in 0..<node.children {
                let (child, place) = try build(nodes, &index)
                elements.append(child)
                places.append(place)
            }
            value = .array(elements)
        case BIO_TOML_INTEGER: value = .integer(node.integer)
        case BIO_TOML_BOOLEAN: value = .bool(node.integer != 0)
        case BIO_TOML_FLOAT:
            guard let number = DocumentNumber(node.number) else {
                throw DocumentError(.notRepresentable(node.number.isNaN ? "nan" : "inf"), at: position)
            }
            value = .number(number)
        default: value = .string(text(node.text, node.text_length))
        }
        return (value, Place(position: position, children: places))
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
