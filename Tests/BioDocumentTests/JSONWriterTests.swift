// SPDX-License-Identifier: Apache-2.0

import BioDocument
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
}
