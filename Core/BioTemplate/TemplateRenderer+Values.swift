// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension TemplateRenderer {
    /// The value of an expression; null when it has none and that is allowed.
    mutating func evaluate(
        _ expression: TemplateExpression, mayMiss: Bool = false
    ) throws(TemplateError) -> DocumentValue {
        switch expression {
        case .literal(let value, _): return value
        case .path(let path):
            if let name = path.simpleName, parameter(name) == nil, functions.contains(name) {
                return try call(TemplateCall(path: path, arguments: [], named: []))
            }
            return try value(of: path, mayMiss: mayMiss)
        case .call(let call): return try self.call(call)
        }
    }

    // MARK: - Names

    func parameter(_ name: String) -> DocumentValue? {
        parameters.isEmpty ? nil : parameters.last { $0.name.hasSameBytes(as: name) }?.value
    }

    func value(of path: TemplatePath, mayMiss: Bool) throws(TemplateError) -> DocumentValue {
        let isStrict = mode == .strict && !mayMiss
        var value: DocumentValue
        var names = path.names[...]
        if path.isData {
            guard let found = dataValue(path) else {
                if isStrict { throw missing(path, known: ["@root", "@index", "@key", "@first", "@last"]) }
                return .null
            }
            value = found
            names = names.dropFirst()
        } else if !path.isScoped, let first = names.first, let found = parameter(first) {
            value = found
            names = names.dropFirst()
        } else {
            if isStrict, path.levels >= contexts.count { throw missing(path, known: []) }
            // Above the root is the root, as upstream has it.
            value = contexts[max(0, contexts.count - 1 - path.levels)]
        }
        for name in names {
            guard let next = member(name, of: value) else {
                if isStrict { throw missing(path, known: value.object?.keys ?? [], name: name) }
                return .null
            }
            value = next
        }
        return value
    }

    private func dataValue(_ path: TemplatePath) -> DocumentValue? {
        guard let name = path.names.first else { return nil }
        if name == "root", path.levels == 0 { return contexts[0] }
        guard path.levels < loops.count else { return nil }
        let loop = loops[loops.count - 1 - path.levels]
        switch name {
        case "index": return .integer(loop.index)
        case "key": return loop.key
        case "first": return .bool(loop.isFirst)
        case "last": return .bool(loop.isLast)
        default: return nil
        }
    }

    func member(_ name: String, of value: DocumentValue) -> DocumentValue? {
        switch value {
        case .object(let object): return object[name]
        case .array(let elements):
            if name == "length" { return .integer(elements.count) }
            guard let index = Int(name), elements.indices.contains(index) else { return nil }
            return elements[index]
        default: return nil
        }
    }

    /// The error for a name that is not there, with the nearest of those that are.
    private func missing(_ path: TemplatePath, known: [String], name: String? = nil) -> TemplateError {
        let wanted = name ?? path.text
        var candidates = known
        if name != nil, path.names.first == name, !path.isScoped {
            candidates += parameters.map(\.name) + functions.names
        }
        let near = NearestName.of(wanted, among: candidates)
        return source.error(
            .unknownVariable(path.text), at: path.offset,
            hint: near.map { "did you mean '\($0)'?" } ?? Self.list(known))
    }

    /// A hint with what there is, when that is a line.
    private static func list(_ names: [String]) -> String? {
        names.isEmpty || names.count > 12 ? nil : "there is " + names.map { "'\($0)'" }.joined(separator: ", ")
    }

    // MARK: - Calls

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
        do throws(TemplateFunctionError) {
            let result = try function.body(arguments)
            if case .string(let text) = result, text.utf8.count > limits.output {
                throw TemplateFunctionError("the result is longer than \(limits.output) bytes")
            }
            return result
        } catch {
            let place = error.argument.flatMap { call.arguments.indices.contains($0) ? call.arguments[$0].offset : nil }
            throw source.error(
                .functionFailed(function: name, message: error.message), at: place ?? call.path.offset,
                hint: error.hint)
        }
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
        try step(at: call.path.offset, count: (text.utf8.count + call.path.offset) / 64)
        log?(
            Template.LogLine(
                level: level, text: text, file: source.name, position: source.position(of: call.path.offset)))
        return .null
    }
}
