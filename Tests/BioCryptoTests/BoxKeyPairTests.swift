// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct BoxKeyPairTests {
    private func name(_ text: String = "redis.default@acme-20260101000000") throws -> KeyName {
        try KeyName(parsing: text)
    }

    @Test func bothHalvesAreStoredWithTheirModes() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        let files = try ring.add(try BoxKeyPair.generate(try name()))
        #expect(files.public.kind == .boxPublic && files.secret.kind == .boxSecret)
        #expect(try FileStatus.of(files.public.path)?.mode == 0o444)
        #expect(try FileStatus.of(files.secret.path)?.mode == 0o400)
        #expect(files.secret.path.hasSuffix("/redis.default@acme-20260101000000.box.key"))
        #expect(try ring.list().map(\.kind) == [.boxSecret, .boxPublic])
    }

    @Test func noTwoPairsAreAlike() throws {
        let one = try BoxKeyPair.generate(try name())
        let other = try BoxKeyPair.generate(try name())
        let isAlike = [
            one.secretHalf.key.equals(other.secretHalf.key), one.publicHalf.key.equals(other.publicHalf.key),
            one.secretHalf.key.equals(one.publicHalf.key),
        ]
        #expect(isAlike == [false, false, false])
    }

    /// Nothing is left of a pair whose public half has no place.
    @Test func aSigningKeyOfTheSameSecondKeepsItsFile() throws {
        let scratch = try Scratch()
        let keys = try TestKeys(in: scratch.file("keys"))
        let path = keys.ring.path(of: keys.name, .signingPublic)
        let before = try contents(of: path)
        let pair = try BoxKeyPair.generate(keys.name)
        #expect(throws: KeyRingError.otherKind(path: path, found: .signingPublic, wanted: .boxPublic)) {
            _ = try keys.ring.add(pair)
        }
        #expect(try contents(of: path) == before)
        #expect(try FileStatus.of(keys.ring.path(of: keys.name, .boxSecret)) == nil)
    }

    @Test func theOtherWayRoundToo() throws {
        let scratch = try Scratch()
        let ring = KeyRing(directory: scratch.file("keys"))
        let name = try name("acme-20260101000000")
        _ = try ring.add(try BoxKeyPair.generate(name))
        #expect(
            throws: KeyRingError.otherKind(
                path: ring.path(of: name, .signingPublic), found: .boxPublic, wanted: .signingPublic)
        ) { _ = try TestKeys(in: ring.directory) }
        #expect(try FileStatus.of(ring.path(of: name, .signingSecret)) == nil)
        #expect(throws: KeyRingError.noKey(name: "acme", .signingPublic, directory: ring.directory)) {
            try ring.latestPublicKey(origin: "acme")
        }
    }
}
