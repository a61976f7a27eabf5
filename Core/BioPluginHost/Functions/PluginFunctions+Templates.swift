// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioTemplate

extension PluginFunctions {
    /// The functions that a template may call besides `functions`: all but those that only check. Number and type of
    /// arguments are looked at, with their place in the template, before the plugin hears of a call.
    package func adding(to functions: TemplateFunctions) -> TemplateFunctions {
        adding(to: functions) { (function, _, values) throws(TemplateFunctionError) in try self.value(function, values)
        }
    }

    /// The same, but the plugin is not called: every function gives some value of its type. For a look at a template
    /// before anything is known that it is about.
    package func rehearsing(in functions: TemplateFunctions) -> TemplateFunctions {
        adding(to: functions) { (_, type, _) throws(TemplateFunctionError) in type.sample.document }
    }

    private func adding(
        to functions: TemplateFunctions,
        _ call:
            @escaping @Sendable (FunctionDescription, FunctionSignature, [FunctionValue])
            throws(TemplateFunctionError) -> DocumentValue
    ) -> TemplateFunctions {
        description.functions.reduce(functions) { functions, function in
            guard let type = function.type, type.result != .check else { return functions }
            return functions.adding(function.name, type.template) {
                (arguments) throws(TemplateFunctionError) in
                try call(function, type, try Self.values(arguments, type))
            }
        }
    }

    private static func values(
        _ arguments: [DocumentValue], _ type: FunctionSignature
    ) throws(TemplateFunctionError) -> [FunctionValue] {
        guard arguments.count <= FunctionSignature.mostArguments else {
            throw TemplateFunctionError("it takes at most \(FunctionSignature.mostArguments) arguments")
        }
        var values: [FunctionValue] = []
        for (index, argument) in arguments.enumerated() {
            do throws(FunctionValue.Misfit) {
                values.append(try FunctionValue(argument, as: type.arguments?[index]))
            } catch { throw TemplateFunctionError(error.text, argument: index) }
        }
        return values
    }

    private func value(
        _ function: FunctionDescription, _ values: [FunctionValue]
    ) throws(TemplateFunctionError) -> DocumentValue {
        let answer: FunctionAnswer
        do { answer = try call(function, values) } catch {
            throw TemplateFunctionError("\(error)", hint: (error as? FunctionError)?.hint)
        }
        switch answer {
        case .value(let value): return value.document
        case .refused(let code, let why): throw TemplateFunctionError(Self.reason(code, why))
        case .accepted, .wrong, .unavailable: throw TemplateFunctionError("it gave no result")
        }
    }

    static func reason(_ code: Int32, _ why: String) -> String {
        why.isEmpty ? "it returned code \(code) and gave no reason" : PluginLog.shown(why)
    }
}

extension FunctionSignature {
    /// As templates check it.
    fileprivate var template: TemplateSignature {
        guard let arguments else { return TemplateSignature(.init("value", .scalar), repeatsLast: true) }
        return TemplateSignature(arguments.map { TemplateSignature.Parameter($0.noun, $0.templateKind) })
    }
}

extension FunctionSignature {
    /// A result that a name may begin with and hold.
    fileprivate var sample: FunctionValue {
        switch result {
        case .value(.bool), .check: .bool(true)
        case .value(.int32), .value(.int64): .signed(1)
        case .value(.uint32), .value(.uint64): .unsigned(1)
        case .value(.double): .double(1)
        case .value(.text): .text("x")
        }
    }
}

extension FunctionSignature.Scalar {
    fileprivate var noun: String {
        switch self {
        case .bool: "a boolean"
        case .int32, .int64, .uint32, .uint64: "a whole number"
        case .double: "a number"
        case .text: "a text"
        }
    }

    fileprivate var templateKind: TemplateSignature.Kind {
        switch self {
        case .bool: .bool
        case .int32, .int64, .uint32, .uint64, .double: .number
        case .text: .string
        }
    }
}

extension FunctionValue {
    fileprivate struct Misfit: Error { let text: String }

    /// The value of a template as a function takes it; `type` is nil for `*`, which takes what comes.
    fileprivate init(_ value: DocumentValue, as type: FunctionSignature.Scalar?) throws(Misfit) {
        let made: FunctionValue?
        switch (value, type) {
        case (.string(let text), .text), (.string(let text), nil): made = .text(text)
        case (.bool(let value), .bool), (.bool(let value), nil): made = .bool(value)
        case (.number(let number), .int32), (.number(let number), .int64):
            made = Int64(number.text).map { .signed($0) }
        case (.number(let number), .uint32), (.number(let number), .uint64):
            made = UInt64(number.text).map { .unsigned($0) }
        case (.number(let number), .double): made = .double(number.double)
        case (.number(let number), nil): made = Int64(number.text).map { .signed($0) } ?? .text(number.text)
        default: made = nil
        }
        guard let made, type.map({ made.fits($0) }) ?? true else {
            throw Misfit(text: "\(value.json(.compact)) is no \(type?.rawValue ?? "text, number or boolean")")
        }
        self = made
    }

    fileprivate var document: DocumentValue {
        switch self {
        case .bool(let value): .bool(value)
        case .signed(let value): .integer(value)
        case .unsigned(let value): .integer(value)
        case .double(let value): DocumentNumber(value).map { .number($0) } ?? .null
        case .text(let text): .string(text)
        }
    }
}
