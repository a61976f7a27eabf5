// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// The functions a template may call, by name. A value: adding one makes another set.
package struct TemplateFunctions: Sendable {
    package typealias Body = @Sendable ([DocumentValue]) throws(TemplateFunctionError) -> DocumentValue

    struct Function: Sendable {
        let signature: TemplateSignature?
        let body: Body
    }

    private var functions: [String: Function] = [:]

    /// No functions; the blocks, `lookup` and `log` belong to the language.
    package init() {}

    /// The same and `name`, which replaces one of that name. With a signature the arguments are checked, with their
    /// place in the template, before `body` sees them.
    package func adding(
        _ name: String, _ signature: TemplateSignature? = nil, _ body: @escaping Body
    ) -> TemplateFunctions {
        var result = self
        result.functions[name] = Function(signature: signature, body: body)
        return result
    }

    /// All names, in order.
    package var names: [String] { functions.keys.sorted() }

    package func contains(_ name: String) -> Bool { functions[name] != nil }

    subscript(_ name: String) -> Function? { functions[name] }

    /// The blocks of the language.
    package static let blocks: Set<String> = ["if", "unless", "each", "with", "eachAlive"]
}

/// What a function takes.
package struct TemplateSignature: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case any, string, number, bool, array, object
        /// A text, number or boolean.
        case scalar
    }

    package struct Parameter: Hashable, Sendable {
        package let name: String
        package let kind: Kind

        package init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    package let parameters: [Parameter]
    /// The last parameter may be given any number of times, also none.
    package let repeatsLast: Bool

    package init(_ parameters: Parameter..., repeatsLast: Bool = false) {
        self.init(parameters, repeatsLast: repeatsLast)
    }

    package init(_ parameters: [Parameter], repeatsLast: Bool = false) {
        self.parameters = parameters
        self.repeatsLast = repeatsLast
    }
}

/// Why a function gives no result.
package struct TemplateFunctionError: Error, Hashable, Sendable {
    package let message: String
    /// Which argument is wrong, counted from 0: the error points there.
    package let argument: Int?
    package let hint: String?

    package init(_ message: String, argument: Int? = nil, hint: String? = nil) {
        self.message = message
        self.argument = argument
        self.hint = hint
    }
}

extension TemplateSignature {
    var needsArguments: Bool { parameters.count > (repeatsLast ? 1 : 0) }

    /// How many arguments, in words.
    private var counted: String {
        let names = parameters.map(\.name).joined(separator: ", ")
        let count = repeatsLast ? parameters.count - 1 : parameters.count
        let number = count == 1 ? "1 argument" : "\(count) arguments"
        return (repeatsLast ? "\(number) or more" : number)
            + (names.isEmpty ? "" : " (\(names)\(repeatsLast ? " …" : ""))")
    }

    /// Refuses a wrong number of arguments.
    func checkCount(_ call: TemplateCall, in source: TemplateSource) throws(TemplateError) {
        let count = call.arguments.count
        guard repeatsLast ? count >= parameters.count - 1 : count == parameters.count else {
            throw source.error(
                .argumentCount(function: call.path.text, expected: counted, found: count),
                at: count > parameters.count ? call.arguments[parameters.count].offset : call.path.offset)
        }
    }

    /// Refuses a wrong number or kind of arguments.
    func check(_ values: [DocumentValue], of call: TemplateCall, in source: TemplateSource) throws(TemplateError) {
        try checkCount(call, in: source)
        for (index, value) in values.enumerated() {
            guard let kind = parameters[min(index, parameters.count - 1)].kind.refusal(of: value) else { continue }
            let offset = call.arguments[index].offset
            var found = value.kindName
            if case .path(let path) = call.arguments[index], value == .null {
                found = "'\(path.text)', which is nothing"
            }
            throw source.error(
                .argumentType(function: call.path.text, number: index + 1, expected: kind, found: found), at: offset)
        }
    }
}

extension TemplateSignature.Kind {
    /// What should be there, when `value` is something else.
    fileprivate func refusal(of value: DocumentValue) -> String? {
        switch (self, value) {
        case (.any, _), (.string, .string), (.number, .number), (.bool, .bool), (.array, .array), (.object, .object),
            (.scalar, .string), (.scalar, .number), (.scalar, .bool):
            nil
        case (.string, _): "a text"
        case (.number, _): "a number"
        case (.bool, _): "a boolean"
        case (.array, _): "a list"
        case (.object, _): "a table"
        case (.scalar, _): "a text, number or boolean"
        }
    }
}
