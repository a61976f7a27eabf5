// SPDX-License-Identifier: Apache-2.0

extension HandlebarsCase {
    private static let people = #"{"people": [{"name": "Ann"}, {"name": "Bob"}], "town": "Ulm"}"#
    private static let tree =
        #"{"o": "O", "a": {"b": {"c": "C"}, "n": "N"}, "l": [{"m": [1, 2], "n": "x"}, {"m": [3], "n": "y"}]}"#

    static let blocks = [
        HandlebarsCase("block: a list", "{{#people}}{{name}} {{/people}}", people, "Ann Bob "),
        HandlebarsCase("block: a table", "{{#a}}{{n}}{{/a}}", tree, "N"),
        HandlebarsCase("block: true and false", "{{#t}}a{{/t}}{{#f}}b{{/f}}", #"{"t": true, "f": false}"#, "a"),
        HandlebarsCase("block: nothing there", "a{{#no}}b{{/no}}c", "ac"),
        HandlebarsCase("block: an empty list", "{{#l}}a{{/l}}{{^l}}b{{/l}}", #"{"l": []}"#, "b"),
        HandlebarsCase("block: inverted", "{{^no}}a{{/no}}{{^t}}b{{/t}}", #"{"t": true}"#, "a"),
        HandlebarsCase("block: else by a caret", "{{#no}}a{{^}}b{{/no}}", "b"),
        HandlebarsCase(
            "block: else by the word", "{{#people}}{{name}}{{else}}none{{/people}}{{#no}}a{{else}}b{{/no}}", people,
            "AnnBobb"),
        HandlebarsCase("block: else inside else", "{{#no}}a{{else}}{{#no}}b{{else}}c{{/no}}{{/no}}", "c"),
        HandlebarsCase(
            "block: the context around", "{{#people}}{{name}} in {{../town}} {{/people}}", people,
            "Ann in Ulm Bob in Ulm "),
        HandlebarsCase(
            "block: two levels up", "{{#each l}}{{#each m}}{{this}}{{../n}}{{../../o}} {{/each}}{{/each}}", tree,
            "1xO 2xO 3yO "),
        HandlebarsCase(
            "block: a table inside a table", "{{#with a}}{{#with b}}{{c}}{{../n}}{{/with}}{{/with}}", tree, "CN"),
        HandlebarsCase("block: if is no level", "{{#with a}}{{#if n}}{{../o}}{{/if}}{{/with}}", tree, "O"),
        HandlebarsCase("block: unless is no level", "{{#with a}}{{#unless no}}{{../o}}{{/unless}}{{/with}}", tree, "O"),
        HandlebarsCase("block: a path closes as it opens", "{{#a.b}}{{c}}{{/a.b}}", tree, "C"),
        HandlebarsCase("block: a name in brackets", "{{#[a b]}}{{this}}{{/[a b]}}", #"{"a b": [1, 2]}"#, "12"),
        HandlebarsCase("block: a name is not sought around", "{{#with a}}[{{o}}]{{/with}}", tree, "[]"),
        HandlebarsCase(
            "parameters: of each", "{{#each people as |p i|}}{{i}}{{p.name}} {{/each}}", people, "0Ann 1Bob "),
        HandlebarsCase(
            "parameters: of a table's each", "{{#each t as |v k|}}{{k}}{{v}} {{/each}}", #"{"t": {"a": 1, "b": 2}}"#,
            "a1 b2 "),
        HandlebarsCase("parameters: of with", "{{#with a as |x|}}{{x.n}}{{n}}{{/with}}", tree, "NN"),
        HandlebarsCase(
            "parameters: hide a name", "{{#each people as |town|}}{{town.name}}{{/each}}{{town}}", people, "AnnBobUlm"),
        HandlebarsCase(
            "parameters: this.name is not hidden", "{{#with a as |n|}}{{this.n}}{{./n}}{{/with}}", tree, "NN"),
        HandlebarsCase(
            "parameters: nested", "{{#each l as |p|}}{{#each p.m as |q|}}{{p.n}}{{q}} {{/each}}{{/each}}", tree,
            "x1 x2 y3 "),
        HandlebarsCase(
            "parameters: the inner hides the outer",
            "{{#each l as |p|}}{{#each p.m as |p|}}{{p}}{{/each}}{{p.n}}{{/each}}", tree, "12x3y"),
        HandlebarsCase(
            "parameters: of a chained block", "{{#if no}}{{else each people as |p|}}{{p.name}}{{/if}}", people, "AnnBob"
        ),
        HandlebarsCase("parameters: not in the other branch", "{{#each no as |p|}}a{{else}}[{{p}}]{{/each}}", "[]"),
        HandlebarsCase(
            "parameters: blanks around the bars", "{{#each people as  | p  i | }}{{i}}{{/each}}", people, "01"),
    ]

    static let builtins = [
        HandlebarsCase("if: true", "{{#if x}}a{{/if}}", #"{"x": true}"#, "a"),
        HandlebarsCase("if: a text", "{{#if x}}a{{/if}}", #"{"x": "no"}"#, "a"),
        HandlebarsCase("if: a list with an element", "{{#if x}}a{{/if}}", #"{"x": [0]}"#, "a"),
        HandlebarsCase(
            "if: false, null, nothing", "{{#if x}}a{{/if}}{{#if y}}b{{/if}}{{#if z}}c{{/if}}|",
            #"{"x": false, "y": null}"#, "|"),
        HandlebarsCase("if: zero", "{{#if x}}a{{else}}b{{/if}}", #"{"x": 0}"#, "b"),
        HandlebarsCase("if: zero that counts", "{{#if x includeZero=true}}a{{else}}b{{/if}}", #"{"x": 0}"#, "a"),
        HandlebarsCase("if: an empty list", "{{#if x}}a{{else}}b{{/if}}", #"{"x": []}"#, "b"),
        HandlebarsCase("if: else if", "{{#if x}}a{{else if y}}b{{else}}c{{/if}}", #"{"y": 1}"#, "b"),
        HandlebarsCase("if: else if, none of them", "{{#if x}}a{{else if y}}b{{else if z}}c{{else}}d{{/if}}", "d"),
        HandlebarsCase("if: the context stays", "{{#if x}}{{x.y}}{{/if}}", #"{"x": {"y": 1}}"#, "1"),
        HandlebarsCase(
            "unless: both ways", "{{#unless x}}a{{/unless}}{{#unless y}}b{{else}}c{{/unless}}", #"{"y": 1}"#, "ac"),
        HandlebarsCase("unless: else if", "{{#unless y}}a{{else if y}}b{{/unless}}", #"{"y": 1}"#, "b"),
        HandlebarsCase("with: a table", "{{#with x}}{{y}}{{/with}}", #"{"x": {"y": 1}}"#, "1"),
        HandlebarsCase("with: nothing there", "{{#with x}}a{{else}}b{{/with}}{{#with x}}c{{/with}}", "b"),
        HandlebarsCase(
            "with: the other branch keeps the context", "{{#with x}}a{{else}}{{y}}{{/with}}", #"{"y": 1}"#, "1"),
        HandlebarsCase("each: a list", "{{#each l}}{{this}};{{/each}}", #"{"l": [1, "b", true]}"#, "1;b;true;"),
        HandlebarsCase(
            "each: tables in a list", "{{#each people}}{{name}}, {{/each}}{{town}}", people, "Ann, Bob, Ulm"),
        HandlebarsCase(
            "each: a table in its order", "{{#each t}}{{@key}}={{this}};{{/each}}", #"{"t": {"z": 1, "a": 2, "m": 3}}"#,
            "z=1;a=2;m=3;"),
        HandlebarsCase("each: nothing there", "{{#each no}}a{{else}}b{{/each}}", "b"),
        HandlebarsCase("each: an empty list", "{{#each l}}a{{else}}b{{/each}}|", #"{"l": []}"#, "b|"),
        HandlebarsCase("each: an empty table", "{{#each t}}a{{else}}b{{/each}}|", #"{"t": {}}"#, "b|"),
        HandlebarsCase("each: the whole context", "{{#each this}}{{this}}{{/each}}", #"{"a": 1, "b": 2}"#, "12"),
        HandlebarsCase(
            "each: lists in a list", "{{#each l}}{{#each this}}{{this}}{{/each}};{{/each}}", #"{"l": [[1, 2], [3]]}"#,
            "12;3;"),
        HandlebarsCase("lookup: in a table", "{{lookup t k}}", #"{"t": {"a": 1}, "k": "a"}"#, "1"),
        HandlebarsCase(
            "lookup: in a list", "{{#each l}}{{lookup ../m @index}}{{/each}}", #"{"l": [0, 1], "m": ["a", "b"]}"#, "ab"),
        HandlebarsCase("lookup: nothing there", "[{{lookup t \"no\"}}{{lookup no \"a\"}}]", #"{"t": {}}"#, "[]"),
        HandlebarsCase(
            "lookup: in what was looked up", "{{lookup (lookup t \"a\") \"b\"}}", #"{"t": {"a": {"b": 1}}}"#, "1"),
    ]

    static let data = [
        HandlebarsCase(
            "data: index, first, last", "{{#each l}}{{@index}}{{@first}}{{@last}} {{/each}}", #"{"l": [7, 8, 9]}"#,
            "0truefalse 1falsefalse 2falsetrue "),
        HandlebarsCase(
            "data: key of a table", "{{#each t}}{{@key}}{{@index}}{{@first}}{{@last}} {{/each}}",
            #"{"t": {"a": 7, "b": 8}}"#, "a0truefalse b1falsetrue "),
        HandlebarsCase(
            "data: index in a condition", "{{#each l}}{{#if @first}}<{{/if}}{{this}}{{#if @last}}>{{/if}}{{/each}}",
            #"{"l": [7, 8]}"#, "<78>"),
        HandlebarsCase(
            "data: separators", "{{#each l}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}", #"{"l": [7, 8, 9]}"#,
            "7, 8, 9"),
        HandlebarsCase(
            "data: of the loop around", "{{#each l}}{{#each this}}{{@../index}}{{@index}} {{/each}}{{/each}}",
            #"{"l": [[7, 8], [9]]}"#, "00 01 10 "),
        HandlebarsCase(
            "data: key of the loop around", "{{#each t}}{{#each this}}{{@../key}}{{this}} {{/each}}{{/each}}",
            #"{"t": {"a": [1], "b": [2]}}"#, "a1 b2 "),
        HandlebarsCase(
            "data: back after an inner loop", "{{#each l}}{{#each this}}{{/each}}{{@index}}{{/each}}",
            #"{"l": [[7], [8]]}"#, "01"),
        HandlebarsCase(
            "data: root", "{{#each l}}{{#with this}}{{@root.x}}{{/with}}{{/each}}", #"{"l": [{"y": 1}], "x": 2}"#, "2"),
        HandlebarsCase(
            "data: root in an argument", "{{#each l}}{{lookup @root.t this}}{{/each}}", #"{"l": ["a"], "t": {"a": 3}}"#,
            "3"),
        HandlebarsCase("data: nothing outside a loop", "[{{@index}}{{@key}}{{@first}}{{@nothing}}]", "[]"),
        HandlebarsCase(
            "data: a member that has the name of one", "{{#each l}}{{index}}{{/each}}", #"{"l": [{"index": 5}]}"#, "5"),
    ]
}
