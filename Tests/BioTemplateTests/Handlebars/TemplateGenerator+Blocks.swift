// SPDX-License-Identifier: Apache-2.0

extension TemplateGenerator {
    // MARK: - Blocks

    mutating func condition(depth: Int) -> String {
        let name = numbers.pick(["if", "if", "unless"])
        func open(_ numbers: inout SeededNumbers, _ subject: String) -> String {
            "\(name) \(subject)\(numbers.oneIn(6) ? numbers.pick([" includeZero=true", " includeZero=false"]) : "")"
        }
        if numbers.oneIn(3) { return chain(depth: depth) }
        let head = "#" + open(&numbers, subject())
        return opening(head, body(depth: depth - 1)) + otherwise(depth: depth) + tag("/\(name)")
    }

    /// On one line: Handlebars takes the line of the last tag by what stands before the second.
    mutating func chain(depth: Int) -> String {
        var text = "{{#if \(subject())}}|\(body(depth: depth - 1))|"
        repeat { text += "{{else if \(subject())}}|\(body(depth: depth - 1))|" } while numbers.oneIn(2)
        if numbers.oneIn(2) { text += "{{else}}|\(body(depth: depth - 1))|" }
        return text + "{{/if}}|"
    }

    mutating func subject() -> String { numbers.oneIn(6) ? "(\(callText(depth: 1)))" : path() }

    mutating func otherwise(depth: Int) -> String {
        guard numbers.oneIn(2) else { return "" }
        return opening(numbers.pick(["else", "else", "^"]), body(depth: depth - 1))
    }

    mutating func loop(depth: Int) -> String {
        let subject = numbers.pick([
            "list", "map", "people", "nested", "empty", "missing", "mixed", "@root.list", "@root.map", "@root.people",
            "items", "a", "foo", "zero", "this", "@root.nested", "wrap.none", "void",
        ])
        let names = numbers.oneIn(3) ? numbers.pick([["v"], ["v", "i"], ["name"]]) : []
        let inside = entering(names, isLoop: true, subject) { $0.body(depth: depth - 1) }
        return opening("#each \(subject)\(declared(names))", inside) + otherwise(depth: depth) + tag("/each")
    }

    mutating func with(depth: Int) -> String {
        let subject = numbers.pick([
            "a", "a.b", "map", "list", "missing", "zero", "foo", "people.[0]", "@root.a", "void",
        ])
        let names = numbers.oneIn(3) ? ["w"] : []
        let inside = entering(names, isLoop: false, subject) { $0.body(depth: depth - 1) }
        return opening("#with \(subject)\(declared(names))", inside) + otherwise(depth: depth) + tag("/with")
    }

    mutating func section(depth: Int) -> String {
        let name = numbers.pick(["foo", "yes", "no", "list", "people", "a", "missing", "a.b", "zero", "blank", "map"])
        let isInverted = numbers.oneIn(4)
        let isLoop = name == "list" || name == "people"
        if isInverted { return opening("^\(name)", body(depth: depth - 1)) + tag("/\(name)") }
        // Whether the context is another one inside depends on the value.
        let inside = elsewhere { $0.entering([], isLoop: isLoop, name) { $0.body(depth: depth - 1) } }
        return opening("#\(name)", inside) + otherwise(depth: depth) + tag("/\(name)")
    }

    private func declared(_ names: [String]) -> String {
        names.isEmpty ? "" : " as |\(names.joined(separator: " "))|"
    }

    mutating func entering(
        _ names: [String], isLoop: Bool, _ subject: String, _ write: (inout TemplateGenerator) -> String
    ) -> String {
        let known = (parameters: parameters, isElsewhere: isElsewhere)
        // Handlebars counts no level when a context is the very one around it.
        if subject == "this" || subject.hasPrefix("@root") { isElsewhere = true }
        levels += 1
        loops += isLoop ? 1 : 0
        parameters += names
        defer {
            levels -= 1
            loops -= isLoop ? 1 : 0
            parameters = known.parameters
            isElsewhere = known.isElsewhere
        }
        return write(&self)
    }

    mutating func elsewhere(_ write: (inout TemplateGenerator) -> String) -> String {
        let known = isElsewhere
        isElsewhere = true
        defer { isElsewhere = known }
        return write(&self)
    }

    // MARK: - Partials

    mutating func partial() -> String {
        var names = ["p", "who", "lines", "bare", "tree", "block", "(lookup @root \"pn\")", "\"p\""]
        names += inlines
        var text = "> \(numbers.pick(names))"
        guard numbers.oneIn(2) else { return tag(text) }
        // Handlebars adds named values to the characters of a text, too.
        text += " \(numbers.pick(["@root.a", "@root.map", "@root", "@root.people.[0]", "@root.nested.[0]"]))"
        if numbers.oneIn(2) { text += " \(numbers.pick(["foo=\"arg\"", "foo=k", "name=foo age=3", "x=list"]))" }
        return tag(text)
    }

    mutating func partialBlock(depth: Int) -> String {
        let name = numbers.pick(["lay", "twice", "missing-one", "bare"])
        let inside = elsewhere { $0.body(depth: depth - 1) }
        return opening("#> \(name)", inside) + tag("/\(name)")
    }

    mutating func inline(depth: Int) -> String {
        let name = numbers.pick(["own", "p"])
        let known = parameters
        parameters = []
        let inside = elsewhere { $0.body(depth: 1) }
        parameters = known
        if !inlines.contains(name), levels == 0, depth == 2 { inlines.append(name) }
        return opening("#*inline \"\(name)\"", inside) + tag("/inline")
    }
}
