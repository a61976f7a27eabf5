// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct KeyRingTests {
    private func vectors() throws -> KeyRing { KeyRing(directory: try Vectors.path("keys")) }

    private func name(_ text: String) throws -> KeyName { try KeyName(parsing: text) }

    /// A ring with a fresh key for each of `names`.
    private func ring(_ scratch: borrowing Scratch, _ names: [(origin: String, revision: String)]) throws -> KeyRing {
        let ring = KeyRing(directory: scratch.file("keys"))
        for name in names {
            _ = try ring.add(try OriginKeyPair.generate(try Origin(parsing: name.origin), revision: name.revision))
        }
        return ring
    }

    @Test func readsKeysByNameAndRevision() throws {
        let ring = try vectors()
        let wanted = try name("happyhumans-20160424223347")
        #expect(try ring.publicKey(wanted).name == wanted)
        #expect(try ring.secretKey(wanted).publicKey == ring.publicKey(wanted))
    }

    @Test func namesTheMissingFile() throws {
        let ring = try vectors()
        let wanted = try name("neurosis-20171205003147")
        #expect(throws: KeyRingError.missing(wanted, .signingPublic, path: "\(ring.directory)/\(wanted).pub")) {
            try ring.publicKey(wanted)
        }
        #expect(throws: KeyRingError.missing(wanted, .signingSecret, path: "\(ring.directory)/\(wanted).sig.key")) {
            _ = try ring.secretKey(wanted)
        }
    }

    @Test func saysWhichMagicIsWrong() throws {
        let ring = try vectors()
        let wanted = try name("origin-key-invalid-version-20160518021451")
        let path = ring.path(of: wanted, .signingPublic)
        #expect(
            throws: KeyRingError.unusable(path: path, .wrongMagic(found: "NONSENSE-12", expected: ["SIG-PUB-1"]))
        ) { try ring.publicKey(wanted) }
    }

    @Test func refusesAKeyThatIsNotTheOneOfTheFileName() throws {
        let scratch = try Scratch()
        let text = try contents(of: try Vectors.path("keys/core-20160810182414.pub"))
        let path = try scratch.write(text, to: "core-20160810182415.pub")
        #expect(throws: KeyRingError.otherName(path: path, found: try name("core-20160810182414"))) {
            try KeyRing(directory: scratch.path).publicKey(try name("core-20160810182415"))
        }
    }

    @Test func refusesBadContents() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.path)
        for (content, error) in [
            ("SIG-PUB-1\ncore-20160810182414\n\n?", KeyError.undecodable),
            ("SIG-PUB-1\ncore-20160810182414\n\nvQqV", .wrongSize(found: 3, expected: 32)),
            (String(repeating: "x", count: 1 << 20), .tooLong(limit: 4096)),
        ] {
            let path = try scratch.write(Array(content.utf8), to: "core-20160810182414.pub")
            #expect(throws: KeyRingError.unusable(path: path, error)) {
                try ring.publicKey(try name("core-20160810182414"))
            }
        }
    }

    @Test func doesNotHangOnWhatIsNoFile() throws {
        let scratch = try Scratch()
        let path = scratch.file("core-20160810182414.pub")
        #expect(try Tool.run(["mkfifo", path]).code == 0)
        #expect(throws: KeyRingError.notAFile(path: path)) {
            try KeyRing(directory: scratch.path).publicKey(try name("core-20160810182414"))
        }
        let directory = scratch.file("core-20160810182415.pub")
        try Directory.create(directory)
        #expect(throws: KeyRingError.notAFile(path: directory)) {
            try KeyRing(directory: scratch.path).publicKey(try name("core-20160810182415"))
        }
    }

    @Test func theLatestIsTheGreatestRevisionOfExactlyThatOrigin() throws {
        let scratch = try Scratch()
        let ring = try ring(
            scratch, [("core", "20160101000000"), ("core", "20170101000000"), ("core-plans", "20180101000000")])
        #expect(try ring.latestPublicKey(origin: "core").name.revision == "20170101000000")
        #expect(try ring.latestSecretKey(origin: "core").name.revision == "20170101000000")
        #expect(try ring.latestSecretKey(origin: "core-plans").name.revision == "20180101000000")
        #expect(throws: KeyRingError.noKey(name: "cor", .signingSecret, directory: ring.directory)) {
            _ = try ring.latestSecretKey(origin: "cor")
        }
    }

    @Test func theLatestPublicKeyIsNoEncryptionKey() throws {
        let scratch = try Scratch()
        let ring = try ring(scratch, [("core", "20160101000000")])
        let box = "BOX-PUB-1\ncore-20990101000000\n\n\(KeyTextTests.base64)"
        #expect(try ring.import(Array(box.utf8)).kind == .boxPublic)
        #expect(try ring.latestPublicKey(origin: "core").name.revision == "20160101000000")
    }

    @Test func anAbsentDirectoryHasNoKeys() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("none"))
        #expect(try ring.list().isEmpty)
        #expect(throws: KeyRingError.noKey(name: "core", .signingPublic, directory: ring.directory)) {
            try ring.latestPublicKey(origin: "core")
        }
        let wanted = try name("core-20160810182414")
        #expect(throws: KeyRingError.missing(wanted, .signingPublic, path: ring.path(of: wanted, .signingPublic))) {
            try ring.publicKey(wanted)
        }
    }

    @Test func listsEveryUsableKey() throws {
        let names = try vectors().list().map { "\($0.kind.rawValue) \($0.name)" }
        #expect(
            names == [
                "SIG-PUB-1 core-20160810182414", "BOX-SEC-1 fhloston-paradise-20200813211603",
                "BOX-PUB-1 fhloston-paradise-20200813211603", "SIG-PUB-1 happyhumans-20160424223347",
                "SIG-SEC-1 happyhumans-20160424223347", "SIG-PUB-1 neurosis-20171211220037",
                "SIG-SEC-1 neurosis-20171211220037", "SIG-PUB-1 origin-key-valid-20160509190508",
                "SIG-SEC-1 origin-key-valid-20160509190508", "SYM-SEC-1 ring-key-valid-20160504220722",
                "BOX-SEC-1 ruby-rhod-20200813204159", "BOX-PUB-1 ruby-rhod-20200813204159",
                "BOX-SEC-1 service-key-valid.default@acme-20160509181736",
                "BOX-PUB-1 service-key-valid.default@acme-20160509181736",
            ])
    }

    @Test func exportsWhatItsFileHolds() throws {
        let ring = try vectors()
        for (secret, file) in [(false, "happyhumans-20160424223347.pub"), (true, "happyhumans-20160424223347.sig.key")]
        {
            let text = try ring.export(origin: "happyhumans", secret: secret).withUnsafeBytes { Array($0) }
            #expect(try text == contents(of: try Vectors.path("keys/\(file)")))
        }
    }
}
