// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

@Suite struct JSONWriterTests {
    let sample: DocumentValue = [
        "b": [1, "x", nil, true, [:], []],
        "a": ["deep": ["deeper": -7]],
        "é/\"\\": "\u{1}\u{7F}\n\u{2028}/",
    ]

    @Test func compactHasNoBlanksAndKeepsTheOrder() {
        #expect(
            sample.json(.compact)
                == "{\"b\":[1,\"x\",null,true,{},[]],\"a\":{\"deep\":{\"deeper\":-7}},"
                + "\"é/\\\"\\\\\":\"\\u0001\u{7F}\\n\u{2028}/\"}")
    }

    @Test func prettyIndentsByTwo() {
        let value: DocumentValue = ["list": [1, ["k": "v"]], "empty": [], "none": [:]]
        #expect(
            value.json(.pretty) == """
                {
                  "list": [
                    1,
                    {
                      "k": "v"
                    }
                  ],
                  "empty": [],
                  "none": {}
                }
                """)
    }

    @Test(arguments: [DocumentValue.JSONStyle.compact, .pretty])
    func readsBackAsTheSameValue(_ style: DocumentValue.JSONStyle) throws {
        #expect(try DocumentValue(json: sample.jsonBytes(style)) == sample)
    }

    @Test func numbersOfAllSizes() {
        #expect(DocumentValue.integer(UInt64.max).json(.compact) == "18446744073709551615")
        #expect(DocumentValue.integer(Int64.min).json(.compact) == "-9223372036854775808")
        #expect(DocumentNumber(0.1)?.text == "0.1")
        #expect(DocumentNumber(Double.infinity) == nil)
    }

    /// Python and jq read back what was written: they write the same text as an array of character numbers.
    @Test(arguments: [
        [
            "/usr/bin/python3", "-c",
            "import json, sys\nprint(json.dumps([[ord(c) for c in t] for t in json.load(sys.stdin)]))",
        ],
        ["jq", "-c", "map(explode)"],
    ])
    func othersReadTheSameTexts(_ reader: [String]) throws {
        var texts = WrittenTexts(seed: 13)
        let all = WrittenTexts.hard + (0..<500).map { _ in texts.text() }
        for style in [DocumentValue.JSONStyle.compact, .pretty] {
            let outcome = try Tool.run(reader, input: DocumentValue.strings(all).jsonBytes(style))
            #expect(outcome.code == 0, "\(outcome.errorText)")
            let read = try DocumentValue(json: outcome.output).array ?? []
            #expect(read.count == all.count)
            for (text, scalars) in zip(all, read) {
                #expect(scalars.array?.map(\.int) == text.unicodeScalars.map { Int($0.value) }, "\(text)")
            }
        }
    }
}
