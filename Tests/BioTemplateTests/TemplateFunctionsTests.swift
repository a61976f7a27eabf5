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
                "pkgPathFor", "strConcat", "strJoin", "strReplace", "toJson", "toLowercase", "toToml", "toUppercase",
                "toYaml",
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
