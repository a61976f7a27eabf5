// SPDX-License-Identifier: Apache-2.0

/// The type of a typed function as `bio_function.signature` writes it: `s(s,i64)`, `check(s)`, `*`.
package struct FunctionSignature: Hashable, Sendable, CustomStringConvertible {
    /// A type of values; the raw values are the words of the grammar.
    package enum Scalar: String, Hashable, Sendable, CaseIterable {
        case bool = "b", int32 = "i32", int64 = "i64", uint32 = "u32", uint64 = "u64", double = "d", text = "s"
    }

    package enum Result: Hashable, Sendable {
        case value(Scalar)
        /// Whether the arguments will do, and if not, why.
        case check
    }

    package static let mostArguments = 8

    package let result: Result
    /// Nil: `*`, whatever it is given.
    package let arguments: [Scalar]?

    package static let any = FunctionSignature(result: .value(.text), arguments: nil)

    private init(result: Result, arguments: [Scalar]?) {
        self.result = result
        self.arguments = arguments
    }

    /// What is wrong with a signature, and where.
    package struct Wrong: Error, Hashable, Sendable, CustomStringConvertible {
        package let text: String
        /// From 1, in bytes.
        package let column: Int
        package var description: String { "\(text) at column \(column)" }
    }

    package init(parsing text: String) throws(Wrong) {
        if text == "*" {
            self = .any
            return
        }
        guard let open = text.firstIndex(of: "(") else {
            throw Wrong(text: "there is no '('", column: text.utf8.count + 1)
        }
        guard text.last == ")" else { throw Wrong(text: "it does not end with ')'", column: text.utf8.count + 1) }
        let word = text[..<open]
        if word == "check" {
            result = .check
        } else if let scalar = Scalar(rawValue: String(word)) {
            result = .value(scalar)
        } else {
            throw Wrong(text: "'\(word)' is no result", column: 1)
        }
        let inside = text[text.index(after: open)..<text.index(before: text.endIndex)]
        var scalars: [Scalar] = []
        for word in inside.isEmpty ? [] : inside.split(separator: ",", omittingEmptySubsequences: false) {
            let column = text.utf8.distance(from: text.startIndex, to: word.startIndex) + 1
            guard let scalar = Scalar(rawValue: String(word)) else {
                throw Wrong(text: "'\(word)' is no type", column: column)
            }
            guard scalars.count < Self.mostArguments else {
                throw Wrong(text: "there are more than \(Self.mostArguments) arguments", column: column)
            }
            scalars.append(scalar)
        }
        arguments = scalars
    }

    package var description: String {
        guard let arguments else { return "*" }
        let word =
            switch result {
            case .value(let scalar): scalar.rawValue
            case .check: "check"
            }
        return "\(word)(\(arguments.map(\.rawValue).joined(separator: ",")))"
    }

    /// Whether a function of this type can be called with these values.
    func takes(_ values: [FunctionValue]) -> Bool {
        guard let arguments else { return values.count <= Self.mostArguments }
        return values.count == arguments.count && zip(values, arguments).allSatisfy { $0.fits($1) }
    }

    /// Whether it may be the check of an option of that kind.
    func checks(_ kind: OptionDescription.Kind) -> Bool {
        guard let arguments else { return true }
        return result == .check && arguments == [kind == .integer ? .int64 : .text]
    }
}
