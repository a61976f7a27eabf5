// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct SecretKeyTests {
    /// The signature of signme.dat's digest that upstream makes with `origin-key-valid-20160509190508`.
    static let upstreamSignature =
        "lCLi6wKI2oeC8YGGwc4DD55jRKmLJg2MeFyYj2GHFukU8zA/O1IaMzU/Bdam53F78SEZ41vJTDDH1rduraGWDDIwNTkwYTUyYzRmMDA1ODhj"
        + "NTAwMzI4YjE2ZDQ2NmM5ODJhMjZmYWJhYTVmYTRkY2M4MzA1MmRkMGE4NGYyMzM="

    @Test func signsAsUpstreamDoes() throws {
        let text = try contents(of: try Vectors.path("keys/origin-key-valid-20160509190508.sig.key"))
        let key = try SecretKey(parsing: text)
        #expect(key.name.description == "origin-key-valid-20160509190508")
        let message = Digest.blake2b256(of: try contents(of: try Vectors.path("hart/signme.dat"))).hex
        let signed = key.sign(Array(message.utf8))
        #expect(signed.withUnsafeBytes { Base64.encode($0) } == Self.upstreamSignature)
        #expect(key.publicKey.open(signed) == Array(message.utf8))
    }

    @Test func givesItsTextBack() throws {
        let text = try contents(of: try Vectors.path("keys/happyhumans-20160424223347.sig.key"))
        let key = try SecretKey(parsing: text)
        #expect(key.text.withUnsafeBytes { Array($0) } == text)
        let publicText = try contents(of: try Vectors.path("keys/happyhumans-20160424223347.pub"))
        #expect(Array(key.publicKey.text.utf8) == publicText)
    }

    @Test func refusesHalvesThatDoNotBelongTogether() throws {
        let key = try contents(of: try Vectors.path("keys/happyhumans-20160424223347.sig.key"))
        let text = String(decoding: key, as: UTF8.self)
        let base64 = try #require(text.split(separator: "\n").last)
        var bytes = try #require(Array(base64.utf8).withUnsafeBytes { Base64.decode($0, limit: 64) })
        bytes[40] ^= 1
        let changed = text.dropLast(base64.count) + bytes.withUnsafeBytes { Base64.encode($0) }
        #expect(throws: KeyError.inconsistent) { _ = try SecretKey(parsing: Array(changed.utf8)) }
    }

    @Test func refusesWrongMagicNamingBoth() throws {
        let text = try contents(of: try Vectors.path("keys/origin-key-invalid-version-20160518021451.sig.key"))
        #expect(throws: KeyError.wrongMagic(found: "NONSENSE-15", expected: ["SIG-SEC-1"])) {
            _ = try SecretKey(parsing: text)
        }
    }
}
