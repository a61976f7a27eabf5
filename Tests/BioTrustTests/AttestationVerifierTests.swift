// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioCrypto
import BioDocument
import BioOCI
import BioPackage
import BioSystem
import BioTestSupport
import BioTrust
import Testing

@Suite struct AttestationVerifierTests {
    private static let type = "https://slsa.dev/provenance/v1"

    /// What is found in an honest image, and a provenance of it, changed.
    private struct Bench: ~Copyable {
        let world: TrustWorld
        let image: StoredImage
        let layers: [VerifiedLayer]

        init() throws {
            let made = try TrustWorld()
            let source = MemoryImages("acme/app:1", layers: try made.image().inMemory())
            let (stored, found) = (try source.image(), try made.verify(source))
            (image, layers) = (stored, found)
            world = made
        }

        func materials() -> [(ident: String, digest: String)] {
            layers.flatMap(\.packages).map { ("\($0.ident)", $0.evidence?.artifactDigest.hex ?? "") }
        }

        func statement(
            _ subject: Digest? = nil, _ materials: [(ident: String, digest: String)]? = nil,
            type: String = AttestationVerifierTests.type
        ) -> Statement {
            Statement(
                subjects: [.init(name: "acme/app", sha256: subject ?? image.imageID)], predicateType: type,
                predicate: [
                    "buildDefinition": [
                        "resolvedDependencies": .array(
                            (materials ?? self.materials()).map {
                                ["name": .string($0.ident), "digest": ["blake2b_256": .string($0.digest)]]
                            })
                    ]
                ])
        }

        func signed(_ payload: [UInt8], type: String = Statement.mediaType) throws -> Envelope {
            Envelope(signing: payload, type: type, with: try world.keys.ring.secretKey(world.keys.name))
        }

        func verify(_ bytes: [UInt8]) throws -> VerifiedAttestation {
            let verifier = AttestationVerifier(of: image, layers: layers, keys: world.keys.ring)
            return try verifier.verify(.init(place: "x", bytes: bytes))
        }
    }

    @Test func aSignedProvenanceOfThisImageIsVerified() throws {
        let bench = try Bench()
        for subject in [bench.image.imageID, try #require(bench.image.manifest?.digest)] {
            let found = try bench.verify(try bench.signed(bench.statement(subject).bytes).bytes)
            #expect(found.standing == .verified && found.isProvenance)
            #expect(found.signers.map(\.name) == [bench.world.keys.name])
        }
        let other = bench.statement(nil, [], type: "https://spdx.dev/Document")
        let found = try bench.verify(try bench.signed(other.bytes).bytes)
        #expect(found.standing == .verified && !found.isProvenance)
    }

    @Test func aProvenanceOfAnotherImageIsNot() throws {
        let bench = try Bench()
        let other = bench.statement(.sha256(of: [1]))
        #expect(try bench.verify(try bench.signed(other.bytes).bytes).standing == .otherSubject)
    }

    @Test func aProvenanceOfOtherArtifactsIsNot() throws {
        let bench = try Bench()
        var materials = bench.materials()
        materials[0].digest = String(repeating: "0", count: 64)
        materials.removeLast()
        let found = try bench.verify(try bench.signed(bench.statement(nil, materials).bytes).bytes)
        #expect(
            found.standing
                == .contradicts([
                    "it lists another artifact of '\(TrustWorld.library.ident)'",
                    "it does not list '\(TrustWorld.app.ident)'",
                ]))
    }

    @Test func withoutASignatureThatCountsItProvesNothing() throws {
        let bench = try Bench()
        let payload = bench.statement().bytes
        #expect(try bench.verify(payload).standing == .unsigned)
        #expect(try bench.verify(bytes(#"{"spdxVersion":"SPDX-2.3"}"#)).standing == .unsigned)
        #expect(try bench.verify(bytes(#"{"bomFormat":"CycloneDX"}"#)).standing == .unsigned)
        let honest = try bench.signed(payload)
        let name = bench.world.keys.name
        let changed = Envelope(
            payloadType: Statement.mediaType, payload: bench.statement(.sha256(of: [1])).bytes,
            signatures: honest.signatures)
        #expect(
            try bench.verify(changed.bytes).standing
                == .distrusted("its signature is not by '\(name)', or it was changed"))
        let retyped = Envelope(
            payloadType: Statement.mediaType, payload: payload,
            signatures: try bench.signed(payload, type: "x/y").signatures)
        #expect(try bench.verify(retyped.bytes).signers.isEmpty)
        try Directory.remove(bench.world.keys.ring.path(of: name, .signingPublic))
        #expect(
            try bench.verify(honest.bytes).standing == .distrusted("the key '\(name)' is not in the key cache"))
    }

    @Test func whatIsNoAttestationIsTold() throws {
        let bench = try Bench()
        let texts = [
            bytes("{"), bytes("[]"), bytes("{}"), bytes(#"{"payloadType":"x","payload":"!","signatures":[]}"#),
            try bench.signed(bytes("{}")).bytes, try bench.signed(bench.statement().bytes, type: "x/y").bytes,
        ]
        for text in texts {
            guard case .malformed(let why) = try bench.verify(text).standing else {
                Issue.record("\(String(decoding: text, as: UTF8.self))")
                continue
            }
            #expect(why.contains(" "))
        }
    }
}
