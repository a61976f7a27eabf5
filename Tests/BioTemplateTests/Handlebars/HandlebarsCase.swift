// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

/// One thing the public Handlebars suite asks of a renderer, in a template and a context of our own.
struct HandlebarsCase: CustomTestStringConvertible, Sendable {
    let name: String
    let template: String
    /// JSON.
    let context: String
    let result: String
    /// JSON: names and texts.
    let partials: String

    init(_ name: String, _ template: String, partials: String = "{}", _ result: String) {
        self.init(name, template, "{}", partials: partials, result)
    }

    init(_ name: String, _ template: String, _ context: String, partials: String = "{}", _ result: String) {
        self.name = name
        self.template = template
        self.context = context
        self.result = result
        self.partials = partials
    }

    var testDescription: String { name }

    static let all = basics + literals + blocks + builtins + data + whitespace + partials + inlinePartials
}

@Suite struct HandlebarsCaseTests {
    private static func input(_ one: HandlebarsCase) throws -> HandlebarsJS.Case {
        HandlebarsJS.Case(
            template: one.template, partials: try DocumentValue(json: one.partials),
            context: try DocumentValue(json: one.context))
    }

    @Test(arguments: HandlebarsCase.all) func rendersAsTheSuiteSays(_ one: HandlebarsCase) throws {
        let outcome = HandlebarsJS.renderOurs(try Self.input(one))
        #expect(outcome.matches(.text(one.result)), "\(outcome)")
    }

    /// The table is right: Handlebars itself renders the same.
    @Test func theResultsAreThoseOfHandlebars() throws {
        let all = HandlebarsCase.all
        for (one, outcome) in zip(all, try HandlebarsJS().render(try all.map(Self.input))) {
            #expect(outcome.matches(.text(one.result)), "\(one.name): \(outcome)")
        }
        #expect(Set(all.map(\.name)).count == all.count, "two cases have one name")
    }
}
