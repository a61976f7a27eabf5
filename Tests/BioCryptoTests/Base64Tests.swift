// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct Base64Tests {
    private func decode(_ text: String, limit: Int = 64) -> [UInt8]? {
        Array(text.utf8).withUnsafeBytes { Base64.decode($0, limit: limit) }
    }

    // RFC 4648, section 10.
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func agreesWithTheStandard(plain: String, encoded: String) {
        #expect(Array(plain.utf8).withUnsafeBytes { Base64.encode($0) } == encoded)
        #expect(decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Zg== ", " Zg==", "Zm9v\n", "Zg==Zg==", "Z_8=", "Zh==", "====", "Z"])
    func refusesOtherTexts(text: String) {
        #expect(decode(text) == nil)
    }

    @Test func refusesMoreThanTheLimit() {
        #expect(decode("Zm9v", limit: 3) != nil)
        #expect(decode("Zm9v", limit: 2) == nil)
    }
}
