// SPDX-License-Identifier: Apache-2.0

extension Document {
    /// Reads the documents of a YAML text by the core schema of YAML 1.2: `yes` and `0o17` are a string and 15, `017` is
    /// 17. A key is the text of its scalar; `<<` merges tables. Aliases are written out within the limits. Refused are
    /// keys that are there twice, tags outside of the core schema, infinities and NaN.
    package static func all(
        yaml bytes: [UInt8], limits: DocumentLimits = DocumentLimits()
    ) throws(DocumentError) -> [Document] {
        try limits.check(length: bytes.count)
        try YAMLCharacters.check(bytes)
        return try bytes.withUnsafeBufferPointer { (buffer) throws(DocumentError) -> [Document] in
            var reader = YAMLReader(limits: limits)
            var events = try YAMLEvents(UnsafeRawBufferPointer(buffer))
            return try reader.documents(&events)
        }
    }

    /// Reads a YAML text of one document; none at all is null.
    package init(yaml bytes: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        let documents = try Self.all(yaml: bytes, limits: limits)
        if documents.count > 1 {
            throw DocumentError(.trailing(found: "another document"), at: documents[1].places.position)
        }
        let first = DocumentPosition(line: 1, column: 1)
        self = documents.first ?? Document(value: .null, places: DocumentPlaces(position: first))
    }
}

/// Puts values together from events.
private struct YAMLReader {
    let limits: DocumentLimits
    /// What the anchors of the document at hand stand for.
    var anchors: [String: Node] = [:]
    var weight = 0
    var depth = 0

    init(limits: DocumentLimits) { self.limits = limits }

    /// A value that is whole.
    struct Node {
        var value: DocumentValue
        var places: DocumentPlaces
        /// What it counts against `DocumentLimits.values`, with all that is in it.
        var weight = 1
        /// How many lists and tables are inside each other in it.
        var height = 0
    }

    mutating func documents(_ events: inout YAMLEvents) throws(DocumentError) -> [Document] {
        var documents: [Document] = []
        while true {
            let event = try events.next()
            if event.kind == .streamEnd { return documents }
            guard event.kind == .documentStart else { continue }
            anchors = [:]
            let root = try node(try events.next(), &events)
            documents.append(Document(value: root.value, places: root.places))
        }
    }

    /// The value that begins with `event`.
    private mutating func node(
        _ event: YAMLEvents.Event, _ events: inout YAMLEvents
    ) throws(DocumentError) -> Node {
        let made: Node
        switch event.kind {
        case .alias: return try alias(event)
        case .listStart: made = try list(event, &events)
        case .mapStart: made = try map(event, &events)
        default:
            let value = try YAMLTag.scalar(event)
            made = Node(
                value: value, places: DocumentPlaces(position: event.position), weight: 1 + Self.weight(of: event.text))
            try count(made.weight, event)
        }
        if let anchor = event.anchor { anchors[anchor] = made }
        return made
    }

    private mutating func alias(_ event: YAMLEvents.Event) throws(DocumentError) -> Node {
        let name = event.anchor ?? ""
        guard var node = anchors[name] else { throw DocumentError(.unknownAlias(name), at: event.position) }
        try count(node.weight, event)
        guard depth + node.height <= limits.depth else {
            throw DocumentError(.tooDeep(limit: limits.depth), at: event.position)
        }
        // What is wrong with it here is to be mended here.
        node.places = DocumentPlaces(position: event.position, children: node.places.children)
        return node
    }

    private mutating func list(
        _ event: YAMLEvents.Event, _ events: inout YAMLEvents
    ) throws(DocumentError) -> Node {
        try YAMLTag.check(event, is: "seq")
        try enter(event)
        var made = Node(value: .null, places: DocumentPlaces(position: event.position))
        var elements: [DocumentValue] = []
        var places: [DocumentPlaces] = []
        while true {
            let next = try events.next()
            if next.kind == .listEnd { break }
            let element = try node(next, &events)
            elements.append(element.value)
            places.append(element.places)
            made.weight += element.weight
            made.height = max(made.height, element.height)
        }
        depth -= 1
        made.value = .array(elements)
        made.places = DocumentPlaces(position: event.position, children: places)
        made.height += 1
        return made
    }

    private mutating func map(
        _ event: YAMLEvents.Event, _ events: inout YAMLEvents
    ) throws(DocumentError) -> Node {
        try YAMLTag.check(event, is: "map")
        try enter(event)
        var made = Node(value: .null, places: DocumentPlaces(position: event.position))
        var table = YAMLTable()
        while true {
            let next = try events.next()
            if next.kind == .mapEnd { break }
            let key = try key(next)
            let member = try node(try events.next(), &events)
            made.weight += member.weight + Self.weight(of: key)
            made.height = max(made.height, member.height)
            if next.isMergeKey {
                try table.merge(member.value, member.places, at: next.position)
            } else {
                try table.add(
                    key, member.value, DocumentPlaces(position: next.position, children: member.places.children))
            }
        }
        depth -= 1
        let (object, places) = table.finished()
        made.value = .object(object)
        made.places = DocumentPlaces(position: event.position, children: places)
        made.height += 1
        return made
    }

    /// The text of a key: a scalar that is not null, or an alias of a string. It is no value, but its text counts.
    private mutating func key(_ event: YAMLEvents.Event) throws(DocumentError) -> String {
        let text: String
        switch event.kind {
        case .mapStart: throw DocumentError(.noKey("a table"), at: event.position)
        case .listStart: throw DocumentError(.noKey("a list"), at: event.position)
        case .alias:
            guard case .string(let value) = try alias(event).value else {
                throw DocumentError(.noKey("an alias of something else"), at: event.position)
            }
            text = value
        default:
            let value = try YAMLTag.scalar(event)
            if value == .null { throw DocumentError(.noKey("null"), at: event.position) }
            if let anchor = event.anchor {
                anchors[anchor] = Node(
                    value: value, places: DocumentPlaces(position: event.position),
                    weight: 1 + Self.weight(of: event.text))
            }
            text = event.text
        }
        try count(Self.weight(of: text), event)
        return text
    }

    private static func weight(of text: String) -> Int { text.utf8.count / 64 }

    private mutating func enter(_ event: YAMLEvents.Event) throws(DocumentError) {
        depth += 1
        if depth > limits.depth { throw DocumentError(.tooDeep(limit: limits.depth), at: event.position) }
        try count(1, event)
    }

    private mutating func count(_ more: Int, _ event: YAMLEvents.Event) throws(DocumentError) {
        weight += more
        if weight > limits.values { throw DocumentError(.tooMany(limit: limits.values), at: event.position) }
    }
}

extension YAMLEvents.Event {
    /// `<<`, unquoted.
    fileprivate var isMergeKey: Bool {
        kind == .scalar && isPlain && text == "<<" && (tag == nil || tag == "tag:yaml.org,2002:merge")
    }
}
