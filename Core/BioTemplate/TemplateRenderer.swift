// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// One rendering: the result so far, and the stacks of what the names mean.
struct TemplateRenderer {
    var output: [UInt8] = []
    let functions: TemplateFunctions
    let mode: Template.Mode
    let limits: Template.Limits
    let log: ((Template.LogLine) -> Void)?
    let partials: [String: Template]

    /// The text that the nodes being rendered belong to.
    var source: TemplateSource
    /// What `this`, `../this` and so on are, the root first.
    var contexts: [DocumentValue]
    /// What `@index` and the like are, the innermost loop last.
    var loops: [Loop] = []
    /// Block parameters, the innermost last.
    var parameters: [(name: String, value: DocumentValue)] = []
    /// Partials defined in the template, the innermost last.
    var inlines: [Inline] = []
    /// What `@partial-block` is, the innermost last.
    var partialBlocks: [PartialBlock] = []
    /// What the sub-template of a partial may use, the innermost last.
    var registered: [[String: Template]] = []
    var partialDepth = 0
    private var depth = 0
    private var steps = 0

    struct Loop {
        var index: Int
        var key: DocumentValue
        var isFirst: Bool
        var isLast: Bool
    }

    struct Inline {
        let name: String
        let body: TemplateBody
        let source: TemplateSource
    }

    struct PartialBlock {
        let body: TemplateBody
        let source: TemplateSource
        let parameters: [(name: String, value: DocumentValue)]
        /// How many partial blocks are known inside it.
        let depth: Int
    }

    init(
        template: Template, context: DocumentValue, functions: TemplateFunctions, mode: Template.Mode,
        limits: Template.Limits, log: ((Template.LogLine) -> Void)?
    ) {
        self.functions = functions
        self.mode = mode
        self.limits = limits
        self.log = log
        partials = template.partials
        source = template.source
        contexts = [context]
        output.reserveCapacity(min(limits.output, template.source.bytes.count))
    }

    /// Renders the nodes in order. Blocks inside blocks recurse, so their depth across all partials is bounded.
    mutating func render(_ body: TemplateBody, at offset: Int = 0) throws(TemplateError) {
        depth += 1
        defer { depth -= 1 }
        if depth > Template.maximumDepth {
            throw source.error(.nestingTooDeep(limit: Template.maximumDepth), at: offset)
        }
        let known = inlines.count
        try step(at: offset, count: body.inlines.count)
        for inline in body.inlines { inlines.append(Inline(name: inline.name, body: inline.body, source: source)) }
        for node in body.nodes {
            switch node {
            case .text(let range):
                try step(at: range.lowerBound)
                output.append(contentsOf: source.bytes[range])
                try checkOutput(at: range.lowerBound)
            case .expression(let expression):
                try step(at: expression.offset)
                try write(try evaluate(expression), at: expression.offset)
            case .block(let block):
                try step(at: block.call.path.offset)
                try render(block)
            case .partial(let partial):
                try step(at: partial.offset)
                try step(at: partial.offset, count: inlines.count)
                try render(partial)
            }
        }
        inlines.removeLast(inlines.count - known)
    }

    // MARK: - Output

    /// Adds what a value prints as: texts and numbers as they are, `true` and `false`, nothing for null, lists as
    /// `[a, b]`, and `[object]`, as upstream's engine does.
    private mutating func write(_ value: DocumentValue, at offset: Int) throws(TemplateError) {
        switch value {
        case .null: return
        case .bool(let flag): output.append(contentsOf: Array((flag ? "true" : "false").utf8))
        case .number(let number): output.append(contentsOf: number.text.utf8)
        case .string(let text): output.append(contentsOf: text.utf8)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                try step(at: offset)
                if index > 0 { output += [UInt8(ascii: ","), 0x20] }
                try write(element, at: offset)
            }
            output.append(UInt8(ascii: "]"))
        case .object: output.append(contentsOf: Array("[object]".utf8))
        }
        try checkOutput(at: offset)
    }

    func checkOutput(at offset: Int) throws(TemplateError) {
        if output.count > limits.output { throw source.error(.outputTooLong(limit: limits.output), at: offset) }
    }

    mutating func step(at offset: Int, count: Int = 1) throws(TemplateError) {
        steps += count
        if steps > limits.steps { throw source.error(.tooManySteps(limit: limits.steps), at: offset) }
    }

    /// Bytes or members that something goes through count too: much of that is work, though it prints nothing.
    mutating func work(_ size: Int, at offset: Int) throws(TemplateError) { try step(at: offset, count: size / 64) }
}
