// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

/// Templates and contexts made to cost much: each ends with an error of its own, soon.
@Suite struct HostileTemplateTests {
    /// One mebibyte.
    static let long = String(repeating: "a", count: 1 << 20)

    static func problem(
        _ text: String, _ context: DocumentValue = [:], partials: [String: String] = [:],
        limits: Template.Limits = Template.Limits()
    ) -> TemplateError.Problem? {
        do throws(TemplateError) {
            var known: [String: Template] = [:]
            for (name, text) in partials { known[name] = try Template(parsing: text, name: name) }
            _ = try Template(parsing: text, name: "t", partials: known).render(context, limits: limits)
            return nil
        } catch { return error.problem }
    }

    /// Few, so that the tests are quick: the bytes are what is to be counted.
    static let few = Template.Limits(steps: 200_000)
    static let tooMany = TemplateError.Problem.tooManySteps(limit: few.steps)

    /// Nothing is printed, so only the work can be counted: a gigabyte of it.
    @Test(
        .timeLimit(.minutes(15)),
        arguments: [
            "{{#if (toUppercase @root.long)}}{{/if}}", "{{#if (strConcat @root.long)}}{{/if}}",
            "{{#if (strJoin @root.texts @root.long)}}{{/if}}", "{{#if (toJson @root.long)}}{{/if}}",
            "{{log @root.long}}",
        ])
    func workThatPrintsNothingIsCounted(_ text: String) {
        let many = DocumentValue.array([DocumentValue](repeating: 0, count: 1000))
        let context: DocumentValue = ["many": many, "long": .string(Self.long), "texts": ["a", "b"]]
        #expect(Self.problem("{{#each many}}\(text){{/each}}", context, limits: Self.few) == Self.tooMany)
    }

    @Test(.timeLimit(.minutes(15))) func lookingForAMemberIsCounted() {
        var table = DocumentObject()
        for number in 0..<20_000 { table.append("key-\(number)", .integer(number)) }
        let context: DocumentValue = [
            "t": .object(table), "many": .array([DocumentValue](repeating: 0, count: 1000)),
        ]
        #expect(Self.problem("{{#each many}}{{@root.t.no}}{{/each}}", context, limits: Self.few) == Self.tooMany)
        #expect(
            Self.problem("{{#each many}}{{lookup @root.t \"no\"}}{{/each}}", context, limits: Self.few) == Self.tooMany)
        #expect(Self.problem("{{t.key-19999}}", context) == nil)
    }

    /// Each level holds a text of its own; sixty-four of 16 MiB would be a gibibyte.
    @Test func textsInsideEachOtherAreCounted() {
        let grow = "(strReplace @root.long \"a\" \"aaaaaaaaaaaaaaaa\")"
        let nested =
            String(repeating: "{{#with \(grow)}}", count: 60) + String(repeating: "{{/with}}", count: 60)
        #expect(Self.problem(nested, ["long": .string(Self.long)], limits: Self.few) == Self.tooMany)
    }

    @Test(arguments: [
        ("{{> a}}", ["a": "{{> b}}", "b": "{{> a}}"]),
        ("{{> a}}", ["a": "{{#each @root.l}}{{> a}}{{/each}}"]),
        ("{{#> a}}{{> a}}{{/a}}", ["a": "{{> @partial-block}}"]),
        ("{{> (lookup @root \"n\")}}", ["a": "{{> (lookup @root \"n\")}}"]),
        ("{{#> a}}x{{/a}}", ["a": "{{#> a}}{{> @partial-block}}{{/a}}"]),
        ("{{#*inline \"a\"}}{{#*inline \"b\"}}{{> a}}{{/inline}}{{> b}}{{/inline}}{{> a}}", [:]),
    ])
    func partialsWithoutAnEnd(_ text: String, _ partials: [String: String]) {
        let problem = Self.problem(text, ["l": [1, 2, 3], "n": "a"], partials: partials)
        let depths: [TemplateError.Problem] = [.partialsTooDeep(limit: 64), .nestingTooDeep(limit: 200)]
        #expect(
            problem.map { depths.contains($0) || $0 == .unknownPartial("@partial-block") } == true, "\(problem as Any)")
    }

    /// Two hundred thousand places in one line; to count each from the beginning would take hours.
    @Test(.timeLimit(.minutes(15))) func manyReferencesAreFoundSoon() throws {
        let text = String(repeating: "{{é}}\u{20}", count: 200_000) + "\n  {{last}}"
        let template = try Template(parsing: text, name: "t")
        let references = template.references()
        #expect(references.count == 200_001)
        #expect(references[150_000].position == DocumentPosition(line: 1, column: 150_000 * 6 + 3))
        #expect(references.last?.position == DocumentPosition(line: 2, column: 5))
    }

    @Test func anErrorStaysShort() {
        let name = "[" + String(repeating: "n", count: 1 << 20) + "]"
        for text in ["{{\(name) 1}}", "{{#\(name)}}", "{{> \(name)}}", "{{#if x}}{{/\(name)}}"] {
            do throws(TemplateError) {
                _ = try Template(parsing: text, name: "t").render([:])
                Issue.record("rendered")
            } catch {
                #expect(error.description.utf8.count < 1000)
                #expect((error.hint ?? "").utf8.count < 1000)
            }
        }
    }

    /// Colours, an overstrike and text turned around are shown as what they are.
    @Test func aNameDoesNotDriveTheTerminal() {
        do throws(TemplateError) {
            _ = try Template(parsing: "{{[\u{1B}[31m\u{202E}\u{9B}] 1}}\r\n", name: "config/\u{1B}]0;x").render([:])
            Issue.record("rendered")
        } catch {
            #expect(error.message == #"config/\u{1b}]0;x:1:3: unknown function '[\u{1b}[31m\u{202e}\u{9b}]'"#)
            #expect(error.lineText == "{{[\u{FFFD}[31m\u{FFFD}\u{FFFD}] 1}}")
        }
    }
}
