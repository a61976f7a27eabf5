// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// One place where a template uses a variable.
package struct TemplateReference: Hashable, Sendable {
    /// What is done with what the path leads to.
    package enum Use: Hashable, Sendable {
        /// It is written, or given to a function or partial.
        case value
        /// `{{#if}}`, `{{#unless}}`
        case condition
        /// `{{#with}}`
        case context
        /// `{{#each}}`, `{{#eachAlive}}`
        case loop
        /// `{{#name}}`, which may be any of these.
        case section
    }

    /// As written, such as `../cfg.port`.
    package let path: String
    /// The names from the root of the context, `*` standing for each element of a list or table; nil when a function
    /// or partial decides what the path begins at.
    package let names: [String]?
    package let use: Use
    package let position: DocumentPosition
}

extension Template {
    /// The variables the template uses, in the order of the text, not those of partials given from outside. A bare
    /// name that is a function of `functions` is none.
    package func references(functions: TemplateFunctions = .standard) -> [TemplateReference] {
        var walker = TemplateWalker(source: source, functions: functions)
        walker.walk(body)
        return walker.uses.map { $0.reference }
    }

    /// Refuses, before any work, what would be an error in strict mode: a variable that is not in `names`, the first
    /// names of all paths that the context will have; functions that are not there or get too few or too many arguments.
    package func check(variables names: [String], functions: TemplateFunctions = .standard) throws(TemplateError) {
        var walker = TemplateWalker(source: source, functions: functions)
        walker.walk(body)
        if let error = walker.firstError { throw error }
        for use in walker.uses {
            guard let first = use.reference.names?.first, !names.contains(where: { $0.hasSameBytes(as: first) }) else {
                continue
            }
            let near = NearestName.of(first, among: names + functions.names)
            let all = "the variables are " + names.map { "'\($0)'" }.joined(separator: ", ")
            throw source.error(
                .unknownVariable(use.reference.path), at: use.offset, hint: near.map { "did you mean '\($0)'?" } ?? all)
        }
    }
}

/// Goes through a template without rendering it.
private struct TemplateWalker {
    let source: TemplateSource
    let functions: TemplateFunctions
    private let positions: TemplatePositions
    var uses: [(reference: TemplateReference, offset: Int)] = []
    var firstError: TemplateError?
    /// What `this` is, from the root; nil when unknown.
    private var contexts: [[String]?] = [[]]
    private var parameters: [(name: String, names: [String]?)] = []

    init(source: TemplateSource, functions: TemplateFunctions) {
        self.source = source
        self.functions = functions
        positions = TemplatePositions(of: source)
    }

    mutating func walk(_ body: TemplateBody) {
        for inline in body.inlines { walk(inline.body, in: [nil]) }
        for node in body.nodes {
            switch node {
            case .text: break
            case .expression(let expression): walk(expression)
            case .block(let block): walk(block)
            case .partial(let partial):
                if case .computed(let name) = partial.name { walk(name) }
                if let context = partial.context { walk(context) }
                for named in partial.named { walk(named.value) }
                if let body = partial.body { walk(body, in: [nil]) }
            }
        }
    }

    private mutating func walk(_ body: TemplateBody, in contexts: [[String]?]) {
        let known = self.contexts
        self.contexts = contexts
        walk(body)
        self.contexts = known
    }

    private static func use(ofBlock name: String?, _ isSection: Bool) -> TemplateReference.Use {
        switch name {
        case "if" where !isSection, "unless" where !isSection: .condition
        case "with" where !isSection: .context
        case "each" where !isSection, "eachAlive" where !isSection: .loop
        default: .value
        }
    }

    private mutating func walk(_ expression: TemplateExpression, _ use: TemplateReference.Use = .value) {
        switch expression {
        case .literal: break
        case .path(let path):
            if let name = path.simpleName, isCall(name) {
                check(TemplateCall(path: path, arguments: [], named: []))
            } else {
                add(path, use)
            }
        case .call(let call):
            check(call)
            for argument in call.arguments { walk(argument) }
            for named in call.named { walk(named.value) }
        }
    }

    /// Whether a bare name calls a function. Inside a block it may be a variable that is called as one that needs
    /// arguments.
    private func isCall(_ name: String) -> Bool {
        guard let function = functions[name], !parameters.contains(where: { $0.name == name }) else { return false }
        return contexts.count == 1 || function.signature?.needsArguments != true
    }

    private mutating func walk(_ block: TemplateBlock) {
        let name = block.call.path.simpleName
        let isCondition = block.call.hasArguments && name.map(TemplateFunctions.conditions.contains) ?? false
        let isSection = !isCondition && name.map { !TemplateFunctions.blocks.contains($0) } ?? true
        if isSection { add(block.call.path, .section) }
        if isCondition { check(block.call) }
        for argument in block.call.arguments { walk(argument, Self.use(ofBlock: name, isSection)) }
        for named in block.call.named { walk(named.value) }
        var context: [String]?
        let subject = isSection ? TemplateExpression.path(block.call.path) : block.call.arguments.first
        if case .path(let path)? = subject { context = names(of: path) }
        let known = parameters.count
        let isLoop = name == "each" || name == "eachAlive"
        if isLoop { context = context.map { $0 + ["*"] } }
        if isSection { context = nil }
        // The second name of a loop is a key, which is no variable of the context.
        for (index, parameter) in block.parameters.enumerated() {
            parameters.append((parameter, index == 0 ? context : nil))
        }
        let keepsContext =
            isCondition || name == "if" || name == "unless" || name == "eachAlive" && !block.parameters.isEmpty
        if !keepsContext { contexts.append(context) } else if isLoop { contexts.append(contexts[contexts.count - 1]) }
        walk(block.body)
        if !keepsContext || isLoop { contexts.removeLast() }
        parameters.removeLast(parameters.count - known)
        if let inverse = block.inverse { walk(inverse) }
    }

    private mutating func add(_ path: TemplatePath, _ use: TemplateReference.Use) {
        let position = positions.position(of: path.offset)
        uses.append(
            (TemplateReference(path: path.text, names: names(of: path), use: use, position: position), path.offset))
    }

    /// The path from the root; nil when it is unknown or leads nowhere, as for `this` and `@index`.
    private func names(of path: TemplatePath) -> [String]? {
        if path.isData { return path.names.first == "root" ? Array(path.names.dropFirst()) : nil }
        if !path.isScoped, let first = path.names.first, let found = parameters.last(where: { $0.name == first }) {
            return found.names.map { $0 + path.names.dropFirst() }
        }
        return contexts[max(0, contexts.count - 1 - path.levels)].map { $0 + path.names }
    }

    private mutating func check(_ call: TemplateCall) {
        guard firstError == nil, call.path.simpleName != "lookup", call.path.simpleName != "log" else { return }
        guard let name = call.path.simpleName, let function = functions[name] else {
            let near = NearestName.of(call.path.text, among: functions.names)
            firstError = source.error(
                .unknownFunction(call.path.text), at: call.path.offset, hint: near.map { "did you mean '\($0)'?" })
            return
        }
        do throws(TemplateError) {
            try function.signature?.checkCount(call, in: source)
        } catch {
            firstError = error
        }
    }
}
