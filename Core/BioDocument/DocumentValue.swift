// SPDX-License-Identifier: Apache-2.0

/// A JSON or TOML value. Objects keep the order of their members, numbers keep their text, and strings are compared
/// as bytes: two spellings of one character are two strings here, as they are in the file.
package enum DocumentValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(DocumentNumber)
    case string(String)
    case array([DocumentValue])
    case object(DocumentObject)

    package static func == (left: DocumentValue, right: DocumentValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    /// A whole number.
    package static func integer(_ value: some BinaryInteger) -> DocumentValue { .number(DocumentNumber(value)) }

    /// The string, or null for nil.
    package static func optional(_ value: String?) -> DocumentValue { value.map { .string($0) } ?? .null }

    /// An array of strings.
    package static func strings(_ values: some Sequence<String>) -> DocumentValue { .array(values.map { .string($0) }) }

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var array: [DocumentValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: DocumentObject? { if case .object(let value) = self { value } else { nil } }

    /// The number when it is whole and fits; nil otherwise.
    package var int: Int? { if case .number(let value) = self { value.int } else { nil } }

    /// The member `key` of an object; nil when it is not there or this is no object.
    package subscript(_ key: String) -> DocumentValue? { object?[key] }
}

extension DocumentValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(arrayLiteral elements: DocumentValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }

    /// An object with the members in the order written. A key written twice is a programming error.
    package init(dictionaryLiteral elements: (String, DocumentValue)...) {
        var object = DocumentObject()
        for (key, value) in elements {
            precondition(object[key] == nil, "the key '\(key)' is written twice")
            object.append(key, value)
        }
        self = .object(object)
    }
}

extension String {
    /// Byte equality; `==` would call canonically equivalent spellings equal.
    package func hasSameBytes(as other: String) -> Bool {
        // Equal bytes are always `==`, and `==` finds different ones in one comparison of memory.
        self == other && utf8.elementsEqual(other.utf8)
    }
}
