// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import CBioExport

/// Documents as the nodes that a plugin reads: all of them in one piece of memory, all their texts in another.
package struct NodeRecord {
    /// A node whose texts are still places in `texts`.
    private struct Entry {
        var key: Range<Int>
        var text: Range<Int>
        var integer: Int64 = 0
        var kind: UInt32
        var count = 0
        var position: DocumentPosition
    }

    private var entries: [Entry] = []
    /// Each with a NUL behind it.
    private var texts: [UInt8] = [0]
    private let roots: Int

    package init(_ documents: [Document]) {
        roots = documents.count
        for document in documents { add(document.value, document.places, key: "") }
    }

    /// Bytes that `make` takes.
    package var size: Int { entries.count * MemoryLayout<bio_node>.stride + texts.count }

    private mutating func add(_ value: DocumentValue, _ places: DocumentPlaces, key: String) {
        var entry = Entry(key: put(key), text: 0..<0, kind: BIO_NODE_NULL, position: places.position)
        switch value {
        case .null: break
        case .bool(let flag):
            entry.kind = BIO_NODE_BOOL
            entry.integer = flag ? 1 : 0
        case .number(let number):
            entry.kind = BIO_NODE_NUMBER
            if let integer = Int64(number.text) {
                entry.kind = BIO_NODE_INTEGER
                entry.integer = integer
            }
            entry.text = put(number.text)
        case .string(let text):
            entry.kind = BIO_NODE_STRING
            entry.text = put(text)
        case .array(let elements):
            entry.kind = BIO_NODE_LIST
            entry.count = elements.count
        case .object(let object):
            entry.kind = BIO_NODE_MAP
            entry.count = object.count
        }
        entries.append(entry)
        if case .array(let elements) = value {
            for (element, place) in zip(elements, places.children) { add(element, place, key: "") }
        } else if case .object(let object) = value {
            for (member, place) in zip(object.members, places.children) { add(member.value, place, key: member.key) }
        }
    }

    private mutating func put(_ text: String) -> Range<Int> {
        guard !text.isEmpty else { return 0..<0 }
        let start = texts.count
        texts += Array(text.utf8) + [0]
        return start..<(texts.count - 1)
    }

    /// The document in memory that lives as long as the export; nil when there is none.
    package func make(in memory: LastingMemory) -> bio_document? {
        let whole = memory.string(texts)
        guard let start = whole.ptr else { return nil }
        func string(_ range: Range<Int>) -> bio_str { bio_str(ptr: start + range.lowerBound, len: UInt64(range.count)) }
        let nodes = memory.array(
            entries.map {
                bio_node(
                    key: string($0.key), text: string($0.text), integer: $0.integer, kind: $0.kind,
                    count: UInt32($0.count), line: UInt32(clamping: $0.position.line),
                    column: UInt32(clamping: $0.position.column))
            })
        guard nodes != nil || entries.isEmpty else { return nil }
        return bio_document(
            struct_size: UInt32(MemoryLayout<bio_document>.size), flags: 0, root_count: UInt64(roots),
            node_count: UInt64(entries.count), nodes: UnsafePointer(nodes))
    }
}
