// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct MessageQuotingTests {
    @Test(arguments: [
        ("plain", "'plain'"), ("größe", "'größe'"), ("a\u{1B}[31m", #"'a\u{1b}[31m'"#), ("\r\n", #"'\u{d}\u{a}'"#),
        ("\u{202E}x", #"'\u{202e}x'"#),
    ])
    func makesControlCharactersVisible(text: String, expected: String) {
        #expect(text.quoted == expected)
    }

    @Test func shortensLongTexts() {
        #expect(String(repeating: "x", count: 100_000).quoted == "'" + String(repeating: "x", count: 200) + "…'")
    }

    @Test func takesBytesThatAreNotText() {
        #expect(([0x61, 0xFF] as [UInt8]).quoted == "'a\u{FFFD}'")
    }
}
