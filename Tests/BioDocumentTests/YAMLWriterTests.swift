// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

@Suite struct YAMLWriterTests {
    @Test func writesBlocksInOrder() {
        let value: DocumentValue = [
            "zeta": "a", "alpha": ["port": 80, "on": true, "none": nil],
            "list": ["x", ["y", "z"], ["k": 1, "l": ["m"]], [], [:]],
            "text": "one\n  two\n\nthree\n", "cut": "a\nb", "yes": "no", "": "12",
        ]
        #expect(
            value.yamlText() == """
                zeta: a
                alpha:
                  port: 80
                  "on": true
                  none: null
                list:
                  - x
                  - - "y"
                    - z
                  - k: 1
                    l:
                      - m
                  - []
                  - {}
                text: |
                  one
                    two

                  three
                cut: |-
                  a
                  b
                "yes": "no"
                "": "12"

                """)
    }

    @Test(
        arguments: [
            (.string("a"), "a\n"), (.string(""), "\"\"\n"), (.null, "null\n"), (.array([]), "[]\n"),
            (.object(DocumentObject()), "{}\n"), (.integer(12), "12\n"), (.string("a\nb\n"), "|\n  a\n  b\n"),
            (.array([.string("é")]), "- é\n"), (.string("a\u{1}"), "\"a\\x01\"\n"),
        ] as [(DocumentValue, String)])
    func writesAnyRoot(_ value: DocumentValue, _ text: String) { #expect(value.yamlText() == text) }

    @Test func exponentsAreFloatsInBothVersions() throws {
        #expect(try DocumentValue(json: "[1e5, 1.5E-3, 2E+4]").yamlText() == "- 1.0e+5\n- 1.5e-3\n- 2.0e+4\n")
    }

    /// PyYAML and libyaml read back what was written.
    @Test func pythonReadsTheSameValues() throws {
        var texts = WrittenTexts(seed: 7)
        var values: [DocumentValue] = []
        for text in WrittenTexts.hard {
            values += [.string(text), .array([.string(text)])]
            var object = DocumentObject()
            object[text] = .array([.string(text)])
            values.append(.object(object))
        }
        for _ in 0..<1000 { values.append(texts.value(depth: 4, nulls: true)) }
        let pairs = DocumentValue.array(values.map { ["value": $0, "text": .string($0.yamlText())] })
        for value in values {
            #expect(try Document(yaml: Array(value.yamlText().utf8)).value.withPlainNumbers == value.withPlainNumbers)
            #expect(
                !value.yamlText().split(separator: "\n").contains { $0.hasSuffix(" ") }, "blanks at the end: \(value)")
        }
        let script = """
            import json, sys, yaml
            def same(a, b):
                if type(a) != type(b): return False
                if isinstance(a, list): return len(a) == len(b) and all(map(same, a, b))
                if isinstance(a, dict): return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
                return a == b
            for pair in json.load(sys.stdin):
                for loader in yaml.SafeLoader, yaml.CSafeLoader:
                    try: read = yaml.load(pair["text"], loader)
                    except Exception as error: read = error
                    if not same(read, pair["value"]): print(loader.__name__, repr(pair), repr(read))
            """
        let outcome = try Tool.run(["/usr/bin/python3", "-c", script], input: pairs.jsonBytes(.compact))
        #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.text.prefix(2000)) \(outcome.errorText)")
    }
}
