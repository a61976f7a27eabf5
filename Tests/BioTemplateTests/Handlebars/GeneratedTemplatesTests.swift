// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Glibc
import Testing

/// Templates made from a seed, through Handlebars and through ours, held against each other byte for byte. `make torture`
/// takes more of them (BIO_TEMPLATES, BIO_SEED).
@Suite struct GeneratedTemplatesTests {
    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    static let count = setting("BIO_TEMPLATES") ?? 3000
    static let seed = UInt64(setting("BIO_SEED") ?? 1)

    /// Hands what `write` makes of each seed to `judge`, with both outcomes.
    private static func compare(
        _ count: Int, _ write: (inout TemplateGenerator) -> String,
        _ judge: (_ theirs: HandlebarsJS.Outcome, _ ours: HandlebarsJS.Outcome) -> Bool
    ) throws {
        var refused = 0
        for first in stride(from: 0, to: count, by: 5000) {
            let cases = (first..<min(first + 5000, count)).map { number in
                var generator = TemplateGenerator(seed: seed &+ UInt64(number))
                return HandlebarsJS.Case(
                    template: write(&generator), partials: TemplateGenerator.partials,
                    context: TemplateGenerator.context)
            }
            for ((one, theirs), number) in zip(zip(cases, try HandlebarsJS().render(cases)), first...) {
                let ours = HandlebarsJS.renderOurs(one)
                if case .refused = ours { refused += 1 }
                #expect(
                    judge(theirs, ours),
                    "seed \(seed &+ UInt64(number)): \(one.template.debugDescription)\n\(theirs)\n\(ours)")
            }
        }
        // What nobody renders proves nothing.
        #expect(refused < count * 3 / 4)
    }

    @Test(.timeLimit(.minutes(15))) func renderAsInHandlebars() throws {
        try Self.compare(Self.count, { $0.template() }) { theirs, ours in
            if case .refused = ours { return false }
            return ours.matches(theirs)
        }
    }

    /// What Handlebars says of the braces and names that ours takes and it does not: `{{a}}}`, `{{{{{/raw}}}}`,
    /// `{{(lookup a b)}}` and `{{.a}}`.
    private static let liberties = ["got 'CLOSE_", "Lexical error", "got 'OPEN_SEXPR'", "got 'SEP'", "got '1'"]

    @Test(.timeLimit(.minutes(15))) func aSlipIsRefusedAsInHandlebars() throws {
        try Self.compare(Self.count / 2, { $0.brokenTemplate() }) { theirs, ours in
            if case .refused(let message) = theirs, Self.liberties.contains(where: message.contains) { return true }
            return ours.matches(theirs)
        }
    }

    /// A rule that changes nothing hides nothing, and goes.
    @Test(arguments: HabitatRule.all) func everyRuleIsNeeded(_ rule: HabitatRule) throws {
        let one = HandlebarsJS.Case(template: rule.example, context: TemplateGenerator.context)
        let ours = HandlebarsJS.renderOurs(one)
        let others = HabitatRule.all.filter { $0.name != rule.name }
        let with = try #require(try HandlebarsJS().render([one]).first)
        let without = try #require(try HandlebarsJS(rules: others).render([one]).first)
        #expect(with.matches(ours), "\(with) \(ours)")
        #expect(!without.matches(ours), "\(without)")
    }
}
