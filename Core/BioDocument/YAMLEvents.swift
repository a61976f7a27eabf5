// SPDX-License-Identifier: Apache-2.0

import CYaml

/// The events of one YAML text, by libyaml.
struct YAMLEvents: ~Copyable {
    /// One event, copied out of libyaml's memory.
    struct Event {
        enum Kind { case streamEnd, documentStart, documentEnd, alias, scalar, listStart, listEnd, mapStart, mapEnd }
        let kind: Kind
        let position: DocumentPosition
        /// Of a scalar.
        let text: String
        let isPlain: Bool
        /// Its own anchor, or the one that an alias names.
        let anchor: String?
        let tag: String?
    }

    private let parser: OpaquePointer

    /// `bytes` must outlive this. They are UTF-8 without a character that `YAMLCharacters` refuses.
    init(_ bytes: UnsafeRawBufferPointer) throws(DocumentError) {
        var problem: UnsafePointer<CChar>?
        guard let parser = bio_yaml_new(bytes.baseAddress, bytes.count, &problem) else {
            throw DocumentError(
                .libraryMissing(problem.map { String(cString: $0) } ?? "no memory for libyaml"),
                at: DocumentPosition(line: 1, column: 1))
        }
        self.parser = parser
    }

    deinit { bio_yaml_free(parser) }

    /// The next event; none is asked for after the end of the stream.
    mutating func next() throws(DocumentError) -> Event {
        var event = bio_yaml_event()
        var problem = bio_yaml_problem()
        repeat {
            guard bio_yaml_next(parser, &event, &problem) == 1 else { throw Self.error(problem) }
        } while event.kind == BIO_YAML_NONE
        return Event(
            kind: Self.kind(event.kind), position: Self.position(event.line, event.column),
            text: String(
                decoding: UnsafeRawBufferPointer(start: event.text, count: event.text == nil ? 0 : event.length),
                as: UTF8.self),
            isPlain: event.is_plain != 0, anchor: event.anchor.map { String(cString: $0) },
            tag: event.tag.map { String(cString: $0) })
    }

    private static func kind(_ kind: bio_yaml_kind) -> Event.Kind {
        switch kind {
        case BIO_YAML_DOCUMENT_START: .documentStart
        case BIO_YAML_DOCUMENT_END: .documentEnd
        case BIO_YAML_ALIAS: .alias
        case BIO_YAML_SCALAR: .scalar
        case BIO_YAML_LIST_START: .listStart
        case BIO_YAML_LIST_END: .listEnd
        case BIO_YAML_MAP_START: .mapStart
        case BIO_YAML_MAP_END: .mapEnd
        default: .streamEnd
        }
    }

    private static func position(_ line: UInt32, _ column: UInt32) -> DocumentPosition {
        DocumentPosition(line: max(1, Int(line)), column: max(1, Int(column)))
    }

    private static func error(_ problem: bio_yaml_problem) -> DocumentError {
        let text = withUnsafeBytes(of: problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return DocumentError(
            text.isEmpty ? .libraryMissing("no memory for libyaml") : .syntax(text),
            at: position(problem.line, problem.column))
    }
}
