// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// A text of an object: known when the export is made, or with parts that a chart's values give.
///
///     let name: Term = .value(".Values.metadataName")
///     let gossip: Term = "\(name)-gossip-0"  // {{ printf "%v-gossip-0" (.Values.metadataName) | quote }}
public struct Term: Sendable, ExpressibleByStringInterpolation {
    public enum Part: Sendable, Equatable {
        case literal(String)
        /// What Go's text/template evaluates: `.Values.imageName`.
        case value(String)
    }

    public private(set) var parts: [Part]

    public init(_ parts: [Part]) { self.parts = parts }
    public init(_ text: String) { parts = [.literal(text)] }
    public init(stringLiteral text: String) { self.init(text) }
    public init(stringInterpolation interpolation: Interpolation) { parts = interpolation.parts }

    public static func value(_ expression: String) -> Term { Term([.value(expression)]) }

    public struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}
        public mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append(.literal(text)) } }
        public mutating func appendInterpolation(_ term: Term) { parts += term.parts }
        public mutating func appendInterpolation(_ text: String) { parts.append(.literal(text)) }
    }

    /// The whole text; nil when a chart's values give parts of it.
    public var literal: String? {
        var text = ""
        for part in parts {
            guard case .literal(let piece) = part else { return nil }
            text += piece
        }
        return text
    }

    /// A string, or a quoted expression.
    public var document: DocumentValue { literal.map { .string($0) } ?? .expression("\(expression) | quote") }

    /// The same within another expression, not quoted.
    public var expression: String {
        if let literal { return Self.quoted(literal) }
        if parts.count == 1, case .value(let expression) = parts[0] { return expression }
        var format = ""
        var arguments = ""
        for part in parts {
            switch part {
            case .literal(let text):
                format += text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
            case .value(let expression):
                format += "%v"
                arguments += " (\(expression))"
            }
        }
        return "printf \(Self.quoted(format))\(arguments)"
    }

    /// A string of Go's templates. Braces in pairs would end the action.
    private static func quoted(_ text: String) -> String {
        let pieces = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "{", "}": "\\x\(String(scalar.value, radix: 16))"
            case _ where scalar.properties.generalCategory == .control || 0x2028...0x2029 ~= scalar.value:
                "\\U\(String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count))\(String(scalar.value, radix: 16))"
            default: "\(scalar)"
            }
        }
        return "\"\(pieces.joined())\""
    }
}

/// Whether a part of an object is there; a chart can leave that to its values.
public enum Presence: Sendable, Equatable {
    case never, always
    /// When this holds: `.Values.ingress.enabled`.
    case when(String)
}

/// Something that may be left out of the objects, by a condition of a chart's values.
public struct Choice<Content: Sendable>: Sendable {
    public var content: Content
    public var condition: String?

    public init(_ content: Content, when condition: String? = nil) {
        self.content = content
        self.condition = condition
    }
}

extension DocumentValue {
    func shown(_ presence: Presence) -> DocumentValue {
        switch presence {
        case .never: .absent
        case .always: self
        case .when(let condition): when(condition)
        }
    }

    func shown(when condition: String?) -> DocumentValue { condition.map { when($0) } ?? self }

    /// A list that is there as soon as one of its elements is, which may be up to a chart's values.
    static func list(ofAny elements: [DocumentValue]) -> DocumentValue {
        let list = DocumentValue.list(elements).unlessEmpty
        var conditions: [String] = []
        for element in elements where !element.isAbsent {
            guard let opener = element.section?.split(separator: " ", maxSplits: 1), opener.count == 2 else {
                return list
            }
            if !conditions.contains("(\(opener[1]))") { conditions.append("(\(opener[1]))") }
        }
        return conditions.isEmpty ? list : list.when("or \(conditions.joined(separator: " "))")
    }

    static func map(_ members: KeyValuePairs<String, DocumentValue>, shown presence: Presence) -> DocumentValue {
        .map(members).shown(presence)
    }
}
