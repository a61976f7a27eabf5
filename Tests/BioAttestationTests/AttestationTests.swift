// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioPackage
import Testing

@testable import BioAttestation

@Suite struct AttestationTests {
    private static let all: [Attestation] = [.bill(.spdx), .bill(.cyclonedx), .provenance]

    @Test(arguments: all) func isSignedWhateverItIs(attestation: Attestation) throws {
        let facts = try FactsFixture.facts()
        let pair = try OriginKeyPair.generate(try Origin(parsing: "acme"), revision: "20260101000000")
        let document = try attestation.made(of: facts, signedWith: pair.secretKey)
        let envelope = try Envelope(parsing: document.bytes)
        #expect(envelope.payloadType == "application/vnd.in-toto+json")
        #expect(envelope.isSigned(by: pair.publicKey))
        let statement = try Statement(parsing: envelope.payload)
        #expect(statement.speaks(of: FactsFixture.manifestDigest) && statement.speaks(of: FactsFixture.imageID))
        #expect(document.annotations["in-toto.io/predicate-type"] == statement.predicateType)
        // What is signed is what stands by itself otherwise.
        let plain = try DocumentValue(json: try attestation.made(of: facts).bytes)
        #expect(attestation == .provenance ? plain == statement.document : plain == statement.predicate)
        #expect(try attestation.made(of: facts, signedWith: pair.secretKey) == document)
    }

    @Test func eachHasItsNames() throws {
        func names(_ isSigned: Bool) -> [String] {
            Self.all.map { "\($0.fileSuffix(isSigned: isSigned)) \($0.mediaType(isSigned: isSigned))" }
        }
        #expect(
            names(false) == [
                ".spdx.json application/spdx+json", ".cdx.json application/vnd.cyclonedx+json",
                ".provenance.json application/vnd.in-toto+json",
            ])
        #expect(
            names(true) == [
                ".spdx.dsse.json application/vnd.in-toto.spdx+dsse",
                ".cdx.dsse.json application/vnd.in-toto.cyclonedx+dsse",
                ".provenance.dsse.json application/vnd.in-toto.provenance+dsse",
            ])
    }

    @Test func aStatementNeedsADigest() throws {
        let facts = try FactsFixture.facts(
            .init(name: "acme/app:1", version: "1", subjects: [.init(name: "x", sha256: nil)]))
        #expect(throws: AttestationError.nothingToSpeakOf("docker")) { _ = try Attestation.provenance.made(of: facts) }
        _ = try Attestation.bill(.spdx).made(of: facts)
    }
}
