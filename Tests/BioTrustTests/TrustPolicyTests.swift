// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioPackage
import BioSystem
import BioTestSupport
import BioTrust
import Testing

@Suite struct TrustPolicyTests {
    private func policy(_ text: String) throws -> TrustPolicy {
        try TrustPolicy(parsing: bytes("version = 1\n" + text), path: "policy.toml")
    }

    @Test func whatIsNotSaidIsAsWithoutAPolicy() throws {
        #expect(try policy("") == TrustPolicy())
        #expect(try policy("[packages]\n[layers]\n[provenance]\n") == TrustPolicy())
    }

    @Test func everythingThatCanBeSaidIsRead() throws {
        let read = try policy(
            """
            configuration = "attested"
            [packages]
            origins = ["core", "acme"]
            keys = ["core-20260101000000"]
            revoked = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
            evidence = "artifact"
            [layers]
            root = "attested"
            foreign = "allow"
            unknown = "attested"
            [provenance]
            required = true
            keys = []
            """)
        var expected = TrustPolicy()
        expected.configuration = .attested
        expected.origins = ["core", "acme"]
        expected.keys = [.name(try KeyName(parsing: "core-20260101000000"))]
        expected.revoked = [.bytes([UInt8](repeating: 0, count: 32))]
        expected.evidence = .artifact
        (expected.root, expected.foreign, expected.unknown) = (.attested, .allow, .attested)
        expected.requiresProvenance = true
        expected.provenanceKeys = []
        #expect(read == expected)
    }

    @Test(
        arguments: [
            ("", nil, "'version = 1' is missing"), ("version = 2", 1, "the version is not 1"),
            ("version = 1\nallow = true", 2, "the key 'allow' is not known here; known are 'version', 'configuration'"),
            ("version = 1\npackages = 3", 2, "'packages' is written as [packages]"),
            ("version = 1\n[packages]\norigin = [\"x\"]", 3, "the key 'origin' is not known here"),
            ("version = 1\n[packages]\norigins = \"x\"", 3, "'origins' is a list"),
            ("version = 1\n[packages]\norigins = [1]", 3, "'origins' is a list of strings"),
            ("version = 1\n[packages]\norigins = [\"A B\"]", 3, "A B"),
            ("version = 1\n[packages]\nkeys = [\"acme\"]", 3, "'acme' is no key; one is NAME-REVISION"),
            ("version = 1\n[packages]\nkeys = [\"AAAA\"]", 3, "'AAAA' is no key"),
            (
                "version = 1\n[packages]\nevidence = \"much\"", 3,
                "'evidence' is one of 'receipt', 'signature', 'artifact'"
            ),
            ("version = 1\nconfiguration = 'refuse'", 2, "'configuration' is one of 'allow', 'attested'"),
            ("version = 1\n[layers]\nroot = true", 3, "'root' is one of 'allow', 'attested', 'refuse'"),
            ("version = 1\n[provenance]\nrequired = \"yes\"", 3, "'required' is true or false"),
            ("version = ", 1, ""),
        ] as [(String, Int?, String)]) func whatIsWrongIsRefusedWithItsLine(_ text: String, _ line: Int?, _ why: String)
    {
        let error = #expect(throws: TrustPolicyError.self) {
            try TrustPolicy(parsing: bytes(text), path: "policy.toml")
        }
        #expect(error?.line == line)
        #expect(error?.description.contains(why) == true, "\(error?.description ?? "")")
        #expect(error?.hint?.isEmpty == false)
    }

    @Test func aPolicyThatIsNotThereIsRefused() {
        #expect(throws: TrustPolicyError.self) { try TrustPolicy(contentsOf: "/nowhere/policy.toml") }
    }

    // MARK: - Judging

    private func violations(
        _ text: String, of layers: [VerifiedLayer], _ attestations: [VerifiedAttestation] = []
    ) throws -> [String] {
        let image = try MemoryImages("x", layers: []).image()
        let found = ImageVerification(
            location: .layout(path: "x", reference: nil), image: image, layers: layers, attestations: attestations)
        return try policy(text).violations(of: found).map(\.description)
    }

    @Test func anHonestImagePassesByDefault() throws {
        let world = try TrustWorld()
        #expect(try violations("", of: try world.verify(try world.image())) == [])
        #expect(try violations("", of: try world.verify(try world.image(most: 1))) == [])
    }

    @Test func whoMaySignIsHeldAgainstEachPackage() throws {
        let world = try TrustWorld()
        let layers = try world.verify(try world.image())
        let key = try world.keys.ring.publicKey(world.keys.name)
        let pin = String(key.text.split(separator: "\n").last ?? "")
        for words in ["origins = ['acme']", "keys = ['\(key.name)']", "keys = ['\(pin)']", "evidence = 'signature'"] {
            #expect(try violations("[packages]\n\(words)", of: layers) == [], "\(words)")
        }
        let (library, app) = (TrustWorld.library.ident, TrustWorld.app.ident)
        #expect(
            try violations("[packages]\norigins = ['core']", of: layers)
                == [library, app].map { "'\($0)' is of an origin that the policy does not allow" })
        #expect(
            try violations("[packages]\nkeys = []", of: layers)
                == [library, app].map { "'\($0)' is signed with '\(key.name)', which the policy does not allow" })
        #expect(
            try violations("[packages]\nrevoked = ['\(pin)']", of: layers)
                == [library, app].map { "'\($0)' is signed with '\(key.name)', which the policy revokes" })
        #expect(
            try violations("[packages]\nevidence = 'artifact'", of: layers).first
                == "for '\(library)' there is a receipt with the origin's signature, "
                + "and the policy wants the content of the signed artifact")
    }

    @Test func whatNobodySignedIsTheRulesAffair() throws {
        let world = try TrustWorld()
        var image = try world.image()
        image.layers.append(.init(title: "RUN x", members: [.file("x", "x")]))
        let layers = try world.verify(image)
        #expect(try violations("", of: layers) == ["layer 4 (RUN x) is not made by bio"])
        #expect(try violations("[layers]\nforeign = 'allow'", of: layers) == [])
        #expect(
            try violations("[layers]\nforeign = 'allow'\nroot = 'refuse'", of: layers)
                == ["layer 3 (users and links) is signed by nobody"])
        #expect(
            try violations("[layers]\nforeign = 'attested'", of: layers)
                == ["layer 4 (RUN x) is not made by bio, and no signed provenance vouches for it"])
        // One layer for everything has such a part too.
        let all = try world.verify(try world.image(most: 1))
        #expect(try violations("[layers]\nroot = 'refuse'", of: all).count == 1)
    }

    /// Whatever is allowed beside packages: there must be some.
    @Test func noPolicyAllowsAnImageWithoutPackages() throws {
        let world = try TrustWorld()
        let none = ["it holds no package: nothing in it is signed"]
        let program = TrustImage.Member.file("bin/sh", "x", mode: 0o4755)
        for title in ["bio: users and links", "RUN x"] {
            let layers = try world.verify(TrustImage(layers: [.init(title: title, members: [program])]))
            #expect(try violations("[layers]\nforeign = 'allow'\nunknown = 'allow'", of: layers) == none)
        }
    }

    @Test func noPolicyAllowsWhatDiffers() throws {
        let world = try TrustWorld()
        var image = try world.image()
        try image.layers[0].change("/lib/data.txt") { $0.body[0] ^= 1 }
        try Directory.remove(world.keys.ring.path(of: world.keys.name, .signingPublic))
        let text = "[layers]\nroot = 'allow'\nforeign = 'allow'\nunknown = 'allow'"
        #expect(try violations(text, of: try world.verify(image)).count == 2)
    }

    @Test func unknownPackagesPassWhenThePolicySaysSo() throws {
        let world = try TrustWorld()
        let image = try world.image()
        try Directory.remove(world.scratch.file("root"))
        try Directory.remove(world.scratch.file("cache"))
        let layers = try world.verify(image)
        #expect(try violations("", of: layers).count == 2)
        #expect(try violations("[layers]\nunknown = 'allow'", of: layers) == [])
        // Their origins are told by their paths, and count nevertheless.
        #expect(try violations("[packages]\norigins = []\n[layers]\nunknown = 'allow'", of: layers).count == 2)
    }

    // MARK: - Provenance

    private func provenance(
        _ signers: [PublicKey], _ standing: VerifiedAttestation.Standing = .verified,
        type: String = "https://slsa.dev/provenance/v1"
    ) -> VerifiedAttestation {
        VerifiedAttestation(place: "x", predicateType: type, signers: signers, standing: standing)
    }

    @Test func aProvenanceCountsByItsStandingAndItsSigner() throws {
        let world = try TrustWorld()
        let layers = try world.verify(try world.image())
        let key = try world.keys.ring.publicKey(world.keys.name)
        let missing = ["the policy wants a signed provenance of this image, and none counts"]
        let required = "[provenance]\nrequired = true"
        #expect(try violations(required, of: layers, [provenance([key])]) == [])
        #expect(try violations(required + "\nkeys = ['\(key.name)']", of: layers, [provenance([key])]) == [])
        #expect(try violations("[layers]\nroot = 'attested'", of: layers, [provenance([key])]) == [])
        #expect(try violations("[layers]\nroot = 'attested'", of: layers).count == 1)
        #expect(try violations("configuration = 'attested'", of: layers, [provenance([key])]) == [])
        #expect(
            try violations("configuration = 'attested'", of: layers)
                == ["how it runs is signed by nobody, and no signed provenance vouches for it"])
        let others = [
            [], [provenance([])], [provenance([key], .otherSubject)], [provenance([key], .contradicts(["x"]))],
            [provenance([key], type: "https://spdx.dev/Document")],
        ]
        for attestations in others { #expect(try violations(required, of: layers, attestations) == missing) }
        #expect(try violations(required + "\nkeys = []", of: layers, [provenance([key])]) == missing)
        let revoked = "[packages]\nrevoked = ['\(key.name)']\n" + required
        #expect(try violations(revoked, of: layers, [provenance([key])]).last == missing[0])
    }

    /// Unless it is said who may sign provenance, it is who may sign packages.
    @Test func whoMayNotSignPackagesMayNotAttest() throws {
        let world = try TrustWorld()
        let layers = try world.verify(try world.image())
        let other = try OriginKeyPair.generate(try Origin(parsing: "other"), revision: world.keys.name.revision)
            .publicKey
        let attested = "\n[layers]\nroot = 'attested'"
        #expect(try violations(attested, of: layers, [provenance([other])]) == [])
        let pin = "[packages]\nkeys = ['\(world.keys.name)']" + attested
        for text in ["[packages]\norigins = ['acme']" + attested, pin] {
            #expect(try violations(text, of: layers, [provenance([other])]).count == 1, "\(text)")
            let said = text + "\n[provenance]\nkeys = ['\(other.name)']"
            #expect(try violations(said, of: layers, [provenance([other])]) == [], "\(text)")
        }
    }
}
