// SPDX-License-Identifier: Apache-2.0

/// A value of a document, as a plugin writes it and as it reads it.
///
///     let service: DocumentValue = [
///         "apiVersion": "v1",
///         "kind": "Service",
///         "metadata": ["name": "\(name)", "namespace": .string(namespace)],  // namespace is nil: it is left out
///         "spec": ["ports": .list(ports.map { ["name": "\($0.name)", "port": .integer($0.number)] })],
///     ]
///     let yaml = try host.text(of: service, as: .yaml)
///
/// Any text is safe in it: the host quotes.
public struct DocumentValue: Sendable {
    public enum Content: Sendable {
        /// Not there: a member or element of this kind is left out.
        case absent
        case null
        case bool(Bool)
        case integer(Int64)
        /// Any other number, as JSON writes it.
        case number(String)
        case string(String)
        case list([DocumentValue])
        /// In the order in which they are written; each key once.
        case map([(key: String, value: DocumentValue)])
        /// `{{ text }}`, in a template alone: one scalar, which the expression quotes itself.
        case expression(String)
        /// `{{- text | nindent N }}`, in a template alone: lines of YAML where the value stands. With the key "" they
        /// are members themselves.
        case lines(String)
    }

    public var content: Content
    /// Lines before it, in YAML.
    public var comment: String?
    /// What opens the section of a template that it stands in: `if .Values.ingress.enabled`.
    public var section: String?
    /// Where it was read, both from 1; 0 when it was not. Of a member it is the place of the key.
    public internal(set) var line = 0
    public internal(set) var column = 0

    public init(_ content: Content) { self.content = content }

    public static let absent = DocumentValue(.absent)
    public static let null = DocumentValue(.null)

    /// A text; without one it is absent.
    public static func string(_ text: String?) -> DocumentValue { DocumentValue(text.map { .string($0) } ?? .absent) }
    /// A whole number; without one it is absent.
    public static func integer(_ value: (some BinaryInteger)?) -> DocumentValue {
        // What does not fit is a number still.
        DocumentValue(value.map { Int64(exactly: $0).map { .integer($0) } ?? .number("\($0)") } ?? .absent)
    }
    /// Without a value it is absent.
    public static func bool(_ value: Bool?) -> DocumentValue { DocumentValue(value.map { .bool($0) } ?? .absent) }
    public static func list(_ elements: [DocumentValue]) -> DocumentValue { DocumentValue(.list(elements)) }
    public static func strings(_ texts: [String]) -> DocumentValue { .list(texts.map { .string($0) }) }
    public static func map(_ members: [(key: String, value: DocumentValue)]) -> DocumentValue {
        DocumentValue(.map(members))
    }
    /// A literal that something is said of: `.map(["port": 80]).commented("Where it listens")`.
    public static func map(_ members: KeyValuePairs<String, DocumentValue>) -> DocumentValue {
        DocumentValue(.map(members.map { ($0.key, $0.value) }))
    }
    public static func expression(_ text: String) -> DocumentValue { DocumentValue(.expression(text)) }
    public static func lines(_ text: String) -> DocumentValue { DocumentValue(.lines(text)) }

    /// The same with lines of comment before it.
    public func commented(_ text: String) -> DocumentValue {
        var copy = self
        copy.comment = text
        return copy
    }

    /// The same, in a section that a template shows when `condition` holds: `.Values.ingress.enabled`.
    public func when(_ condition: String) -> DocumentValue { within("if \(condition)") }

    /// The same, in a section that begins with `opener`: `range .Values.env`.
    public func within(_ opener: String) -> DocumentValue {
        var copy = self
        copy.section = opener
        return copy
    }

    /// Absent when it is a list or a map with nothing in it.
    public var unlessEmpty: DocumentValue {
        switch content {
        case .list(let elements) where !elements.contains { !$0.isAbsent }: .absent
        case .map(let members) where !members.contains { !$0.value.isAbsent }: .absent
        default: self
        }
    }

    /// This map with the members of another behind its own.
    public func adding(_ other: DocumentValue) -> DocumentValue {
        var copy = self
        copy.content = .map(members + other.members)
        return copy
    }

    public var isAbsent: Bool { if case .absent = content { true } else { false } }
}

extension DocumentValue: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self.init(.string(value)) }
    public init(booleanLiteral value: Bool) { self.init(.bool(value)) }
    public init(integerLiteral value: Int64) { self.init(.integer(value)) }
    public init(arrayLiteral elements: DocumentValue...) { self.init(.list(elements)) }
    public init(dictionaryLiteral elements: (String, DocumentValue)...) {
        self.init(.map(elements.map { (key: $0.0, value: $0.1) }))
    }
}

// MARK: - Reading

extension DocumentValue {
    public var string: String? { if case .string(let text) = content { text } else { nil } }
    public var integer: Int64? { if case .integer(let value) = content { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = content { value } else { nil } }
    /// The elements of a list; none when it is something else.
    public var elements: [DocumentValue] { if case .list(let elements) = content { elements } else { [] } }
    /// The members of a map; none when it is something else.
    public var members: [(key: String, value: DocumentValue)] {
        if case .map(let members) = content { members } else { [] }
    }
    /// The member `key` of a map.
    public subscript(_ key: String) -> DocumentValue? { members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value }
    /// Element number `index` of a list.
    public subscript(_ index: Int) -> DocumentValue? {
        elements.indices.contains(index) ? elements[index] : nil
    }
}
