// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Testing

@testable import BioRegistry

@Suite struct BlobBodyTests {
    private static let bytes = PushFixture.bytes(1_500_000)

    private static func blob(_ path: String, _ announced: [UInt8] = bytes) -> PushedBlob {
        let size = Int64(announced.count)
        return PushedBlob(
            digest: .sha256(of: announced), size: size,
            content: FileContent(path: path, size: size, cancellation: .never), isLayer: true)
    }

    private static func rest(_ body: BlobBody, below end: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while let piece = try body.next(below: Int64(end)) { all += piece }
        return all
    }

    @Test func itGivesItsBytesFromAnywhereAndAgain() throws {
        let scratch = try Scratch()
        let body = BlobBody(Self.blob(try scratch.write(Self.bytes, to: "blob")))
        try body.seek(to: 0)
        #expect(try Self.rest(body, below: 700_000) == Array(Self.bytes[..<700_000]))
        try body.seek(to: 100)
        #expect(try Self.rest(body, below: 5000) == Array(Self.bytes[100..<5000]))
        try body.seek(to: 1_400_000)
        #expect(try Self.rest(body, below: Self.bytes.count) == Array(Self.bytes[1_400_000...]))
        try body.seek(to: 0)
        #expect(try Self.rest(body, below: Self.bytes.count) == Self.bytes)
    }

    @Test(arguments: [0, 1_499_999]) func theEndOfAnotherContentIsNotGiven(_ place: Int) throws {
        let scratch = try Scratch()
        var changed = Self.bytes
        changed[place] ^= 1
        let path = try scratch.write(changed, to: "blob")
        let body = BlobBody(Self.blob(path))
        try body.seek(to: 0)
        var given = 0
        #expect(throws: ImageError.blobFile(path: path)) {
            while let piece = try body.next(below: Int64(Self.bytes.count)) { given += piece.count }
        }
        #expect(given < Self.bytes.count)
    }

    /// What an earlier run has sent is digested too.
    @Test func theStartIsReadWhereOnlyTheEndIsSent() throws {
        let scratch = try Scratch()
        var changed = Self.bytes
        changed[17] ^= 1
        let path = try scratch.write(changed, to: "blob")
        let body = BlobBody(Self.blob(path))
        try body.seek(to: 1_400_000)
        #expect(throws: ImageError.blobFile(path: path)) { _ = try Self.rest(body, below: Self.bytes.count) }
    }

    @Test func aFileOfAnotherLengthIsRefused() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array(Self.bytes.dropLast()), to: "blob")
        #expect(throws: ImageError.blobFile(path: path)) { try BlobBody(Self.blob(path)).seek(to: 0) }
    }
}
