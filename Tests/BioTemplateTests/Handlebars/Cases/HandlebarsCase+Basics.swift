// SPDX-License-Identifier: Apache-2.0

extension HandlebarsCase {
    static let basics = [
        HandlebarsCase("basic: one name", "listen {{port}}", #"{"port": 80}"#, "listen 80"),
        HandlebarsCase("basic: a name that is not there", "a{{nothing}}b", "ab"),
        HandlebarsCase("basic: an undefined table on the way", "a{{no.such.thing}}b", "ab"),
        HandlebarsCase("basic: null prints nothing", "a{{x}}b", #"{"x": null}"#, "ab"),
        HandlebarsCase("basic: zero prints", "{{x}}|{{y.z}}", #"{"x": 0, "y": {"z": 0}}"#, "0|0"),
        HandlebarsCase(
            "basic: false prints", "{{x}}|{{#with y}}{{this}}{{/with}}", #"{"x": false, "y": "t"}"#, "false|t"),
        HandlebarsCase(
            "basic: nothing is escaped", "{{x}}{{{x}}}{{&x}}", #"{"x": "&\"'`<>="}"#, "&\"'`<>=&\"'`<>=&\"'`<>="),
        HandlebarsCase("basic: a value is not a template", "{{x}}", #"{"x": "{{y}}", "y": "no"}"#, "{{y}}"),
        HandlebarsCase("basic: line breaks", "one\n{{x}}\nthree", #"{"x": "two"}"#, "one\ntwo\nthree"),
        HandlebarsCase("basic: a number of digits and signs", "{{x}} {{y}}", #"{"x": -1.5, "y": 1200}"#, "-1.5 1200"),
        HandlebarsCase("basic: blanks inside a tag", "{{  x  }}|{{\n\tx\n}}", #"{"x": "v"}"#, "v|v"),
        HandlebarsCase(
            "basic: names with dashes", "{{foo-bar}} {{a-b.c-d}}", #"{"foo-bar": 1, "a-b": {"c-d": 2}}"#, "1 2"),
        HandlebarsCase(
            "basic: names with other signs", "{{a_b}}{{$c}}{{d:e}}", #"{"a_b": 1, "$c": 2, "d:e": 3}"#, "123"),
        HandlebarsCase("basic: names in brackets", "{{[a b]}}{{t.[c/d]}}", #"{"a b": 1, "t": {"c/d": 2}}"#, "12"),
        HandlebarsCase("basic: brackets hold a keyword", "{{[else]}}{{t.[if]}}", #"{"else": 1, "t": {"if": 2}}"#, "12"),
        HandlebarsCase("basic: dots and slashes", "{{a.b.c}} {{a/b/c}}", #"{"a": {"b": {"c": 1}}}"#, "1 1"),
        HandlebarsCase("basic: this in a path", "{{this.a}}{{./a}}{{this/a}}", #"{"a": 1}"#, "111"),
        HandlebarsCase("basic: this of a list", "{{#each l}}{{this}}{{.}}{{/each}}", #"{"l": ["a", "b"]}"#, "aabb"),
        HandlebarsCase("basic: an element in brackets", "{{l.[1]}}{{l.[9]}}", #"{"l": [1, 2]}"#, "2"),
        HandlebarsCase(
            "basic: a name that begins as a word", "{{thisish}}{{elsewhere}}", #"{"thisish": 1, "elsewhere": 2}"#, "12"),
        HandlebarsCase("basic: names of letters beyond ASCII", "{{größe}}", #"{"größe": 7}"#, "7"),
        HandlebarsCase("basic: an empty template", "", ""),
        HandlebarsCase("basic: braces that are no tags", "{x} { {y} } }}", "{x} { {y} } }}"),
        HandlebarsCase("escape: a tag as text", #"\{{x}} {{x}}"#, #"{"x": 1}"#, "{{x}} 1"),
        HandlebarsCase("escape: several of them", #"\{{x}} \{{y}} {{x}}"#, #"{"x": 1}"#, "{{x}} {{y}} 1"),
        HandlebarsCase("escape: a backslash before a tag", #"\\{{x}}"#, #"{"x": 1}"#, #"\1"#),
        HandlebarsCase("escape: two backslashes, twice", #"\\{{x}} \\{{x}}"#, #"{"x": 1}"#, #"\1 \1"#),
        HandlebarsCase("escape: a backslash elsewhere", #"a\b {{x}}\"#, #"{"x": 1}"#, #"a\b 1\"#),
        HandlebarsCase("escape: three braces", #"\{{{x}}}"#, #"{"x": 1}"#, "{{{x}}}"),
        HandlebarsCase("comment: short", "a{{! note }}b{{!}}c", "abc"),
        HandlebarsCase("comment: one brace", "a{{! } }}b", "ab"),
        HandlebarsCase("comment: with dashes", "a{{!-- }} {{x}} --}}b", "ab"),
        HandlebarsCase("comment: nothing between the dashes", "a{{!--}}b{{!----}}c", "abc"),
        HandlebarsCase("comment: over lines", "a{{! one\ntwo }}b{{!--\nthree\n--}}c", "abc"),
        HandlebarsCase("raw: tags as text", "{{{{raw}}}} {{x}} {{{{/raw}}}}", " {{x}} "),
        HandlebarsCase("raw: what is no tag", "{{{{raw}}}}{{#if}}{{/each}}{{{{/raw}}}}", "{{#if}}{{/each}}"),
    ]

    static let literals = [
        HandlebarsCase("literal: either quotes", #"{{strConcat "a'b" 'c"d'}}"#, #"a'bc"d"#),
        HandlebarsCase("literal: an empty text", #"[{{strConcat ""}}]"#, "[]"),
        HandlebarsCase("literal: blanks are kept", #"{{strConcat " a  b "}}"#, " a  b "),
        HandlebarsCase("literal: numbers", "{{strConcat 1 2.5 -3}}", "12.5-3"),
        HandlebarsCase("literal: booleans", "{{strConcat true false}}", "truefalse"),
        HandlebarsCase("literal: true is true", "{{#if true}}a{{/if}}{{#if false}}b{{/if}}", "a"),
        HandlebarsCase(
            "literal: null and undefined are false", "{{#if null}}a{{/if}}{{#unless undefined}}b{{/unless}}", "b"),
        HandlebarsCase("literal: an empty text is false", #"{{#if ""}}a{{else}}b{{/if}}"#, "b"),
        HandlebarsCase("literal: braces in a text", #"{{strConcat "}}"}}{{strConcat '{{'}}"#, "}}{{"),
        HandlebarsCase("sub-expression: one", #"{{toUppercase (strConcat "a" x)}}"#, #"{"x": "b"}"#, "AB"),
        HandlebarsCase("sub-expression: nested", "{{strConcat (strConcat (strConcat x) x) x}}", #"{"x": "a"}"#, "aaa"),
        HandlebarsCase(
            "sub-expression: several", "{{strConcat (lookup t x) (lookup t y)}}",
            #"{"t": {"a": 1, "b": 2}, "x": "a", "y": "b"}"#, "12"),
        HandlebarsCase("sub-expression: blanks", "{{strConcat ( strConcat\n\"a\" ) \"b\"}}", "ab"),
        HandlebarsCase(
            "sub-expression: of a block", "{{#each (lookup t \"l\")}}{{this}}{{/each}}", #"{"t": {"l": [1, 2]}}"#, "12"),
        HandlebarsCase(
            "sub-expression: as a named value", "{{> p x=(strConcat \"a\" y)}}", #"{"y": 1}"#,
            partials: #"{"p": "{{x}}"}"#, "a1"),
        HandlebarsCase(
            "sub-expression: a path with brackets", #"{{strConcat (lookup t.[a b] "c")}}"#,
            #"{"t": {"a b": {"c": 1}}}"#, "1"),
    ]
}
