// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioCrypto

@Suite struct DigestContentsTests {
    @Test func hashesFilesLargerThanTheBuffer() throws {
        let scratch = try Scratch()
        let bytes = (0..<(2 << 20) + 12345).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let path = try scratch.write(bytes, to: "large")
        let file = try FileDescriptor.open(path)
        #expect(try Digest.sha256(ofFile: file) == Digest.sha256(of: bytes))
        #expect(try Digest.blake2b256(ofFile: file) == Digest.blake2b256(of: bytes))
        #expect(try Digest.blake2b256(ofFile: file, from: 7) == Digest.blake2b256(of: Array(bytes[7...])))
        // The position did not move.
        #expect(try file.readToEnd(limit: 4 << 20).count == bytes.count)
    }

    @Test func hashesNothingPastTheEnd() throws {
        let scratch = try Scratch()
        let file = try FileDescriptor.open(try scratch.write([1, 2, 3], to: "small"))
        #expect(try Digest.sha256(ofFile: file, from: 10).hex == DigestTests.empty)
    }

    @Test func reportsWhatCannotBeRead() throws {
        let scratch = try Scratch()
        let directory = try FileDescriptor.open(scratch.path)
        #expect(throws: SystemError("read", "here", .isDirectory)) {
            try Digest.sha256(ofFile: directory, path: "here")
        }
    }

    @Test func hashesTheVectorFile() throws {
        let file = try FileDescriptor.open(try Vectors.path("hart/signme.dat"))
        #expect(
            try Digest.blake2b256(ofFile: file).hex
                == "20590a52c4f00588c500328b16d466c982a26fabaa5fa4dcc83052dd0a84f233")
    }
}
