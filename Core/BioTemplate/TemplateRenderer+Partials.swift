// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension TemplateRenderer {
    mutating func render(_ partial: TemplatePartial) throws(TemplateError) {
        guard partialDepth < limits.partials else {
            throw source.error(.partialsTooDeep(limit: limits.partials), at: partial.offset)
        }
        let name: String
        switch partial.name {
        case .fixed(let text): name = text
        case .computed(let expression):
            name = try evaluate(expression).templateText
            try work(name.utf8.count, at: partial.offset)
        }
        let context = try context(of: partial)
        let start = output.count
        partialDepth += 1
        if let context { contexts.append(context) }
        if name == "@partial-block" {
            try renderPartialBlock(partial)
        } else if let found = inlines.last(where: { $0.name.hasSameBytes(as: name) }) {
            try render(found.body, of: found.source, for: partial)
        } else if let found = registeredPartial(name) {
            registered.append(found.partials)
            try render(found.body, of: found.source, for: partial)
            registered.removeLast()
        } else if let body = partial.body {
            try render(body)
        } else {
            let known = inlines.map(\.name) + partials.keys.sorted()
            throw source.error(
                .unknownPartial(name), at: partial.offset,
                hint: NearestName.of(name, among: known).map { "did you mean '\($0)'?" })
        }
        if context != nil { contexts.removeLast() }
        partialDepth -= 1
        try indent(from: start, by: source.bytes[partial.indent], at: partial.offset)
    }

    private func registeredPartial(_ name: String) -> Template? {
        if let found = partials[name] { return found }
        return registered.last { $0[name] != nil }?[name]
    }

    /// What the partial gets as `this`: its argument, and its named arguments on top; nil when it has neither.
    private mutating func context(of partial: TemplatePartial) throws(TemplateError) -> DocumentValue? {
        var context: DocumentValue?
        if let expression = partial.context { context = try evaluate(expression) }
        guard !partial.named.isEmpty else { return context }
        var members = (context ?? contexts[contexts.count - 1]).object ?? DocumentObject()
        for named in partial.named {
            try step(at: named.offset, count: members.count)
            members[named.name] = try evaluate(named.value)
        }
        return .object(members)
    }

    /// Renders another text: what its caller has named is not visible there, what its caller wraps is its
    /// `@partial-block`.
    private mutating func render(
        _ body: TemplateBody, of other: TemplateSource, for partial: TemplatePartial
    ) throws(TemplateError) {
        let caller = (source: source, parameters: parameters)
        if let wrapped = partial.body {
            partialBlocks.append(
                PartialBlock(
                    body: wrapped, source: source, parameters: parameters, depth: partialBlocks.count))
            // What the wrapped text defines, the partial may use.
            for inline in wrapped.inlines {
                inlines.append(Inline(name: inline.name, body: inline.body, source: source))
            }
        }
        source = other
        parameters = []
        try render(body)
        source = caller.source
        parameters = caller.parameters
        if let wrapped = partial.body {
            partialBlocks.removeLast()
            inlines.removeLast(wrapped.inlines.count)
        }
    }

    private mutating func renderPartialBlock(_ partial: TemplatePartial) throws(TemplateError) {
        guard let block = partialBlocks.last else {
            throw source.error(
                .unknownPartial("@partial-block"), at: partial.offset,
                hint: "it stands for the text inside '{{#> name}}…{{/name}}'")
        }
        let caller = (source: source, parameters: parameters, blocks: partialBlocks)
        // Inside the wrapped text `@partial-block` is that of the text around it.
        partialBlocks.removeLast(partialBlocks.count - block.depth)
        source = block.source
        parameters = block.parameters
        try render(block.body)
        source = caller.source
        parameters = caller.parameters
        partialBlocks = caller.blocks
    }

    /// Puts `blanks` before each line written since `start`.
    private mutating func indent(
        from start: Int, by blanks: ArraySlice<UInt8>, at offset: Int
    ) throws(TemplateError) {
        guard !blanks.isEmpty, start < output.count else { return }
        let written = output[start...]
        var result: [UInt8] = []
        var atLineStart = true
        for byte in written {
            if atLineStart { result.append(contentsOf: blanks) }
            result.append(byte)
            atLineStart = byte == newline
            if result.count > limits.output { throw source.error(.outputTooLong(limit: limits.output), at: offset) }
        }
        output.replaceSubrange(start..., with: result)
    }
}
