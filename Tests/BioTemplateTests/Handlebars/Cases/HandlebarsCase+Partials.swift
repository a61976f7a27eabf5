// SPDX-License-Identifier: Apache-2.0

extension HandlebarsCase {
    private static let context = #"{"x": "X", "t": {"x": "Y"}, "l": [{"x": 1}, {"x": 2}], "name": "p"}"#
    private static let p =
        #"{"p": "[{{x}}]", "q": "<{{> p}}>", "lines": "one\n{{x}}\n", "box": "({{> @partial-block}})"}"#

    static let partials = [
        HandlebarsCase("partial: the context goes along", "{{> p}}", context, partials: p, "[X]"),
        HandlebarsCase("partial: another context", "{{> p t}}{{> p l.[1]}}", context, partials: p, "[Y][2]"),
        HandlebarsCase("partial: in a loop", "{{#each l}}{{> p}}{{/each}}", context, partials: p, "[1][2]"),
        HandlebarsCase("partial: named values", "{{> p x=\"n\"}}{{> p t x=7}}", context, partials: p, "[n][7]"),
        HandlebarsCase(
            "partial: named values leave the context alone", "{{> p x=7}}{{x}}", context, partials: p, "[7]X"),
        HandlebarsCase("partial: in a partial", "{{> q}}", context, partials: p, "<[X]>"),
        HandlebarsCase(
            "partial: its name in quotes", "{{> \"p\"}}{{> 'p'}}{{> [p]}}", context, partials: p, "[X][X][X]"),
        HandlebarsCase(
            "partial: names with a slash and a dash", "{{> a/b}}{{> c-d}}", partials: #"{"a/b": "1", "c-d": "2"}"#, "12"
        ),
        HandlebarsCase(
            "partial: a computed name", "{{> (lookup this \"name\")}}{{> (strConcat \"p\") t}}", context, partials: p,
            "[X][Y]"),
        HandlebarsCase("partial: an empty one", "a{{> p}}b", partials: #"{"p": ""}"#, "ab"),
        HandlebarsCase(
            "partial: that ends by itself", "{{> r n=t}}", #"{"t": {"n": {"n": false}}}"#,
            partials: #"{"r": "{{#if n}}.{{#with n}}{{> r}}{{/with}}{{/if}}"}"#, ".."),
        HandlebarsCase(
            "partial: block parameters stay outside", "{{#each l as |x|}}{{> p}}{{/each}}", context, partials: p,
            "[1][2]"),
        HandlebarsCase(
            "partial: the index goes along", "{{#each l}}{{> i}}{{/each}}", context, partials: #"{"i": "{{@index}}"}"#,
            "01"),
        HandlebarsCase(
            "partial: the root is its own", "{{#each l}}{{> r}}{{/each}}", context, partials: #"{"r": "{{@root.x}}"}"#,
            "XX"),
        HandlebarsCase(
            "partial: alone on a line, indented", "a\n  {{> lines}}\nb", context, partials: p, "a\n  one\n  X\nb"),
        HandlebarsCase("partial: not alone, not indented", "a {{> lines}}b", context, partials: p, "a one\nX\nb"),
        HandlebarsCase(
            "partial: indented twice", "  {{> outer}}\n", context,
            partials: #"{"outer": "o\n  {{> inner}}\n", "inner": "i\nj\n"}"#, "  o\n    i\n    j\n"),
        HandlebarsCase(
            "partial: alone in a block", "{{#if x}}\n  {{> lines}}\n{{/if}}\n", context, partials: p, "  one\n  X\n"),
        HandlebarsCase("partial block: the text inside", "{{#> box}}a{{x}}{{/box}}", context, partials: p, "(aX)"),
        HandlebarsCase(
            "partial block: shown twice", "{{#> two}}a{{/two}}",
            partials: #"{"two": "{{> @partial-block}}{{> @partial-block}}"}"#, "aa"),
        HandlebarsCase("partial block: not shown", "{{#> p}}a{{/p}}", context, partials: p, "[X]"),
        HandlebarsCase("partial block: none of the name", "{{#> nobody}}a{{x}}{{/nobody}}", context, partials: p, "aX"),
        HandlebarsCase("partial block: another context", "{{#> box t}}{{x}}{{/box}}", context, partials: p, "(Y)"),
        HandlebarsCase(
            "partial block: nested", "{{#> box}}a{{#> box}}b{{/box}}{{/box}}", context, partials: p, "(a(b))"),
        HandlebarsCase(
            "partial block: in a loop of the partial", "{{#> each-one}}{{x}}{{/each-one}}", context,
            partials: ##"{"each-one": "{{#each l}}<{{> @partial-block}}>{{/each}}"}"##, "<1><2>"),
        HandlebarsCase("partial block: closed by its name", "{{#> a/b}}x{{/a/b}}", "x"),
    ]

    static let inlinePartials = [
        HandlebarsCase("inline: defined and shown", "{{#*inline \"i\"}}<{{x}}>{{/inline}}{{> i}}", context, "<X>"),
        HandlebarsCase(
            "inline: shown before it is defined", "{{> i}}{{#*inline \"i\"}}<{{x}}>{{/inline}}", context, "<X>"),
        HandlebarsCase(
            "inline: instead of one that was given", "{{#*inline \"p\"}}own{{/inline}}{{> p}}", context, partials: p,
            "own"),
        HandlebarsCase(
            "inline: for its block only", "{{#if x}}{{#*inline \"p\"}}own{{/inline}}{{> p}}{{/if}}{{> p}}", context,
            partials: p, "own[X]"),
        HandlebarsCase(
            "inline: inside a loop", "{{#each l}}{{#*inline \"i\"}}{{x}}!{{/inline}}{{> i}}{{/each}}", context, "1!2!"),
        HandlebarsCase(
            "inline: for the partial that is called", "{{#> lay}}{{#*inline \"nav\"}}N{{/inline}}{{/lay}}",
            partials: #"{"lay": "{{> nav}}|"}"#, "N|"),
        HandlebarsCase(
            "inline: in its place by default", "{{#> lay}}{{/lay}}",
            partials: ##"{"lay": "{{#> nav}}default{{/nav}}"}"##, "default"),
        HandlebarsCase("inline: with named values", "{{#*inline \"i\"}}{{a}}{{b}}{{/inline}}{{> i a=1 b=\"z\"}}", "1z"),
        HandlebarsCase(
            "inline: calls another", "{{#*inline \"a\"}}a{{> b}}{{/inline}}{{#*inline \"b\"}}b{{/inline}}{{> a}}", "ab"),
    ]
}
