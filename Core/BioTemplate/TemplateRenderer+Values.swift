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
            if let name = path.simpleName, parameter(name) == nil, functions.contains(name), !isMember(name) {
                return try call(TemplateCall(path: path, arguments: [], named: []))
            }
            return try value(of: path, mayMiss: mayMiss)
        case .call(let call): return try self.call(call)
        }
    }

    /// A variable of the context may have the name of a function: without arguments it is meant.
    func isMember(_ name: String) -> Bool { contexts.last?.object?[name] != nil }

    // MARK: - Names

    func parameter(_ name: String) -> DocumentValue? {
        parameters.isEmpty ? nil : parameters.last { $0.name.hasSameBytes(as: name) }?.value
    }

    mutating func value(of path: TemplatePath, mayMiss: Bool) throws(TemplateError) -> DocumentValue {
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
            // A member is looked for among all of them.
            try work(value.object?.count ?? 0, at: path.offset)
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
        guard !loops.isEmpty else { return nil }
        // Above the outermost loop is that loop: upstream counts `with` as a level, too.
        let loop = loops[max(0, loops.count - 1 - path.levels)]
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
}
