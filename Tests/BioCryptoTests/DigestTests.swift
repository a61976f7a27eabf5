// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct DigestTests {
    static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func rendersAndParsesTheSameText() throws {
        for text in ["sha256:\(Self.empty)", "blake2b-256:\(Self.empty)"] {
            let digest = try Digest(parsing: text)
            #expect(digest.description == text)
            #expect(digest.hex == Self.empty)
            #expect(digest.bytes.count == 32 && digest.bytes[0] == 0xE3 && digest.bytes[31] == 0x55)
            #expect(digest.bytes.withUnsafeBytes { Digest(digest.algorithm, bytes: $0) } == digest)
        }
    }

    @Test(arguments: [
        ("", Digest.ParseError.noAlgorithm(text: "")), ("abc", .noAlgorithm(text: "abc")),
        ("md5:00", .unknownAlgorithm(text: "md5:00", algorithm: "md5")), ("sha256:", .badHex(text: "sha256:")),
        ("sha256:\(empty.uppercased())", .badHex(text: "sha256:\(empty.uppercased())")),
        ("sha256:\(empty)0", .badHex(text: "sha256:\(empty)0")),
        ("sha256:\(empty.dropLast())g", .badHex(text: "sha256:\(empty.dropLast())g")),
    ])
    func refusesOtherTexts(text: String, error: Digest.ParseError) {
        #expect(throws: error) { try Digest(parsing: text) }
    }

    @Test func equalityLooksAtEveryByteAndTheAlgorithm() throws {
        let digest = try #require(Digest(.sha256, hex: Self.empty))
        #expect(digest.equalsInConstantTime(digest))
        #expect(digest != Digest(.blake2b256, hex: Self.empty))
        #expect(!digest.equalsInConstantTime(try #require(Digest(.blake2b256, hex: Self.empty))))
        for place in 0..<32 {
            var bytes = digest.bytes
            bytes[place] ^= 1
            let other = bytes.withUnsafeBytes { Digest(.sha256, bytes: $0) }
            #expect(other != digest)
            #expect(!other.equalsInConstantTime(digest))
        }
    }
}
