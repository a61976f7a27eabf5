// SPDX-License-Identifier: Apache-2.0

import CToml

/// A TOML 1.0 text as a value, with the place of every part of it. Tables keep the order of the file; dates and times
/// become strings in RFC 3339 form.
package struct TOMLDocument: Hashable, Sendable {
    package let document: Document

    package typealias Step = DocumentStep

    /// The root table.
    package var value: DocumentValue { document.value }

    /// Reads a text of at most `maximumLength` bytes with at most `maximumDepth` values inside each other.
    package init(
        parsing bytes: [UInt8], maximumLength: Int = 1 << 20, maximumDepth: Int = 64
    ) throws(DocumentError) {
        document = try Document(toml: bytes, limits: DocumentLimits(length: maximumLength, depth: maximumDepth))
    }

    package init(parsing text: String) throws(DocumentError) { try self.init(parsing: Array(text.utf8)) }

    /// Where the value at `path` begins, as `Document.position(of:)` says it; the first line for the root.
    package func position(of path: Step...) -> DocumentPosition { document.position(of: path) }

    package func position(of path: [Step]) -> DocumentPosition { document.position(of: path) }
}

extension Document {
    /// Reads one TOML 1.0 text; times become strings.
    package init(toml bytes: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        try limits.check(length: bytes.count)
        var problem = bio_toml_problem()
        let parsed = bytes.withUnsafeBytes { buffer in
            bio_toml_parse(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, limits.depth, &problem)
        }
        guard let parsed else { throw Self.error(problem, maximumDepth: limits.depth) }
        defer { bio_toml_free(parsed) }
        var count = 0
        let nodes = UnsafeBufferPointer(start: bio_toml_nodes(parsed, &count), count: count)
        guard count <= limits.values else {
            throw DocumentError(.tooMany(limit: limits.values), at: DocumentPosition(line: 1, column: 1))
        }
        var index = 0
        let (value, places) = try Self.build(nodes, &index)
        self.init(value: value, places: places)
    }

    private static func error(_ problem: bio_toml_problem, maximumDepth: Int) -> DocumentError {
        let text = withUnsafeBytes(of: problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let position = DocumentPosition(line: max(1, Int(problem.line)), column: max(1, Int(problem.column)))
        return DocumentError(text.isEmpty ? .tooDeep(limit: maximumDepth) : .syntax(text), at: position)
    }

    /// Builds the value at `index` and moves on behind it. The shim bounds the depth.
    private static func build(
        _ nodes: UnsafeBufferPointer<bio_toml_node>, _ index: inout Int
    ) throws(DocumentError) -> (DocumentValue, DocumentPlaces) {
        let node = nodes[index]
        index += 1
        let position = DocumentPosition(line: max(1, Int(node.line)), column: max(1, Int(node.column)))
        var places: [DocumentPlaces] = []
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
        return (value, DocumentPlaces(position: position, children: places))
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
