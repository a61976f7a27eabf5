// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

@Suite struct YAMLReaderTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let text: String
        let position: String
        let problem: DocumentError.Problem
        var testDescription: String { text }

        init(_ text: String, _ position: String, _ problem: DocumentError.Problem) {
            (self.text, self.position, self.problem) = (text, position, problem)
        }
    }

    private func read(_ text: String, _ limits: DocumentLimits = DocumentLimits()) throws -> DocumentValue {
        try Document(yaml: Array(text.utf8), limits: limits).value
    }

    @Test func readsEveryStyleInTheOrderOfTheText() throws {
        let value = try read(
            """
            # a comment
            zeta: plain text  # another
            alpha: {a: 1, "b": ['x', "\\u00e9\\0"]}
            literal: |
              one
                two

            folded: >-
              three
              four
            list:
            - - 1
              - 2
            - key: value
            - ~
            -
            80: port
            yes: no
            """)
        #expect(
            value == [
                "zeta": "plain text", "alpha": ["a": 1, "b": ["x", "é\u{0}"]], "literal": "one\n  two\n",
                "folded": "three four", "list": [[1, 2], ["key": "value"], nil, nil], "80": "port", "yes": "no",
            ])
        #expect(value.object?.keys == ["zeta", "alpha", "literal", "folded", "list", "80", "yes"])
    }

    /// The core schema of YAML 1.2: left what is written, right the same as JSON.
    @Test(arguments: [
        ("null", "null"), ("~", "null"), ("Null", "null"), ("", "null"), ("nULL", "\"nULL\""), ("true", "true"),
        ("FALSE", "false"), ("yes", "\"yes\""), ("off", "\"off\""), ("12", "12"), ("-0", "-0"), ("+12", "12"),
        ("0777", "777"), ("0o17", "15"), ("0x1fF", "511"), ("0b1", "\"0b1\""), ("1_000", "\"1_000\""),
        ("18446744073709551616", "18446744073709551616"), ("1.0", "1.0"), (".5", "0.5"), ("5.", "5.0"), ("-.5", "-0.5"),
        ("1e3", "1e3"), ("+1.E-3", "1.0e-3"), ("1e", "\"1e\""), (".", "\".\""), ("-", "[null]"), ("+", "\"+\""),
        ("0o8", "\"0o8\""), ("0x", "\"0x\""), ("0x-1", "\"0x-1\""), ("1.2.3", "\"1.2.3\""), ("12:30", "\"12:30\""),
        ("2026-11-20", "\"2026-11-20\""), ("!!str 12", "\"12\""), ("! 12", "\"12\""), ("!!int \"12\"", "12"),
        ("!!float 1", "1"), ("!!null ''", "null"), ("!!bool 'true'", "true"), ("!!map {}", "{}"), ("!!seq []", "[]"),
        ("'12'", "\"12\""), ("<<", "\"<<\""), ("1é", "\"1é\""),
    ])
    func resolvesByTheCoreSchema(_ text: String, _ json: String) throws {
        #expect(try read(text).json(.compact) == json)
    }

    @Test(arguments: [
        Refusal("a: 1\nb: 2\na: 3\n", "3:1", .duplicateKey("a")),
        Refusal("{\"a\": 1, a: 2}", "1:10", .duplicateKey("a")),
        Refusal("a: [1, 2\nb: 3\n", "2:2", .syntax("did not find expected ',' or ']' while parsing a flow sequence")),
        Refusal("a: b: c", "1:5", .syntax("mapping values are not allowed in this context")),
        Refusal("a: \"x", "1:6", .syntax("found unexpected end of stream while scanning a quoted scalar")),
        Refusal("a: *b", "1:4", .unknownAlias("b")),
        Refusal("a: &a [*a]", "1:8", .unknownAlias("a")),
        Refusal("--- &a x\n--- *a\n", "2:5", .unknownAlias("a")),
        Refusal("x: !!binary aGk=", "1:4", .badTag("!!binary")),
        Refusal("!!python/object:os.system {}", "1:1", .badTag("!!python/object:os.system")),
        Refusal("- !mine []", "1:3", .badTag("!mine")),
        Refusal("!!int x", "1:1", .badTag("!!int")),
        Refusal("!!int 1.5", "1:1", .badTag("!!int")),
        Refusal("!!set {a}", "1:1", .badTag("!!set")),
        Refusal("n:\n  - .inf", "2:5", .notRepresentable(".inf")),
        Refusal("-.INF", "1:1", .notRepresentable("-.INF")),
        Refusal(".NaN", "1:1", .notRepresentable(".NaN")),
        Refusal("0x10000000000000000", "1:1", .badNumber("0x10000000000000000")),
        Refusal("? [a]\n: b", "1:3", .noKey("a list")),
        Refusal("{{x}}", "1:2", .noKey("a table")),
        Refusal("? \n: 2", "1:2", .noKey("null")),
        Refusal("~: 2", "1:1", .noKey("null")),
        Refusal("a: &x 1\n*x : 2", "2:1", .noKey("an alias of something else")),
        Refusal("a:\n  <<: 1", "2:3", .badMerge),
        Refusal("<<: [{}, 1]", "1:10", .badMerge),
        Refusal("<<: {}\n<<: {}", "2:1", .duplicateKey("<<")),
        Refusal("a: 1\n---\nb: 2\n", "3:1", .trailing(found: "another document")),
        Refusal("a: \u{1}", "1:4", .notPrintable(1)),
        Refusal("a: \u{0}", "1:4", .notPrintable(0)),
        Refusal("a: \u{7F}", "1:4", .notPrintable(0x7F)),
        Refusal("é: \u{85}", "1:4", .notPrintable(0x85)),
        Refusal("# \u{2028}", "1:3", .notPrintable(0x2028)),
        Refusal("x\u{FEFF}", "1:2", .notPrintable(0xFEFF)),
        Refusal("x\n\u{FFFE}", "2:1", .notPrintable(0xFFFE)),
        Refusal("%YAML 2.0\n--- x", "1:1", .syntax("found incompatible YAML document")),
        Refusal(
            "@x", "1:1",
            .syntax("found character that cannot start any token while scanning for the next token")),
    ])
    func refusesWithThePlace(_ row: Refusal) {
        do throws(DocumentError) {
            let document = try Document(yaml: Array(row.text.utf8))
            Issue.record("accepted as \(document.value)")
        } catch {
            #expect(error.problem == row.problem)
            #expect(error.position.description == row.position)
        }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        let error = #expect(throws: DocumentError.self) { try Document(yaml: Array("a: é\nb: ".utf8) + [0xFF]) }
        #expect(error?.description == "2:4: not UTF-8")
        // UTF-16 is YAML too, and nobody means it.
        #expect(throws: DocumentError.self) { try Document(yaml: [0xFF, 0xFE, 0x61, 0x00]) }
    }

    @Test func aByteOrderMarkMayComeFirst() throws { #expect(try read("\u{FEFF}a: 1") == ["a": 1]) }

    @Test func knowsThePlaceOfEveryValue() throws {
        let document = try Document(
            yaml: Array("é: x\nlist:\n  - a\n  - {k: v, é: [1,  2]}\nshared: &s {deep: 1}\nagain: *s\n".utf8))
        #expect(document.position(of: ["é"]).description == "1:1")
        #expect(document.position(of: ["list", 0]).description == "3:5")
        #expect(document.position(of: ["list", 1, "é"]).description == "4:12")
        #expect(document.position(of: ["list", 1, "é", 1]).description == "4:20")
        #expect(document.position(of: ["again"]).description == "6:1")
        #expect(document.position(of: ["again", "deep"]).description == "5:13")
        #expect(document.position(of: ["list", 7]).description == "2:1")
    }

    @Test func readsStreams() throws {
        let documents = try Document.all(yaml: Array("--- a\n...\n---\n---\nb: 1\n".utf8))
        #expect(documents.map(\.value) == ["a", nil, ["b": 1]])
        #expect(documents.map(\.places.position.line) == [1, 4, 5])
        #expect(try Document.all(yaml: []).isEmpty)
        #expect(try read("# nothing\n") == .null)
    }

    @Test func mergesTables() throws {
        let value = try read(
            """
            base: &base {a: 1, b: 2}
            other: &other {b: 3, c: 4}
            one: {<<: *base, b: 9}
            two: {<<: [*other, *base], d: 5}
            quoted: {"<<": 1}
            """)
        #expect(value["one"] == ["b": 9, "a": 1])
        #expect(value["two"] == ["d": 5, "b": 3, "c": 4, "a": 1])
        #expect(value["quoted"] == ["<<": 1])
    }

    @Test func aliasesOfKeysAreTheirTexts() throws {
        #expect(try read("a: &n name\n*n : 1") == ["a": "name", "name": 1])
    }

    /// A billion laughs, by values and by text; and a tower that is low where it is built and high where it is used.
    @Test func aliasesAreBounded() throws {
        var laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1..<10 {
            let ten = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            laughs += "a\(level): &a\(level) [\(ten)]\n"
        }
        #expect(throws: DocumentError(.tooMany(limit: 1 << 18), at: DocumentPosition(line: 6, column: 15))) {
            try self.read(laughs)
        }
        let long =
            "a: &a \(String(repeating: "x", count: 1 << 19))\nb: [\(Array(repeating: "*a", count: 100).joined(separator: ", "))]"
        let error = #expect(throws: DocumentError.self) { try self.read(long) }
        #expect(error?.problem == .tooMany(limit: 1 << 18))

        let tower = "a: &a [[[[[1]]]]]\nb: [[[[*a]]]]"
        #expect(throws: DocumentError(.tooDeep(limit: 8), at: DocumentPosition(line: 2, column: 8))) {
            try self.read(tower, DocumentLimits(depth: 8))
        }
        _ = try read(tower, DocumentLimits(depth: 10))
    }

    /// libyaml would take minutes for what fits into the length.
    @Test func directivesAreBounded() throws {
        func text(_ count: Int) -> String {
            (0..<count).map { "%TAG !t\($0)! tag:example.org,2026:\n" }.joined() + "--- x\n"
        }
        #expect(try read(text(64)) == "x")
        #expect(throws: DocumentError(.syntax("more than 64 directives"), at: DocumentPosition(line: 65, column: 1))) {
            try self.read(text(65))
        }
    }

    @Test func lengthAndDepthAreBounded() throws {
        let deep = String(repeating: "[", count: 8) + String(repeating: "]", count: 8)
        _ = try read(deep, DocumentLimits(depth: 8))
        #expect(throws: DocumentError(.tooDeep(limit: 7), at: DocumentPosition(line: 1, column: 8))) {
            try self.read(deep, DocumentLimits(depth: 7))
        }
        #expect(throws: DocumentError.self) { try self.read(String(repeating: "[", count: 100_000)) }
        #expect(throws: DocumentError.self) { try self.read(String(repeating: "- ", count: 100_000)) }
        #expect(throws: DocumentError(.tooLong(limit: 4), at: DocumentPosition(line: 1, column: 1))) {
            try self.read("12345", DocumentLimits(length: 4))
        }
    }

    /// What others write is what we read: every style of PyYAML and libyaml.
    @Test func readsWhatPythonWrites() throws {
        var texts = WrittenTexts(seed: 3)
        var values: [DocumentValue] = WrittenTexts.hard.map { [.string($0), ["k": .string($0)]] }
        for _ in 0..<300 { values.append(texts.value(depth: 4, nulls: true)) }
        let script = #"""
            import json, re, sys, yaml
            # A number in YAML 1.2, a text in 1.1: Python writes it without quotes.
            number12 = re.compile(r"[-+]?([.][0-9]+|[0-9]+([.][0-9]*)?)([eE][-+]?[0-9]+)?$|0o[0-7]+$").match
            def differs(value):
                if isinstance(value, list): return any(map(differs, value))
                if isinstance(value, dict): return any(map(differs, value.values()))
                return isinstance(value, str) and number12(value)
            styles = [dict(default_flow_style=flow, default_style=style, width=width, sort_keys=False)
                for flow in (True, False) for style in (None, "'", '"', "|", ">") for width in (20, 1000)]
            def strings(value):
                if isinstance(value, list): return list(map(strings, value))
                if isinstance(value, dict): return {key: strings(value[key]) for key in value}
                return value if isinstance(value, str) else str(value)
            texts = []
            for number, value in enumerate(json.load(sys.stdin)):
                how = styles[number % len(styles)]
                # In a style it writes "! null" where it means null.
                if how["default_style"]: value = strings(value)
                dumper = (yaml.SafeDumper, yaml.CSafeDumper)[number // len(styles) % 2]
                wide = yaml.dump(value, Dumper=dumper, allow_unicode=True, **how)
                if set(wide) & set("\x85\u2028\u2029"): wide = yaml.dump(value, Dumper=dumper, **how)
                # Not all that it writes does it read back the same.
                if yaml.load(wide, yaml.SafeLoader) == value and not differs(value): texts.append({"value": value, "text": wide})
            json.dump(texts, sys.stdout)
            """#
        let outcome = try Tool.run(
            ["/usr/bin/python3", "-c", script], input: DocumentValue.array(values).jsonBytes(.compact))
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let written = try DocumentValue(json: outcome.output).array ?? []
        #expect(written.count > values.count / 2)
        for pair in written {
            let text = pair["text"]?.string ?? ""
            // Python writes numbers of its own length; what they are is what counts.
            #expect(try read(text).withPlainNumbers == pair["value"]?.withPlainNumbers, "\(text)")
        }
    }

    /// Every JSON text is YAML, but for characters that YAML wants escaped, and keys of more than 1,024 characters.
    @Test func readsJSON() throws {
        var texts = WrittenTexts(seed: 5)
        for _ in 0..<500 {
            let value = texts.value(depth: 4, nulls: true)
            if value.json(.compact).utf8.count > 1000 { continue }
            for style in [DocumentValue.JSONStyle.compact, .pretty] {
                let json = value.json(style).replacing("\u{2028}", with: "\\u2028")
                    .replacing("\u{2029}", with: "\\u2029").replacing("\u{9F}", with: "\\u009f").replacing(
                        "\u{85}", with: "\\u0085"
                    )
                    .replacing("\u{7F}", with: "\\u007f").replacing("\u{FEFF}", with: "\\ufeff")
                    .replacing("\u{FFFE}", with: "\\ufffe").replacing("\u{FFFF}", with: "\\uffff")
                #expect(try read(json).withPlainNumbers == value.withPlainNumbers, "\(json)")
            }
        }
    }
}

extension DocumentValue {
    /// Numbers by value.
    var withPlainNumbers: DocumentValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.withPlainNumbers))
        case .object(let object):
            var result = DocumentObject()
            for member in object.members { result.append(member.key, member.value.withPlainNumbers) }
            return .object(result)
        case .number(let number): return number.int == nil ? .number(DocumentNumber(number.double) ?? number) : self
        default: return self
        }
    }
}
