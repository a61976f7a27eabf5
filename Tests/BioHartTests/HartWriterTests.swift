// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Testing

@testable import BioHart

@Suite struct HartWriterTests {
    @Test func signsAsUpstreamDoes() throws {
        let scratch = try Scratch()
        let input = try Vectors.path("hart/signme.dat")
        let keys = KeyRing(directory: try Vectors.path("keys"))
        let output = scratch.file("signed")
        let key = try keys.latestSecretKey(origin: "origin-key-valid")
        let digest = try HartWriter.sign(input, with: key, to: output)
        #expect(digest.hex == "20590a52c4f00588c500328b16d466c982a26fabaa5fa4dcc83052dd0a84f233")
        let expected = """
            HART-1
            origin-key-valid-20160509190508
            BLAKE2b
            lCLi6wKI2oeC8YGGwc4DD55jRKmLJg2MeFyYj2GHFukU8zA/O1IaMzU/Bdam53F78SEZ41vJTDDH1rduraGWDDIwNTkwYTUyYzRm\
            MDA1ODhjNTAwMzI4YjE2ZDQ2NmM5ODJhMjZmYWJhYTVmYTRkY2M4MzA1MmRkMGE4NGYyMzM=

            foo

            """
        #expect(try String(decoding: contents(of: output), as: UTF8.self) == expected)
        let archive = try HartArchive.open(output)
        #expect(try archive.verify(keys: keys).payloadHash == digest)
        #expect(try FileStatus.of(output)?.mode == 0o644)
    }

    @Test func copiesPayloadsLargerThanTheBuffer() throws {
        let fixture = try ArtifactFixture()
        let payload = (0..<(3 << 20) + 17).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
        let archive = try HartArchive.open(try fixture.artifact(payload))
        #expect(try archive.verify(keys: fixture.ring).payloadHash == Digest.blake2b256(of: payload))
        #expect(archive.size == archive.header.payloadOffset + Int64(payload.count))
    }

    @Test func signsAnEmptyFile() throws {
        let fixture = try ArtifactFixture()
        let archive = try HartArchive.open(try fixture.artifact([]))
        _ = try archive.verify(keys: fixture.ring)
    }

    @Test(arguments: ["/", "/dev/null"]) func onlyRegularFilesAreSignedAndHashed(path: String) throws {
        let fixture = try ArtifactFixture()
        let output = fixture.scratch.file("x.hart")
        #expect(throws: HartError.notAFile(path: path)) { try HartArchive.digest(ofFile: path) }
        #expect(throws: HartError.notAFile(path: path)) {
            try HartWriter.sign(path, with: fixture.pair.secretKey, to: output)
        }
    }

    @Test func leavesNothingWhenItFails() throws {
        let fixture = try ArtifactFixture()
        let missing = fixture.scratch.file("missing")
        let output = fixture.scratch.file("out/x.hart")
        try Directory.create(fixture.scratch.file("out"))
        #expect(throws: HartError.system(SystemError("open", missing, .noSuchFile))) {
            try HartWriter.sign(missing, with: fixture.pair.secretKey, to: output)
        }
        #expect(throws: HartError.self) {
            try HartWriter.sign(fixture.scratch.path, with: fixture.pair.secretKey, to: output)
        }
        #expect(try Directory.names(fixture.scratch.file("out")).isEmpty)
    }

    @Test func replacesAnEarlierArtifact() throws {
        let fixture = try ArtifactFixture()
        _ = try fixture.artifact([1])
        let archive = try HartArchive.open(try fixture.artifact([2]))
        #expect(try archive.payloadHash() == Digest.blake2b256(of: [2]))
    }
}
