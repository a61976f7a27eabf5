// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Testing

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("instal", "install"), ("isntall", "install"), ("exprot", "export"), ("hsah", "hash"), ("ls", nil),
        ("verfy", "verify"), ("verification", nil), ("pat", "path"), ("", nil), ("exp", "export"),
    ])
    func findsWhatWasMeant(_ word: String, _ expected: String?) {
        let known = ["install", "list", "path", "info", "hash", "header", "sign", "verify", "export"]
        #expect(Suggestion.nearest(to: word, among: known) == expected)
    }

    @Test func longWordsAreNoSlips() {
        let word = String(repeating: "a", count: 100_000)
        #expect(Suggestion.nearest(to: word, among: ["a", "aa"]) == nil)
    }
}
