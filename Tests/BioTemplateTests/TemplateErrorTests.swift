// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

@Suite struct TemplateErrorTests {
    @Test(arguments: [
        ("a\n\t{{#if x}}b", "2:2: '{{#if}}' is never closed"),
        ("{{/if}}", "1:4: '{{/if}}' without a block that is open"),
        ("{{#if a}}\n{{/each}}", "2:4: '{{/each}}' where '{{/if}}' is due"),
        ("é {{foo", "1:3: the tag is never closed"),
        ("{{}}", "1:3: unexpected '}}', expected a name"),
        ("{{foo.}}", "1:7: unexpected '}}', expected a name after 'foo.'"),
        ("{{a..b}}", "1:5: unexpected '.', expected a name after 'a.'"), ("{{\"abc}}", "1:3: the text is never closed"),
        ("{{toUppercase (toUppercase \"a\"}}", "1:31: unexpected '}}', expected ')'"),
        ("{{[a\n]}}", "1:3: '[' is never closed"),
        ("{{!-- x }}", "1:1: the comment is never closed"), ("{{{{raw}}}} x", "1:1: '{{{{raw}}}}' is never closed"),
        ("{{{{other}}}}{{{{/other}}}}", "1:5: unknown block 'other'"),
        ("{{{foo}}", "1:8: unexpected '}', expected '}}}'"),
        ("{{else}}", "1:1: '{{else}}' without a block that is open"),
        ("{{*dec}}", "1:3: unexpected '*', expected a name"),
        ("{{#if x}}{{else}}{{else}}{{/if}}", "1:18: '{{else}}' without a block that is open"),
        ("{{#each a as |x}}{{/each}}", "1:16: unexpected '}}', expected a name for a block parameter"),
        ("{{#*inline foo}}{{/inline}}", "1:5: unexpected '*inline', expected '*inline \"name\"'"),
        ("{{> a b c}}", "1:9: '>' takes one context at most, not 2"),
        ("{{toJson a=1 b}}", "1:14: unexpected 'b', expected name=value: named arguments come last"),
    ])
    func malformedTemplatesAreRefusedWhenRead(_ text: String, _ message: String) {
        do throws(TemplateError) {
            _ = try Template(parsing: text, name: "t")
            Issue.record("accepted")
        } catch { #expect(error.message == "t:\(message)") }
    }

    @Test(arguments: [
        ("{{foo bar}}", "1:3: unknown function 'foo'", nil),
        ("{{toUpercase \"a\"}}", "1:3: unknown function 'toUpercase'", "did you mean 'toUppercase'?"),
        ("{{a.b c}}", "1:3: unknown function 'a.b'", "a path takes no arguments"),
        ("{{if x}}", "1:3: unknown function 'if'", "'if' is a block: '{{#if …}}…{{/if}}'"),
        ("{{#eachalive x}}{{/eachalive}}", "1:4: unknown block 'eachalive'", "did you mean 'eachAlive'?"),
        ("{{#toJson}}{{/toJson}}", "1:4: unknown block 'toJson'", "'toJson' is a function: '{{toJson …}}'"),
        ("{{> nope}}", "1:5: unknown partial 'nope'", nil),
        ("{{#if}}{{/if}}", "1:4: 'if' takes 1 argument, not 0", nil),
        (
            "{{> @partial-block}}", "1:5: unknown partial '@partial-block'",
            "it stands for the text inside '{{#> name}}…{{/name}}'"
        ),
        ("{{#each a b}}{{/each}}", "1:4: 'each' takes 1 argument, not 2", nil),
        ("{{#with a b=1}}{{/with}}", "1:11: 'with' has no argument named 'b'", nil),
        ("{{lookup x}}", "1:3: 'lookup' takes 2 arguments, not 1", nil),
    ])
    func whatIsNotThereIsRefused(_ text: String, _ message: String, _ hint: String?) throws {
        let template = try Template(parsing: text, name: "t")
        do throws(TemplateError) {
            _ = try template.render([:])
            Issue.record("rendered")
        } catch {
            #expect(error.message == "t:\(message)")
            #expect(error.hint == hint)
        }
    }

    @Test func aLongLineIsCutAroundThePlace() {
        let text = String(repeating: "x", count: 5000) + "{{" + String(repeating: "y", count: 500) + "&"
        do throws(TemplateError) {
            _ = try Template(parsing: text, name: "t")
            Issue.record("accepted")
        } catch {
            #expect(error.column == 5503)
            #expect(error.lineText.count <= 120)
            #expect(error.lineText.dropFirst(error.caretOffset).first == "&")
        }
    }

    @Test func controlCharactersDoNotReachTheReader() {
        do throws(TemplateError) {
            _ = try Template(parsing: "\u{1B}[31m\t{{", name: "t")
            Issue.record("accepted")
        } catch { #expect(error.description.hasSuffix("    \u{FFFD}[31m\t{{\n         \t  ^")) }
    }
}
