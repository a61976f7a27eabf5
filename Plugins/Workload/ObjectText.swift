// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// A text of an object: as it stands, or with parts that a chart takes from its values.
///
///     let name: ObjectText = .expression("include \"redis.fullname\" .")
///     let gossip: ObjectText = "\(name)-gossip"
///     gossip.value  // {{ printf "%s-gossip" (include "redis.fullname" .) | quote }}
public struct ObjectText: Sendable, ExpressibleByStringInterpolation {
    fileprivate enum Part { case literal(String), expression(String) }

    private let parts: [Part]

    private init(_ parts: [Part]) { self.parts = parts }

    public init(_ text: String) { parts = [.literal(text)] }
    public init(stringLiteral text: String) { self.init(text) }
    public init(stringInterpolation texts: Interpolation) { parts = texts.parts }

    /// What an expression of a template gives, as in `.Values.imageName`.
    public static func expression(_ text: String) -> ObjectText { ObjectText([.expression(text)]) }

    /// Whether it is the same in every release of a chart.
    public var isLiteral: Bool {
        parts.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    public var value: DocumentValue {
        isLiteral ? .string(literal) : .expression("\(expression) | quote")
    }

    private var literal: String { parts.map { if case .literal(let text) = $0 { text } else { "" } }.joined() }

    /// The same within another expression, without quotes around what it gives.
    public var expression: String {
        if isLiteral { return Self.quoted(literal) }
        if parts.count == 1, case .expression(let text) = parts[0] { return text }
        var format = ""
        var arguments = ""
        for part in parts {
            switch part {
            case .literal(let text): format += text.replacing("%", with: "%%")
            case .expression(let text):
                format += "%v"
                arguments += " (\(text))"
            }
        }
        return "printf \(Self.quoted(format))\(arguments)"
    }

    /// A constant of Go's templates; braces that would end an action are none in it.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "{", "}": result += "\\x" + String(scalar.value, radix: 16)
            case _ where scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x2029 ~= scalar.value:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}
        public mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append(.literal(text)) } }
        public mutating func appendInterpolation(_ text: String) { appendLiteral(text) }
        public mutating func appendInterpolation(_ number: Int) { appendLiteral("\(number)") }
        public mutating func appendInterpolation(_ text: ObjectText) { parts += text.parts }
    }
}
