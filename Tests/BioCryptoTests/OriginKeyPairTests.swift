// SPDX-License-Identifier: Apache-2.0

import BioPackage
import Testing

@testable import BioCrypto

@Suite struct OriginKeyPairTests {
    @Test func takesNameAndRevision() throws {
        let pair = try OriginKeyPair.generate(try Origin(parsing: "core-plans"), revision: "20261120140000")
        #expect(pair.publicKey.name.description == "core-plans-20261120140000")
        #expect(pair.secretKey.publicKey == pair.publicKey)
        #expect(try PublicKey(parsing: Array(pair.publicKey.text.utf8)) == pair.publicKey)
    }

    @Test func refusesARevisionThatIsNone() throws {
        let origin = try Origin(parsing: "core")
        #expect(throws: KeyError.badName(.badRevision(text: "now"))) {
            _ = try OriginKeyPair.generate(origin, revision: "now")
        }
    }
}
