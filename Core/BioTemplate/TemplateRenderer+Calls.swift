// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension TemplateRenderer {
    mutating func call(_ call: TemplateCall) throws(TemplateError) -> DocumentValue {
        guard let name = call.path.simpleName else {
            throw source.error(
                .unknownFunction(call.path.text), at: call.path.offset, hint: "a path takes no arguments")
        }
        switch name {
        case "lookup": return try lookup(call)
        case "log": return try writeLog(call)
        case let block where TemplateFunctions.blocks.contains(block):
            throw source.error(
                .unknownFunction(name), at: call.path.offset,
                hint: "'\(name)' is a block: '{{#\(name) …}}…{{/\(name)}}'")
        default: break
        }
        guard let function = functions[name] else { throw unknownFunction(call.path) }
        if let argument = call.named.first {
            throw source.error(.unknownNamedArgument(function: name, name: argument.name), at: argument.offset)
        }
        var arguments: [DocumentValue] = []
        for expression in call.arguments { arguments.append(try evaluate(expression)) }
        try function.signature?.check(arguments, of: call, in: source)
        var budget = limits.output
        for argument in arguments { try charge(argument, &budget, at: call.path.offset) }
        try work(limits.output - budget, at: call.path.offset)
        let result: DocumentValue
        do throws(TemplateFunctionError) {
            result = try function.body(arguments)
            if case .string(let text) = result, text.utf8.count > limits.output {
                throw TemplateFunctionError("the result is longer than \(limits.output) bytes")
            }
        } catch {
            let place = error.argument.flatMap { call.arguments.indices.contains($0) ? call.arguments[$0].offset : nil }
            throw source.error(
                .functionFailed(function: name, message: error.message), at: place ?? call.path.offset,
                hint: error.hint)
        }
        if case .string(let text) = result { try work(text.utf8.count, at: call.path.offset) }
        return result
    }

    /// Counts what a function is given, so that shared parts of a value cannot multiply without a bound.
    private mutating func charge(
        _ value: DocumentValue, _ budget: inout Int, at offset: Int
    ) throws(TemplateError) {
        budget -= 1
        switch value {
        case .string(let text): budget -= text.utf8.count
        case .array(let elements):
            try step(at: offset, count: elements.count)
            for element in elements { try charge(element, &budget, at: offset) }
        case .object(let object):
            try step(at: offset, count: object.count)
            for member in object.members {
                budget -= member.key.utf8.count
                try charge(member.value, &budget, at: offset)
            }
        default: break
        }
        if budget < 0 { throw source.error(.outputTooLong(limit: limits.output), at: offset) }
    }

    func unknownFunction(_ path: TemplatePath) -> TemplateError {
        let near = NearestName.of(path.text, among: functions.names)
        return source.error(
            .unknownFunction(path.text), at: path.offset, hint: near.map { "did you mean '\($0)'?" })
    }

    private mutating func lookup(_ call: TemplateCall) throws(TemplateError) -> DocumentValue {
        guard call.arguments.count == 2 else {
            throw source.error(
                .argumentCount(function: "lookup", expected: "2 arguments", found: call.arguments.count),
                at: call.path.offset)
        }
        let container = try evaluate(call.arguments[0])
        try work(container.object?.count ?? 0, at: call.path.offset)
        let found: DocumentValue? =
            switch try evaluate(call.arguments[1]) {
            case .string(let name): member(name, of: container)
            case .number(let number): member(number.text, of: container)
            default: nil
            }
        return found ?? .null
    }

    private mutating func writeLog(_ call: TemplateCall) throws(TemplateError) -> DocumentValue {
        var level = "info"
        for argument in call.named where argument.name == "level" {
            if case .string(let text) = try evaluate(argument.value) { level = text }
        }
        var texts: [String] = []
        for argument in call.arguments { texts.append(try evaluate(argument).templateText) }
        let text = texts.joined(separator: " ")
        // A long line, and finding its place in a long template, are work as well.
        try work(text.utf8.count + call.path.offset, at: call.path.offset)
        log?(
            Template.LogLine(
                level: level, text: text, file: source.name, position: source.position(of: call.path.offset)))
        return .null
    }
}
