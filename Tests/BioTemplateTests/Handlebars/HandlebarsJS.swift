// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import BioTestSupport
import Testing

/// Handlebars itself (Debian's node-handlebars), without HTML escaping, as the judge of what a template renders to.
struct HandlebarsJS {
    enum Outcome: CustomStringConvertible {
        case text(String)
        case refused(String)

        /// The same text, or refused by both, in words of their own.
        func matches(_ other: Outcome) -> Bool {
            switch (self, other) {
            case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
            case (.refused, .refused): true
            default: false
            }
        }

        var description: String {
            switch self {
            case .text(let text): text.debugDescription
            case .refused(let message): "refused: \(message)"
            }
        }
    }

    struct Case {
        let template: String
        var partials: DocumentValue = [:]
        let context: DocumentValue
    }

    /// What Habitat does otherwise, as changes to Handlebars.
    var rules: [HabitatRule] = HabitatRule.all

    /// One outcome for each of `cases`.
    func render(_ cases: [Case]) throws -> [Outcome] {
        let script = """
            const Handlebars = require('/usr/share/nodejs/handlebars');
            const helpers = {...Handlebars.helpers};
            let print = value => value === null || value === undefined ? '' : String(value);
            // Every value is printed by itself: two numbers that begin a text are not to be added.
            Handlebars.Utils.escapeExpression = value => print(value);
            const visitor = new Handlebars.Visitor();
            visitor.MustacheStatement = node => { node.escaped = true; };
            const compile = text => {
              const program = Handlebars.parse(text);
              visitor.accept(program);
              return Handlebars.compile(program);
            };
            Handlebars.registerHelper('raw', function (options) { return options.fn(); });
            Handlebars.registerHelper('toUppercase', text => text.toUpperCase());
            Handlebars.registerHelper('strConcat', (...texts) => texts.slice(0, -1).map(text => print(text)).join(''));
            \(rules.map { "{\n\($0.script)\n}" }.joined(separator: "\n"))
            console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(one => {
              try {
                Handlebars.partials = {};
                for (const name in one.partials) Handlebars.registerPartial(name, compile(one.partials[name]));
                return compile(one.template)(one.context);
              } catch (error) { return [String(error.message)]; }
            })));
            """
        let input = cases.map { one -> DocumentValue in
            ["template": .string(one.template), "partials": one.partials, "context": one.context]
        }
        let outcome = try Tool.run(["node", "-e", script], input: DocumentValue.array(input).jsonBytes(.compact))
        try #require(outcome.code == 0, "\(outcome.errorText)")
        let results = try #require(try DocumentValue(json: outcome.output).array)
        try #require(results.count == cases.count)
        return results.map { result in
            result.string.map { .text($0) } ?? .refused(result.array?.first?.string ?? "")
        }
    }

    /// The same from the project's own renderer.
    static func renderOurs(_ one: Case) -> Outcome {
        do throws(TemplateError) {
            var partials: [String: Template] = [:]
            for member in one.partials.object?.members ?? [] {
                partials[member.key] = try Template(parsing: member.value.string ?? "", name: member.key)
            }
            let template = try Template(parsing: one.template, name: "t", partials: partials)
            return .text(try template.render(one.context))
        } catch { return .refused(error.message) }
    }
}
