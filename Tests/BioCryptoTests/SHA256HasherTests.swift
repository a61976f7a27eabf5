// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct SHA256HasherTests {
    // FIPS 180-2, appendix B.
    static let vectors = [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ), ("", DigestTests.empty),
    ]

    @Test(arguments: vectors)
    func agreesWithTheStandard(text: String, hex: String) {
        #expect(Digest.sha256(of: Array(text.utf8)).hex == hex)
    }

    @Test(arguments: vectors)
    func libsodiumAgreesWhereOpenSSLIsMissing(text: String, hex: String) {
        var hasher = SHA256Hasher(openssl: false)
        for _ in 0..<2 {
            Array(text.utf8).withUnsafeBytes { hasher.update($0) }
            #expect(hasher.finalize().hex == hex)
        }
    }

    @Test func startsOverAfterFinalize() {
        var hasher = SHA256Hasher()
        for _ in 0..<2 {
            for byte in "abc".utf8 { [byte].withUnsafeBytes { hasher.update($0) } }
            #expect(hasher.finalize().hex == Self.vectors[0].1)
        }
    }
}
