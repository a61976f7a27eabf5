// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

/// Every kind of error names the file, the line and the column, and shows the line with a caret.
@Suite struct TemplateErrorPlaceTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let kind: String
        let template: String
        /// The message without the file, the line, and the line with the caret.
        let shown: [String]
        var hint: String?
        var limits = Template.Limits()
        var testDescription: String { "\(kind): \(template.prefix(60))" }
    }

    static let functions = TemplateFunctions.standard.adding("fail") {
        (arguments: [DocumentValue]) throws(TemplateFunctionError) -> DocumentValue in
        throw TemplateFunctionError("out of order", argument: 1, hint: "try later")
    }

    static let rows = [
        Row(
            kind: "unclosed", template: "a\n  {{#if x}}b\n",
            shown: ["2:3: '{{#if}}' is never closed", "  {{#if x}}b", "  ^"]),
        Row(
            kind: "unexpectedClose", template: "{{#if x}}\n  é{{/each}}",
            shown: ["2:7: '{{/each}}' where '{{/if}}' is due", "  é{{/each}}", "      ^"],
            hint: "'if' is opened on line 1"),
        Row(
            kind: "unexpected", template: "\t{{a b=}}",
            shown: ["1:8: unexpected '}}', expected a name", "\t{{a b=}}", "\t      ^"]),
        Row(
            kind: "unknownVariable", template: "a\r\nlisten {{cfg.prot}}\r\n",
            shown: ["2:10: unknown variable 'cfg.prot'", "listen {{cfg.prot}}", "         ^"],
            hint: "did you mean 'port'?"),
        Row(
            kind: "unknownFunction", template: "{{#if x}}\n{{toUpercase y}}{{/if}}",
            shown: ["2:3: unknown function 'toUpercase'", "{{toUpercase y}}{{/if}}", "  ^"],
            hint: "did you mean 'toUppercase'?"),
        Row(
            kind: "unknownBlock", template: "x {{#wiht y}}{{/wiht}}",
            shown: ["1:6: unknown block 'wiht'", "x {{#wiht y}}{{/wiht}}", "     ^"], hint: "did you mean 'with'?"),
        Row(
            kind: "unknownPartial", template: "{{#*inline \"row\"}}{{/inline}}\n{{> rwo}}",
            shown: ["2:5: unknown partial 'rwo'", "{{> rwo}}", "    ^"], hint: "did you mean 'row'?"),
        Row(
            kind: "argumentCount", template: "{{toJson\n  x y}}",
            shown: ["2:5: 'toJson' takes 1 argument (value), not 2", "  x y}}", "    ^"]),
        Row(
            kind: "argumentType", template: "{{strJoin y\n  \",\"}}",
            shown: ["1:11: argument 1 of 'strJoin' must be a list, not a text", "{{strJoin y", "          ^"]),
        Row(
            kind: "unknownNamedArgument", template: "{{#with x y=1}}{{/with}}",
            shown: ["1:11: 'with' has no argument named 'y'", "{{#with x y=1}}{{/with}}", "          ^"]),
        Row(
            kind: "functionFailed", template: "{{#each l}}\n {{fail 1 2}}{{/each}}",
            shown: ["2:11: 'fail' failed: out of order", " {{fail 1 2}}{{/each}}", "          ^"], hint: "try later"),
        Row(
            kind: "templateTooLong", template: String(repeating: "x", count: Template.maximumLength + 1),
            shown: ["1:1: the template is longer than 4194304 bytes", "", "^"]),
        Row(
            kind: "nestingTooDeep", template: String(repeating: "{{#x}}\n", count: 65),
            shown: ["65:1: more than 64 blocks or expressions inside each other", "{{#x}}", "^"]),
        Row(
            kind: "partialsTooDeep", template: "{{#*inline \"i\"}}{{> i}}{{/inline}}\n{{> i}}",
            shown: [
                "1:21: more than 64 partials inside each other", "{{#*inline \"i\"}}{{> i}}{{/inline}}",
                "                    ^",
            ]),
        Row(
            kind: "outputTooLong", template: "123\n{{y}}",
            shown: ["2:3: the result is longer than 5 bytes", "{{y}}", "  ^"], limits: Template.Limits(output: 5)),
        Row(
            kind: "tooManySteps", template: "{{#each l}}\n{{#each @root.l}}{{/each}}{{/each}}",
            shown: ["2:4: rendering takes more than 10 steps", "{{#each @root.l}}{{/each}}{{/each}}", "   ^"],
            limits: Template.Limits(steps: 10)),
    ]

    static let context: DocumentValue = ["cfg": ["port": 80], "x": true, "y": "text", "l": [1, 2, 3, 4, 5]]

    @Test(arguments: rows) func namesItsPlaceAndShowsTheLine(_ row: Row) {
        do throws(TemplateError) {
            let template = try Template(parsing: row.template, name: "hooks/run")
            _ = try template.render(
                Self.context, functions: Self.functions, mode: row.kind == "unknownVariable" ? .strict : .lenient,
                limits: row.limits)
            Issue.record("rendered")
        } catch {
            #expect(Self.kind(error.problem) == row.kind)
            #expect(error.description == "hooks/run:" + row.shown.joined(separator: "\n    "))
            #expect(error.hint == row.hint)
        }
    }

    @Test func everyKindHasARow() {
        #expect(Set(Self.rows.map(\.kind)).union(["notUTF8"]).count == 17)
        // Its bytes are no text, so it is not in the table.
        #expect(throws: TemplateError.self) { try Template(parsing: [0xFF], name: "t") }
    }

    /// A new kind does not compile until it is here, and then needs a row.
    private static func kind(_ problem: TemplateError.Problem) -> String {
        switch problem {
        case .unclosed: "unclosed"
        case .unexpectedClose: "unexpectedClose"
        case .unexpected: "unexpected"
        case .unknownVariable: "unknownVariable"
        case .unknownFunction: "unknownFunction"
        case .unknownBlock: "unknownBlock"
        case .unknownPartial: "unknownPartial"
        case .argumentCount: "argumentCount"
        case .argumentType: "argumentType"
        case .unknownNamedArgument: "unknownNamedArgument"
        case .functionFailed: "functionFailed"
        case .notUTF8: "notUTF8"
        case .templateTooLong: "templateTooLong"
        case .nestingTooDeep: "nestingTooDeep"
        case .partialsTooDeep: "partialsTooDeep"
        case .outputTooLong: "outputTooLong"
        case .tooManySteps: "tooManySteps"
        }
    }
}
