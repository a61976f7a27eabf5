// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct PublicKeyTests {
    @Test func opensOnlyWhatItsSecretHalfSigned() throws {
        let pair = try OriginKeyPair.generate(try Origin(parsing: "me"), revision: "20260101000000")
        let other = try OriginKeyPair.generate(try Origin(parsing: "me"), revision: "20260101000000")
        let signed = pair.secretKey.sign(Array("message".utf8))
        #expect(signed.count == 64 + 7)
        #expect(pair.publicKey.open(signed) == Array("message".utf8))
        #expect(other.publicKey.open(signed) == nil)
        for place in signed.indices {
            var changed = signed
            changed[place] ^= 0x20
            #expect(pair.publicKey.open(changed) == nil)
        }
    }

    @Test func opensNothingFromTooFewBytes() throws {
        let key = try PublicKey(parsing: try contents(of: try Vectors.path("keys/core-20160810182414.pub")))
        for count in [0, 1, 63, 64] { #expect(key.open([UInt8](repeating: 0, count: count)) == nil) }
    }

    @Test func signsTheEmptyMessage() throws {
        let pair = try OriginKeyPair.generate(try Origin(parsing: "me"), revision: "20260101000000")
        #expect(pair.publicKey.open(pair.secretKey.sign([])) == [])
    }

    @Test func refusesOtherKinds() throws {
        for (file, magic) in [
            ("ruby-rhod-20200813204159.pub", "BOX-PUB-1"),
            ("origin-key-invalid-version-20160518021451.pub", "NONSENSE-12"),
            ("ring-key-valid-20160504220722.sym.key", "SYM-SEC-1"),
        ] {
            let text = try contents(of: try Vectors.path("keys/\(file)"))
            #expect(throws: KeyError.wrongMagic(found: magic, expected: ["SIG-PUB-1"])) { try PublicKey(parsing: text) }
        }
    }
}
