// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension TemplateRenderer {
    mutating func render(_ block: TemplateBlock) throws(TemplateError) {
        guard let name = block.call.path.simpleName, parameter(name) == nil, TemplateFunctions.blocks.contains(name)
        else { return try renderSection(block) }
        switch name {
        case "if": try renderCondition(block, wanted: true)
        case "unless": try renderCondition(block, wanted: false)
        case "with": try renderWith(block)
        case "each": try renderEach(block, onlyAlive: false)
        default: try renderEach(block, onlyAlive: true)
        }
    }

    /// The one argument of a block.
    private mutating func argument(
        _ block: TemplateBlock, mayMiss: Bool, named: [String] = []
    ) throws(TemplateError) -> DocumentValue {
        let call = block.call
        guard call.arguments.count == 1 else {
            throw source.error(
                .argumentCount(function: call.path.text, expected: "1 argument", found: call.arguments.count),
                at: call.path.offset)
        }
        if let other = call.named.first(where: { !named.contains($0.name) }) {
            throw source.error(.unknownNamedArgument(function: call.path.text, name: other.name), at: other.offset)
        }
        return try evaluate(call.arguments[0], mayMiss: mayMiss)
    }

    private mutating func renderCondition(_ block: TemplateBlock, wanted: Bool) throws(TemplateError) {
        let value = try argument(block, mayMiss: true, named: ["includeZero"])
        var includesZero = false
        for named in block.call.named { includesZero = try evaluate(named.value).isTruthy(includingZero: false) }
        let applies = value.isTruthy(includingZero: includesZero) == wanted
        try renderBranch(block, applies != block.isInverted)
    }

    private mutating func renderBranch(_ block: TemplateBlock, _ first: Bool) throws(TemplateError) {
        if first {
            try render(block.body)
        } else if let inverse = block.inverse {
            try render(inverse)
        }
    }

    private mutating func renderWith(_ block: TemplateBlock) throws(TemplateError) {
        let value = try argument(block, mayMiss: block.inverse != nil || block.isInverted)
        try renderIn(value, block)
    }

    /// Renders with `value` as the context, or the other branch when there is none.
    private mutating func renderIn(_ value: DocumentValue, _ block: TemplateBlock) throws(TemplateError) {
        guard value.isTruthy(includingZero: false) != block.isInverted else {
            if let inverse = block.inverse, block.isInverted {
                try renderInside(inverse, value, [value], block)
            } else {
                try renderBranch(block, false)
            }
            return
        }
        if block.isInverted { return try renderBranch(block, true) }
        try renderInside(block.body, value, [value], block)
    }

    /// Renders `body` with a new context and values for the names of `as |…|`.
    private mutating func renderInside(
        _ body: TemplateBody, _ context: DocumentValue, _ values: [DocumentValue], _ block: TemplateBlock
    ) throws(TemplateError) {
        let known = parameters.count
        for (name, value) in zip(block.parameters, values) { parameters.append((name, value)) }
        contexts.append(context)
        try render(body)
        contexts.removeLast()
        parameters.removeLast(parameters.count - known)
    }

    private mutating func renderEach(_ block: TemplateBlock, onlyAlive: Bool) throws(TemplateError) {
        let mayMiss = block.inverse != nil || block.isInverted
        let value = try argument(block, mayMiss: mayMiss)
        if !mayMiss, mode == .strict, value != .null, value.array == nil, value.object == nil {
            throw source.error(
                .argumentType(
                    function: block.call.path.text, number: 1, expected: "a list or table", found: value.kindName),
                at: block.call.arguments[0].offset)
        }
        try renderElements(of: value, block, onlyAlive: onlyAlive)
    }

    private mutating func renderElements(
        of value: DocumentValue, _ block: TemplateBlock, onlyAlive: Bool
    ) throws(TemplateError) {
        var elements: [(key: DocumentValue, value: DocumentValue)] = []
        switch value {
        case .array(let values): for (index, value) in values.enumerated() { elements.append((.integer(index), value)) }
        case .object(let object): for member in object.members { elements.append((.string(member.key), member.value)) }
        default: break
        }
        if onlyAlive { elements.removeAll { $0.value["alive"] != true } }
        let body: TemplateBody? = block.isInverted ? block.inverse : block.body
        guard !elements.isEmpty else { return try renderBranch(block, block.isInverted) }
        guard let body else { return }
        try step(at: block.call.path.offset, count: elements.count)
        for (index, element) in elements.enumerated() {
            loops.append(
                Loop(index: index, key: element.key, isFirst: index == 0, isLast: index == elements.count - 1))
            // Upstream's eachAlive leaves the context alone and hands the member out by name only.
            let context = onlyAlive && !block.parameters.isEmpty ? contexts[contexts.count - 1] : element.value
            try renderInside(body, context, [element.value, element.key], block)
            loops.removeLast()
        }
    }

    /// `{{#name}}…{{/name}}` where the name is a variable: its elements, its members, or just whether it is there.
    private mutating func renderSection(_ block: TemplateBlock) throws(TemplateError) {
        let path = block.call.path
        if block.call.hasArguments {
            if let name = path.simpleName, TemplateFunctions.conditions.contains(name) {
                return try renderBranch(block, (try call(block.call) == true) != block.isInverted)
            }
            let near = NearestName.of(
                path.text, among: TemplateFunctions.blocks.union(TemplateFunctions.conditions).sorted())
            throw source.error(.unknownBlock(path.text), at: path.offset, hint: near.map { "did you mean '\($0)'?" })
        }
        if let name = path.simpleName, parameter(name) == nil, functions.contains(name), !isMember(name) {
            throw source.error(
                .unknownBlock(path.text), at: path.offset, hint: "'\(name)' is a function: '{{\(name) …}}'")
        }
        let value = try value(of: path, mayMiss: true)
        switch value {
        case .array: try renderElements(of: value, block, onlyAlive: false)
        case .bool(let flag): try renderBranch(block, flag != block.isInverted)
        default: try renderIn(value, block)
        }
    }
}
