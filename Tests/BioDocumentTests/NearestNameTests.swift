// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("instal", "install"), ("isntall", "install"), ("exprot", "export"), ("hsah", "hash"), ("ls", nil),
        ("verfy", "verify"), ("verification", nil), ("pat", "path"), ("", nil), ("exp", "export"),
        ("INSTALL", "install"), ("path", nil),
    ])
    func findsWhatWasMeant(_ word: String, _ expected: String?) {
        let known = ["install", "list", "path", "info", "hash", "header", "sign", "verify", "export"]
        #expect(NearestName.of(word, among: known) == expected)
    }

    @Test func longWordsAreNoSlips() {
        let word = String(repeating: "a", count: 100_000)
        #expect(NearestName.of(word, among: ["a", "aa"]) == nil)
    }
}
