// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

@Suite struct TemplateFunctionsTests {
    static func message(_ text: String, _ context: DocumentValue, _ functions: TemplateFunctions = .standard) -> String?
    {
        do throws(TemplateError) {
            return try Template(parsing: text, name: "t").render(context, functions: functions)
        } catch { return error.message + (error.hint.map { " / \($0)" } ?? "") }
    }

    @Test(arguments: [
        ("{{toLowercase \"ÀB\"}}{{toUppercase \"straße\"}}", "àbSTRASSE"),
        ("{{strReplace \"aaa\" \"aa\" \"b\"}}", "ba"),
        ("{{strReplace s \".\" \"_\"}}", "a_b"), ("{{strJoin list \"\"}}", "a1true"),
        ("{{strJoin list (toUppercase \"x\")}}", "aX1Xtrue"),
        ("{{strConcat}}{{strConcat s 1 true missing list}}", "a.b1truea1true"),
        ("{{toJson missing}}{{toJson table}}", "null{\n  \"k\": []\n}"),
        ("{{toYaml list}}", "---\n- a\n- 1\n- true\n"), ("{{toToml table}}", "k = []\n"),
        ("{{#if (toUppercase s)}}{{#each list}}{{strConcat this}}{{/each}}{{/if}}", "a1true"),
    ])
    func standardFunctions(_ text: String, _ result: String) {
        let context: DocumentValue = ["s": "a.b", "list": ["a", 1, true, [:]], "table": ["k": []]]
        var shown = context.object ?? DocumentObject()
        shown["list"] = ["a", 1, true]
        #expect(Self.message(text, .object(shown)) == result)
    }

    static let compared: [(text: String, isTrue: Bool)] = [
        ("eq 5 5", true), ("eq 5 6", false), ("eq \"a\" \"a\"", true), ("eq \"a\" \"A\"", false), ("eq 5 \"5\"", false),
        ("eq list list", true), ("eq list table", false), ("eq missing null", true), ("ne 5 6", true),
        ("ne s s", false),
        ("gt 5 3", true), ("gt 3 5", false), ("gt 5 5", false), ("gte 5 5", true), ("lt -1 0", true), ("lte 5 5", true),
        ("gt 5.5 3", true), ("lt 9007199254740992 9007199254740993", true), ("gt \"b\" \"a\"", true),
        ("lt \"Z\" \"a\"", true), ("gt 53 \"35\"", true), ("lt \"-1.00\" 0", true), ("gt \"x\" 0", false),
        ("lt \"x\" 0", false), ("gt true false", true), ("gt list 0", false), ("and 1 \"a\" list", true),
        ("and 1 0", false), ("or 0 \"\" 4", true), ("or 0 \"\" missing", false), ("not missing", true),
        ("not s", false),
        ("not (gt 5 3)", false), ("and (gt (len list) 1) (not none)", true), ("eq (len \"é\") 2", true),
        ("eq (len table) 1", true), ("eq (len 7) 0", true),
    ]

    @Test(arguments: compared) func comparisons(_ text: String, _ isTrue: Bool) {
        let context: DocumentValue = ["s": "text", "list": [1, 2], "table": ["k": 1], "none": []]
        #expect(Self.message("{{#if (\(text))}}yes{{else}}no{{/if}}", context) == (isTrue ? "yes" : "no"))
        #expect(Self.message("{{\(text)}}", context) == (isTrue ? "true" : "false"))
    }

    @Test func aComparisonIsABlockToo() throws {
        let context: DocumentValue = ["role": "leader", "n": 3, "t": ["n": 5]]
        #expect(Self.message("{{#eq role \"leader\"}}L{{else}}F{{/eq}}{{#not n}}A{{else}}B{{/not}}", context) == "LB")
        #expect(
            Self.message("{{#with t}}{{#gt n 4}}{{n}}{{../n}}{{/gt}}{{/with}}{{^eq n 4}}!{{/eq}}", context) == "53!")
        #expect(Self.message("{{#if no}}{{else and n role}}both{{/if}}", context) == "both")
        #expect(Self.message("{{#eq n}}{{/eq}}", context) == "t:1:4: 'eq' takes 2 arguments (left, right), not 1")
        #expect(
            Self.message("{{#equal n 1}}{{/equal}}", context) == "t:1:4: unknown block 'equal'")
        let template = try Template(parsing: "{{#with t}}{{#gt n 4}}{{../n}}{{/gt}}{{/with}}", name: "t")
        #expect(template.references().map(\.names) == [["t"], ["t", "n"], ["n"]])
    }

    /// Tables of older packages have members that are called so.
    @Test func aVariableOfTheContextIsMeantWithoutArguments() {
        let context: DocumentValue = ["t": ["len": 7, "not": "no", "toUppercase": "up"], "len": [1]]
        #expect(Self.message("{{#with t}}{{len}}{{not}}{{toUppercase}}{{len \"ab\"}}{{/with}}", context) == "7noup2")
        #expect(Self.message("{{#if len}}{{#each len}}{{this}}{{/each}}{{/if}}", context) == "1")
        #expect(
            Self.message("{{#with t}}{{toLowercase}}{{/with}}", context)
                == "t:1:14: 'toLowercase' takes 1 argument (text), not 0")
    }

    @Test(arguments: [
        ("{{toUppercase}}", "t:1:3: 'toUppercase' takes 1 argument (text), not 0"),
        ("{{toJson a b}}", "t:1:12: 'toJson' takes 1 argument (value), not 2"),
        ("{{toUppercase 1}}", "t:1:15: argument 1 of 'toUppercase' must be a text, not a number"),
        ("{{toUppercase cfg.x}}", "t:1:15: argument 1 of 'toUppercase' must be a text, not 'cfg.x', which is nothing"),
        ("{{strJoin cfg \",\"}}", "t:1:11: argument 1 of 'strJoin' must be a list, not a table"),
        ("{{strConcat \"a\" cfg}}", "t:1:17: 'strConcat' failed: a table cannot be concatenated"),
        (
            "{{strReplace \"a\" \"\" \"b\"}}",
            "t:1:18: 'strReplace' failed: there is nothing to look for / name the text to replace"
        ),
        ("{{toToml cfg}}", "t:1:10: 'toToml' failed: list[1].none: TOML has no null"),
        ("{{toJson cfg pretty=true}}", "t:1:14: 'toJson' has no argument named 'pretty'"),
    ])
    func wrongArgumentsAreRefusedWithTheirPlace(_ text: String, _ message: String) {
        #expect(Self.message(text, ["cfg": ["list": [1, ["none": nil]]]]) == message)
    }

    @Test func aFunctionIsAddedToACopy() throws {
        let more = TemplateFunctions.standard.adding("pkgPathFor") {
            (arguments: [DocumentValue]) throws(TemplateFunctionError) -> DocumentValue in
            guard arguments.count == 1, let ident = arguments[0].string else {
                throw TemplateFunctionError("one ident is needed", hint: "pkgPathFor \"core/redis\"")
            }
            return .string("/hab/pkgs/\(ident)")
        }
        #expect(more.contains("pkgPathFor") && !TemplateFunctions.standard.contains("pkgPathFor"))
        #expect(Self.message("{{pkgPathFor \"core/redis\"}}/bin", [:], more) == "/hab/pkgs/core/redis/bin")
        #expect(
            Self.message("{{pkgPathFor}}", [:], more)
                == "t:1:3: 'pkgPathFor' failed: one ident is needed / pkgPathFor \"core/redis\"")
        #expect(
            more.names == [
                "and", "eq", "gt", "gte", "len", "lt", "lte", "ne", "not", "or", "pkgPathFor", "strConcat", "strJoin",
                "strReplace", "toJson", "toLowercase", "toToml", "toUppercase", "toYaml",
            ])
    }

    @Test func aSignatureIsCheckedBeforeTheCall() {
        let functions = TemplateFunctions().adding(
            "f",
            TemplateSignature(.init("flag", .bool), .init("number", .number), .init("rest", .scalar), repeatsLast: true)
        ) { .integer($0.count) }
        #expect(Self.message("{{f true 1}}{{f true 1 \"a\" 2}}", [:], functions) == "24")
        #expect(
            Self.message("{{f true}}", [:], functions)
                == "t:1:3: 'f' takes 2 arguments or more (flag, number, rest …), not 1")
        #expect(
            Self.message("{{f true 1 2 list}}", ["list": []], functions)
                == "t:1:14: argument 4 of 'f' must be a text, number or boolean, not a list")
        #expect(Self.message("{{f 1 1}}", [:], functions) == "t:1:5: argument 1 of 'f' must be a boolean, not a number")
    }
}
