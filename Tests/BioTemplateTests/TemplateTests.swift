// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

@Suite struct TemplateTests {
    @Test func rendersTheSameTextEachTime() throws {
        let template = try Template(parsing: "{{#each m}}{{@key}}{{this}}{{/each}}", name: "t")
        let context: DocumentValue = ["m": ["z": 1, "a": 2, "m": 3]]
        for _ in 0..<20 { #expect(try template.render(context) == "z1a2m3") }
    }

    @Test func strictModeNamesWhatIsMissingAndTheNearestName() throws {
        let template = try Template(parsing: "a\n  listen {{cfg.prot}}\n", name: "config/x.conf")
        let context: DocumentValue = ["cfg": ["port": 80, "host": "h"]]
        #expect(try template.render(context) == "a\n  listen \n")
        do throws(TemplateError) {
            _ = try template.render(context, mode: .strict)
            Issue.record("rendered")
        } catch {
            #expect(error.problem == .unknownVariable("cfg.prot"))
            #expect(error.hint == "did you mean 'port'?")
            #expect(
                error.description
                    == "config/x.conf:2:12: unknown variable 'cfg.prot'\n      listen {{cfg.prot}}\n               ^")
        }
    }

    @Test(arguments: [
        ("{{x}}", false), ("{{#each x}}{{/each}}", false), ("{{#with x}}{{/with}}", false), ("{{toJson x}}", false),
        ("{{@nothing}}", false), ("{{@index}}", false), ("{{../a}}", false), ("{{#each a}}{{/each}}", false),
        ("{{#if x}}{{else}}{{/if}}", true), ("{{#unless x}}{{/unless}}", true), ("{{#each x}}{{else}}{{/each}}", true),
        ("{{#with x}}{{else}}{{/with}}", true), ("{{n}}", true), ("{{#x}}{{/x}}", true), ("{{lookup a \"x\"}}", true),
    ])
    func strictModeAllowsTestsForPresence(_ text: String, _ isAllowed: Bool) throws {
        let template = try Template(parsing: text, name: "t")
        let context: DocumentValue = ["a": 1, "n": nil]
        #expect(throws: Never.self) { try template.render(context) }
        if isAllowed {
            #expect(throws: Never.self) { try template.render(context, mode: .strict) }
        } else {
            #expect(throws: TemplateError.self) { try template.render(context, mode: .strict) }
        }
    }

    static func problem(
        _ text: String, _ context: DocumentValue = [:], partials: [String: Template] = [:],
        limits: Template.Limits = Template.Limits()
    ) -> TemplateError.Problem? {
        do throws(TemplateError) {
            _ = try Template(parsing: text, name: "t", partials: partials).render(context, limits: limits)
            return nil
        } catch { return error.problem }
    }

    @Test func partialsThatCallThemselvesEnd() throws {
        let own = try Template(parsing: "x{{> own}}", name: "own")
        #expect(Self.problem("{{> own}}", partials: ["own": own]) == .partialsTooDeep(limit: 64))
        #expect(Self.problem("{{#*inline \"i\"}}{{> i}}{{/inline}}{{> i}}") == .partialsTooDeep(limit: 64))
        // Each partial in many blocks: the depth counts all of them.
        let blocks =
            String(repeating: "{{#if true}}", count: 60) + "{{> own}}" + String(repeating: "{{/if}}", count: 60)
        let deep = try Template(parsing: blocks, name: "own")
        #expect(Self.problem("{{> own}}", partials: ["own": deep]) == .nestingTooDeep(limit: Template.maximumDepth))
    }

    /// Each call shares its context twice: 2^24 parts, were they ever walked.
    @Test func sharedValuesCannotMultiply() throws {
        let own = try Template(
            parsing: "{{#if (lookup stop depth)}}{{else}}{{> own a=this b=this}}{{/if}}", name: "own")
        #expect(Self.problem("{{> own}}", ["x": 1], partials: ["own": own]) == .partialsTooDeep(limit: 64))
        let text =
            String(repeating: "{{#> w a=this b=this}}", count: 24) + "{{toJson this}}"
            + String(repeating: "{{/w}}", count: 24)
        let wrap = try Template(parsing: "{{> @partial-block}}", name: "w")
        let problem = Self.problem(text, ["x": 1], partials: ["w": wrap], limits: .init(steps: 50_000))
        #expect(problem == .tooManySteps(limit: 50_000))
    }

    @Test func outputAndStepsAreBounded() {
        let many = DocumentValue.array([DocumentValue](repeating: "0123456789", count: 1000))
        #expect(
            Self.problem("{{#each a}}{{this}}{{/each}}", ["a": many], limits: .init(output: 9_999))
                == .outputTooLong(limit: 9_999))
        #expect(Self.problem("{{#each a}}{{this}}{{/each}}", ["a": many], limits: .init(output: 10_000)) == nil)
        let nested = String(repeating: "{{#each @root.a}}", count: 8) + String(repeating: "{{/each}}", count: 8)
        #expect(Self.problem(nested, ["a": many], limits: .init(steps: 50_000)) == .tooManySteps(limit: 50_000))
        let long = "\"" + String(repeating: "a", count: 1000) + "\""
        let growth = "strReplace (strReplace (strReplace \(long) \"a\" \(long)) \"a\" \(long)) \"a\" \(long)"
        guard case .functionFailed? = Self.problem("{{\(growth)}}") else {
            Issue.record("a text grew without a bound")
            return
        }
    }

    @Test func nestingIsBoundedWhenReading() {
        #expect(Self.problem(String(repeating: "{{#if a}}", count: 100_000)) == .nestingTooDeep(limit: 64))
        #expect(Self.problem("{{" + String(repeating: "(f ", count: 100_000)) == .nestingTooDeep(limit: 32))
        let fits = String(repeating: "{{#if a}}", count: 64) + "x" + String(repeating: "{{/if}}", count: 64)
        #expect(Self.problem(fits) == nil)
        #expect(
            Self.problem(String(repeating: "x", count: Template.maximumLength + 1))
                == .templateTooLong(limit: Template.maximumLength))
    }

    @Test func bytesMustBeUTF8() throws {
        #expect(try Template(parsing: Array("é{{a}}".utf8), name: "t").render(["a": 1]) == "é1")
        do throws(TemplateError) {
            _ = try Template(parsing: Array("ab\né".utf8) + [0xFF], name: "t")
            Issue.record("accepted")
        } catch {
            #expect(error.problem == .notUTF8)
            #expect(error.position == DocumentPosition(line: 2, column: 2))
        }
    }
}
