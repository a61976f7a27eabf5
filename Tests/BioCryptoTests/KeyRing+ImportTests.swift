// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct KeyRingImportTests {
    private func vector(_ name: String) throws -> [UInt8] { try contents(of: try Vectors.path("keys/\(name)")) }

    @Test(arguments: [
        ("core-20160810182414.pub", KeyKind.signingPublic), ("happyhumans-20160424223347.sig.key", .signingSecret),
        ("ruby-rhod-20200813204159.pub", .boxPublic), ("ruby-rhod-20200813204159.box.key", .boxSecret),
        ("ring-key-valid-20160504220722.sym.key", .symmetric),
        ("service-key-valid.default@acme-20160509181736.pub", .boxPublic),
    ])
    func storesEveryKind(file: String, kind: KeyKind) throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("deep/keys"))
        let text = try vector(file)
        let stored = try ring.import(text)
        #expect(stored.kind == kind)
        #expect(stored.path == scratch.file("deep/keys/\(file)"))
        #expect(try contents(of: stored.path) == text)
        let status = try #require(try FileStatus.of(stored.path))
        #expect(status.mode == (kind.isSecret ? 0o400 : 0o444))
        #expect(try ring.list() == [stored])
        #expect(try Directory.names(ring.directory).count == 1)
    }

    @Test func theSameKeyAgainChangesNothing() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.path)
        let text = try vector("core-20160810182414.pub")
        let first = try ring.import(text)
        let before = try FileStatus.of(first.path)
        #expect(try ring.import(text + Array("\r\n\n".utf8)) == first)
        #expect(try FileStatus.of(first.path) == before)
    }

    @Test func anotherKeyUnderTheSameNameIsRefused() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.path)
        let origin = try Origin(parsing: "core")
        let first = try ring.add(try OriginKeyPair.generate(origin, revision: "20260101000000"))
        let other = try OriginKeyPair.generate(origin, revision: "20260101000000")
        let before = try contents(of: first.public.path)
        #expect(throws: KeyRingError.conflict(path: first.public.path)) {
            try ring.import(Array(other.publicKey.text.utf8))
        }
        #expect(try contents(of: first.public.path) == before)
        let box = "BOX-PUB-1\ncore-20260101000000\n\n\(KeyTextTests.base64)"
        #expect(
            throws: KeyRingError.otherKind(path: first.public.path, found: .signingPublic, wanted: .boxPublic)
        ) { try ring.import(Array(box.utf8)) }
    }

    @Test func refusesWhatIsNoKey() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        let nonsense = try vector("ring-key-invalid-version-20160504221247.sym.key")
        #expect(
            throws: KeyRingError.importRefused(
                .wrongMagic(found: "NONSENSE-12", expected: KeyKind.allCases.map(\.rawValue)))
        ) { try ring.import(nonsense) }
        let escaping = Array("SIG-PUB-1\n../../x-20160810182414\n\n\(KeyTextTests.base64)".utf8)
        #expect(throws: KeyRingError.importRefused(.badName(.badName(text: "../../x-20160810182414")))) {
            try ring.import(escaping)
        }
        let ones = [UInt8](repeating: 1, count: 64).withUnsafeBytes { Base64.encode($0) }
        let inconsistent = Array("SIG-SEC-1\nx-20160810182414\n\n\(ones)".utf8)
        #expect(throws: KeyRingError.importRefused(.inconsistent)) { try ring.import(inconsistent) }
        #expect(try FileStatus.of(ring.directory) == nil)
    }

    @Test func addsBothHalves() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.path)
        let pair = try OriginKeyPair.generate(try Origin(parsing: "me"), revision: "20260101000000")
        let files = try ring.add(pair)
        #expect(files.secret.kind == .signingSecret && files.public.kind == .signingPublic)
        #expect(try ring.latestSecretKey(origin: "me").publicKey == pair.publicKey)
        #expect(try ring.latestPublicKey(origin: "me") == pair.publicKey)
    }
}
