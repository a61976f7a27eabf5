// SPDX-License-Identifier: Apache-2.0

extension HandlebarsCase {
    private static let foo = #"{"foo": "v", "l": [1, 2]}"#

    static let whitespace = [
        HandlebarsCase("~: of a value", " {{~foo~}} {{~foo}} {{foo~}} ", foo, "vv v"),
        HandlebarsCase("~: of three braces", " {{~{foo}~}} |", foo, "v|"),
        HandlebarsCase("~: of an ampersand", " {{~&foo~}} |", foo, "v|"),
        HandlebarsCase("~: over lines", "a \n\n {{~foo~}} \t\r\n b", foo, "avb"),
        HandlebarsCase("~: of a block", " {{~#if foo~}} a {{~/if~}} b", foo, "ab"),
        HandlebarsCase("~: inside a block", " {{#if foo~}} a {{~/if}} ", foo, " a "),
        HandlebarsCase("~: outside a block", " {{~#if foo}} a {{/if~}} ", foo, " a "),
        HandlebarsCase(
            "~: of else", "{{#if foo}} a {{~else~}} b {{/if}}|{{#if no}} a {{~else~}} b {{/if}}", foo, " a|b "),
        HandlebarsCase("~: of an inverse", "{{#if foo}} a {{~^~}} b {{/if}}{{~^no~}} c {{~/no~}} ", foo, " ac"),
        HandlebarsCase("~: of else if", "{{#if no}} a {{~else if foo~}} b {{~/if}} c", foo, "b c"),
        HandlebarsCase("~: of a comment", "a {{~! note ~}} b {{~!-- note --~}} c", "abc"),
        HandlebarsCase("~: of a partial", "a {{~> p~}} b", partials: #"{"p": "x"}"#, "axb"),
        HandlebarsCase("~: of a partial alone on its line", "a\n  {{~> p}}\nb", partials: #"{"p": "x"}"#, "axb"),
        HandlebarsCase(
            "~: before a partial alone on its line", "{{foo~}}\n  {{> p}}\nb", foo, partials: #"{"p": "x"}"#, "vxb"),
        HandlebarsCase("~: of a loop", "{{#each l~}}\n- {{this}}\n{{~/each}}\nend", foo, "- 1- 2end"),
        HandlebarsCase("~: on either side of text", "{{foo~}} a {{~foo}}", foo, "vav"),
        HandlebarsCase("line: a block", "a\n{{#if foo}}\nb\n{{/if}}\nc\n", foo, "a\nb\nc\n"),
        HandlebarsCase("line: a block with blanks", "a\n  {{#if foo}}  \nb\n\t{{/if}}\t\nc\n", foo, "a\nb\nc\n"),
        HandlebarsCase("line: else", "{{#if no}}\na\n{{else}}\nb\n{{/if}}\n", foo, "b\n"),
        HandlebarsCase("line: a loop", "{{#each l}}\n- {{this}}\n{{/each}}\nend", foo, "- 1\n- 2\nend"),
        HandlebarsCase(
            "line: nested blocks", "{{#if foo}}\n{{#each l}}\n{{this}}\n{{/each}}\n{{/if}}\n", foo, "1\n2\n"),
        HandlebarsCase("line: not with a neighbour", "{{#if foo}} a\n{{/if}} b\n", foo, " a\n b\n"),
        HandlebarsCase("line: not when the block is on one", "  {{#if foo}}a{{/if}}  \nb", foo, "  a  \nb"),
        HandlebarsCase("line: not a value", "a\n  {{foo}}\nb", foo, "a\n  v\nb"),
        HandlebarsCase("line: carriage returns", "a\r\n{{#if foo}}\r\nb\r\n{{/if}}\r\nc", foo, "a\r\nb\r\nc"),
        HandlebarsCase("line: a comment", "a\n  {{! note }}\nb\n{{!-- note\n --}}\nc", "a\nb\nc"),
        HandlebarsCase("line: the first and the last", "{{#if foo}}\na\n{{/if}}", foo, "a\n"),
        HandlebarsCase("line: empty lines stay", "{{#if foo}}\n\na\n\n{{/if}}\n\nb", foo, "\na\n\n\nb"),
        HandlebarsCase("line: a definition", "a\n{{#*inline \"p\"}}\nx\n{{/inline}}\n{{> p}}\nb", "a\nx\nb"),
        HandlebarsCase("line: inverse by a caret", "{{#if no}}\na\n{{^}}\nb\n{{/if}}\n", "b\n"),
        HandlebarsCase("line: inverted block", "a\n{{^no}}\nb\n{{/no}}\nc", "a\nb\nc"),
        HandlebarsCase("line: a raw block", "a\n{{{{raw}}}}\n{{x}}\n{{{{/raw}}}}\nb", "a\n{{x}}\nb"),
    ]
}
