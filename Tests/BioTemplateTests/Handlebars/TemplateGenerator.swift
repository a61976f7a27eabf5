// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Templates that follow from a seed: all of the language, for one context. Left out is what Handlebars has a meaning
/// for that nobody wants, and that no rule (`HabitatRule`) can take away:
/// - a literal that stands alone is a name there;
/// - `../` above the root is nothing there, and the root here;
/// - a number in a path must stand in brackets there;
/// - the closing tag of an `{{else if}}` takes its line by what stands before the second tag there;
/// - a text has elements and a length there, and null prints as a table inside a block;
/// - `~` takes blanks beyond ASCII there.
struct TemplateGenerator {
    var numbers: SeededNumbers
    /// How many contexts stand around the place that is being written.
    var levels = 0
    var loops = 0
    var parameters: [String] = []
    var inlines: [String] = []
    /// Inside a text that a partial may show anywhere: what `../` and `@../` mean is not known.
    var isElsewhere = false

    static let context: DocumentValue = [
        "foo": "bar", "yes": true, "no": false, "zero": 0, "one": 1, "blank": "", "n": -7,
        "half": .number(DocumentNumber(0.5)!), "list": ["a", "b", "c"], "empty": [], "map": ["x": 1, "y": 2],
        "void": [:], "wrap": ["none": nil], "k": "y", "pn": "p", "mixed": [0, "", false, "t", ["x": "m"], ["u", "v"]],
        "a": ["b": ["c": "deep", "odd key": "odd"], "d": 5], "html": "<&>\"'", "uni": "é日😀",
        "people": [["name": "Ann", "age": 3], ["name": "Bob", "age": 0]],
        "nested": [["items": [1, 2], "foo": "p"], ["items": [3], "foo": "q"]],
    ]

    static let partials: DocumentValue = [
        "p": "[{{foo}}]", "who": "{{name}} ({{age}}) ", "lines": "one\n{{foo}}\n\n  two\n", "bare": "x",
        "lay": "<{{> @partial-block}}>", "twice": "{{> @partial-block}}|{{> @partial-block}}",
        "tree": "{{foo}}{{#each items}}{{> leaf}}{{/each}}", "leaf": "<{{this}}>",
        "block": "{{#if foo}}\n  yes {{foo}}\n{{else}}\n  no\n{{/if}}\n",
    ]

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    mutating func template() -> String { body(depth: 2) }

    /// A template with a slip in it: a few bytes of its tags are gone or there twice.
    mutating func brokenTemplate() -> String {
        var scalars = Array(template().unicodeScalars)
        let places = scalars.indices.filter { "{}#^()\"|=".unicodeScalars.contains(scalars[$0]) }
        guard !places.isEmpty else { return "{{" }
        let place = numbers.pick(places)
        if numbers.oneIn(2) { scalars.remove(at: place) } else { scalars.insert(scalars[place], at: place) }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    mutating func body(depth: Int) -> String {
        (0...numbers.next(3)).map { _ in piece(depth: depth) }.joined()
    }

    mutating func piece(depth: Int) -> String {
        switch numbers.next(depth > 0 ? 16 : 7) {
        case 0, 1, 2: text()
        case 3, 4: value()
        case 5: comment()
        case 6: numbers.oneIn(2) ? call() : partial()
        case 7, 8: condition(depth: depth)
        case 9, 10, 11: loop(depth: depth)
        case 12: with(depth: depth)
        case 13: section(depth: depth)
        case 14: partialBlock(depth: depth)
        default: numbers.oneIn(2) ? inline(depth: depth) : raw()
        }
    }

    // MARK: - Text

    mutating func text() -> String {
        numbers.pick([
            " ", "  ", "\n", "\n\n", "\r\n", "\t", "x", "a b", "é", " }", " }}", "{ x", "\n  ", "  \n", " y \n", "\\x",
            "{x}", "\n- ", "'", "\"", "~",
        ])
    }

    mutating func comment() -> String {
        let inside = numbers.pick([" c ", "-- {{x}} --", "", "!", "-- a\nb --", "--", " } ", "--}}--"])
        let text = "!\(inside)"
        let line = numbers.oneIn(3) ? numbers.pick(["\n", "\n  "]) : ""
        return line + "{{\(trim())\(text)\(text.hasSuffix("--") || text.hasSuffix(" ") ? trim() : "")}}"
            + (line.isEmpty ? "" : "\n")
    }

    mutating func raw() -> String {
        let inside = numbers.pick(["{{foo}}", " x ", "\n{{#if}}\n", "\n", "{{{foo}}} }}"])
        return "\(lineStart()){{{{raw}}}}\(inside){{{{/raw}}}}\(lineEnd())"
    }

    /// `~` now and then.
    mutating func trim() -> String { numbers.oneIn(8) ? "~" : "" }

    mutating func blanks() -> String { numbers.oneIn(6) ? numbers.pick([" ", "  ", "\n", "\t"]) : "" }

    /// What often makes a tag stand alone on its line.
    mutating func lineStart() -> String { numbers.oneIn(3) ? numbers.pick(["\n", "\n  ", "\r\n", "\n\t"]) : "" }

    mutating func lineEnd() -> String { numbers.oneIn(3) ? numbers.pick(["\n", "  \n", "\r\n"]) : "" }

    mutating func tag(_ text: String) -> String {
        "\(lineStart()){{\(trim())\(text)\(blanks())\(trim())}}\(lineEnd())"
    }

    /// The tag that opens a block, and what is inside. A partial that begins there keeps its indent in Handlebars in
    /// spite of a `~` before it, unlike anywhere else.
    mutating func opening(_ text: String, _ inside: String) -> String {
        let isPartial = inside.drop { $0.isWhitespace }.hasPrefix("{{>")
        return (isPartial ? tag(text).replacing("~}}", with: "}}") : tag(text)) + inside
    }

    // MARK: - Values

    mutating func value() -> String {
        switch numbers.next(6) {
        case 0: "{{\(trim()){\(blanks())\(path())\(blanks())}\(trim())}}"
        case 1: "{{\(trim())&\(blanks())\(path())\(blanks())\(trim())}}"
        case 2: "\\{{\(path())}}"
        default: "{{\(trim())\(blanks())\(path())\(blanks())\(trim())}}"
        }
    }

    mutating func call() -> String { "{{\(trim())\(callText(depth: 2))\(trim())}}" }

    mutating func callText(depth: Int) -> String {
        switch numbers.next(3) {
        case 0: "lookup \(container()) \(argument(depth: depth))"
        case 1: "toUppercase \(literal())"
        default: "strConcat \(argument(depth: depth))\(numbers.oneIn(2) ? " " + literal() : "")"
        }
    }

    mutating func argument(depth: Int) -> String {
        switch numbers.next(depth > 0 ? 4 : 3) {
        case 0: literal()
        case 1: numbers.pick(["foo", "@root.foo", "@root.one", "k", "@root.k"])
        case 2: String(numbers.next(4))
        default: "(\(blanks())\(callText(depth: depth - 1))\(blanks()))"
        }
    }

    mutating func literal() -> String {
        numbers.pick(["\"x\"", "'y'", "\"foo\"", "\"\"", "'a\"b'", "\"odd key\"", "\"é\"", "\"it's\""])
    }

    mutating func container() -> String {
        numbers.pick(["map", "list", "@root.map", "@root.list", "a.b", "missing"])
    }

    mutating func path() -> String {
        var choices = [
            "foo", "yes", "no", "zero", "half", "list", "map", "void", "empty", "missing", "wrap.none", "a.b.c",
            "a/b/c",
            "this", "this.foo", "./foo", ".", "a.b.[odd key]", "list.[1]", "list.length", "mixed", "html",
            "uni", "@root.foo", "@root.a.d", "people.[0].name", "name", "age", "items", "x", "[foo]", "a.missing.c",
            "missing.x", "foo.x", "zero.x", "mixed.[4].x", "nested.[0].items.[1]", "n", "blank", "@root", "this.[foo]",
        ]
        choices += parameters + parameters.flatMap { ["\($0).name", "\($0).foo"] }
        if !isElsewhere {
            for level in 0..<min(levels, 3) {
                let up = String(repeating: "../", count: level + 1)
                choices += ["\(up)foo", "\(up)name", "\(up)list.[0]", "\(up)this", String(up.dropLast())]
            }
            if loops > 1 { choices += ["@../index", "@../key", "@../first", "@../last"] }
        }
        if loops > 0 { choices += ["@index", "@key", "@first", "@last", "@index", "@key"] }
        return numbers.pick(choices)
    }
}
