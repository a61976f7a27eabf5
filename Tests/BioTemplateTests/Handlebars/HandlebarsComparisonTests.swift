// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

/// The same templates through Handlebars itself (Debian's node-handlebars), without HTML escaping.
@Suite struct HandlebarsComparisonTests {
    static let partials: DocumentValue = [
        "p": "[{{foo}}]", "who": "{{name}} ({{age}}) ", "lines": "one\n{{foo}}\n\ntwo\n",
        "lay": "<<{{> @partial-block}}>>",
        "rec": "{{n}}{{#each items}}{{> leaf}}{{/each}}", "leaf": "<{{this}}>",
    ]

    static let templates = [
        "{{foo}}", "{{{foo}}}", "{{& foo}}", "{{html}}", "{{a.b.c}}", "{{a/b/c}}", "{{a.b.[odd key]}}", "{{[foo]}}",
        "{{this.foo}}",
        "{{./foo}}", "{{list.[1]}}", "{{list.length}}", "{{missing}}|{{a.missing.c}}", "{{#if yes}}Y{{else}}N{{/if}}",
        "{{#if no}}Y{{else}}N{{/if}}", "{{#if zero}}Y{{else}}N{{/if}}",
        "{{#if zero includeZero=true}}Y{{else}}N{{/if}}",
        "{{#unless no}}Y{{/unless}}", "{{#if no}}A{{else if yes}}B{{else}}C{{/if}}",
        "{{#if no}}A{{else if no}}B{{else}}C{{/if}}",
        "{{#if no}}A{{else if zero}}B{{else if yes}}D{{else}}C{{/if}}!",
        "{{#each list}}{{@index}} {{@first}} {{@last}} {{this}},{{/each}}",
        "{{#each map}}{{@key}}={{this}};{{@first}} {{@last}} {{@index}} {{/each}}",
        "{{#each empty}}x{{else}}none{{/each}}",
        "{{#each people}}{{name}} {{../foo}} {{@root.foo}} {{/each}}",
        "{{#each nested}}{{#each items}}{{@../index}} {{@index}} {{this}} {{../n}} {{../../foo}} {{/each}}{{/each}}",
        "{{#each people as |p i|}}{{i}}{{p.name}}{{foo}}{{../foo}} {{/each}}",
        "{{#each map as |v k|}}{{k}}{{v}}{{/each}}",
        "{{#with a.b}}{{c}}{{../foo}}{{/with}}", "{{#with a.b as |z|}}{{z.c}}{{/with}}",
        "{{#with missing}}x{{else}}y{{/with}}",
        "{{lookup map k}}", "{{lookup list 1}}", "{{#each list}}{{lookup ../list @index}}{{/each}}",
        "{{lookup (lookup nested 0) \"n\"}}",
        "x{{! comment }}y", "x{{!-- a }} b --}}y", "{{!~ c}}x", " a {{~foo~}} b ",
        " a {{~#if yes~}} b {{~else~}} c {{~/if~}} d ",
        "a\n{{#if yes}}\n  b\n{{else}}\n c\n{{/if}}\nd\n", "a\n  {{#if no}}\nb\n  {{else}}\n c\n  {{/if}}  \nd\n",
        "{{#each list}}\n- {{this}}\n{{/each}}\n", "  {{! c }}  \nx", "x\n{{! c }}", "  {{> p}}\nx",
        "a\n  {{> lines}}\nb", "a {{> lines}} b",
        "{{> p}}", "{{> who people.[0]}}", "{{> who name=\"x\" age=3}}", "{{> who people.[0] age=9}}",
        "{{#each people}}{{> who}}{{/each}}",
        "{{#> lay}}in {{foo}}{{/lay}}", "{{#> nope}}fall {{foo}}{{/nope}}", "{{#each nested}}{{> rec}}{{/each}}",
        "{{#*inline \"my\"}}<{{foo}}>{{/inline}}{{> my}}{{> my}}", "{{> my}}{{#*inline \"my\"}}<{{foo}}>{{/inline}}",
        "{{#if yes}}{{#*inline \"p\"}}in{{/inline}}{{> p}}{{/if}}{{> p}}", "\\{{foo}} {{foo}}", "\\\\{{foo}}",
        "a\\{{foo}} \\{{bar}} {{foo}}",
        "\\{{{foo}}}", "{{^no}}inv{{/no}}", "{{^yes}}inv{{/yes}}", "{{^foo}}inv{{else}}val {{this.k}}{{/foo}}",
        "{{#yes}}yes{{^}}no{{/yes}}",
        "{{#list}}{{this}}{{/list}}", "{{#people}}{{name}}{{/people}}", "{{#a}}{{d}}{{/a}}",
        "{{#missing}}x{{else}}y{{/missing}}",
        "{{#no}}x{{^}}y{{/no}}", "{{#if (lookup map \"x\")}}T{{/if}}", "{{#unless @last}}q{{/unless}}",
        "{{ foo }} {{foo\n}}",
        "{{#each list}}{{#if @first}}F{{else if @last}}L{{else}}M{{/if}}{{/each}}", "{{#if\n yes}}x{{/if}}",
        "}} {{foo}} {", "{ {foo} } {{foo}}",
        "{{#each list}}{{#unless @last}}{{this}}, {{else}}{{this}}{{/unless}}{{/each}}",
        "{{#each people}}{{#with this}}{{name}}{{@index}}{{/with}}{{/each}}",
        "\r\n{{#if yes}}\r\nx\r\n{{/if}}\r\ny", "{{#each list}}\n\n{{~this~}}\n\n{{/each}}",
        "{{#if yes~}}\n x {{~/if}} \n y",
        "{{#if yes}} \n {{#if yes}} \n z \n {{/if}} \n {{/if}} \n", "  {{#if yes}}x{{/if}}  \n",
        "{{#each list}}  {{/each}}\n",
        "{{#if yes}}\n{{/if}}{{foo}}\n", "{{foo}}\n{{#if yes}}\nx{{/if}}\n", "{{{{raw}}}} {{foo}} {{{{/raw}}}}",
        "{{{{raw}}}}\n {{#if}}\n{{{{/raw}}}}\n",
        "a\n  {{{{raw}}}}\n x\n  {{{{/raw}}}}\n b", "a {{{{raw}}}}\n{{x}}\n{{{{/raw}}}} b",
        "{{{{raw}}}}\n{{{{/raw}}}}\nb",
        "{{#each map}}{{#each ../list}}{{@../key}} {{@key}} {{/each}}{{/each}}", "{{@root.a.d}}", "{{lookup list 9}}",
        "{{#each list as |x|}}{{#each ../list as |y|}}{{x}}{{y}} {{/each}}{{/each}}", "{{#if blank}}x{{else}}e{{/if}}",
        "{{#if empty}}x{{else}}e{{/if}}",
        "{{~> p~}} x", "x\n\n{{~foo}}", "{{#if yes}}a{{~else~}}b{{/if}}",
    ]

    @Test func rendersWhatHandlebarsRenders() throws {
        let cases = Self.templates.map {
            HandlebarsJS.Case(template: $0, partials: Self.partials, context: TemplateRendererTests.context)
        }
        for (one, expected) in zip(cases, try HandlebarsJS().render(cases)) {
            guard case .text = expected else {
                Issue.record("\(one.template): \(expected)")
                continue
            }
            #expect(HandlebarsJS.renderOurs(one).matches(expected), "\(one.template)")
        }
    }
}
