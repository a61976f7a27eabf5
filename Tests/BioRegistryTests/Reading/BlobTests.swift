// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioHTTP
import BioOCI
import BioRegistry
import BioTestSupport
import Testing

@Suite struct BlobTests {
    private static let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }

    private static func read(_ source: any ByteSource) throws -> [UInt8] {
        var source = source
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100_000, alignment: 1)
        defer { buffer.deallocate() }
        while case let count = try source.read(into: buffer), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    @Test(arguments: ["none", "basic", "token"]) func readsABlob(auth: String) throws {
        let world = try ClientWorld(["auth": .string(auth)])
        let blob = try world.put(Self.bytes)
        #expect(try Self.read(world.client.blob(blob, of: world.repository)) == Self.bytes)
        let answers = try world.registry.state().requests("blob-get").filter { $0.status == 200 }
        #expect(answers.map(\.sent) == [Self.bytes.count])
    }

    @Test func readsTheRest() throws {
        let world = try ClientWorld()
        let blob = try world.put(Self.bytes)
        let rest = try Self.read(world.client.blob(blob, of: world.repository, from: 2_000_000))
        #expect(rest == Array(Self.bytes[2_000_000...]))
        #expect(try world.registry.state().downloadedBytes == 500_000)
    }

    @Test func goesOnWhereTheConnectionBroke() throws {
        let world = try ClientWorld()
        let blob = try world.put(Self.bytes)
        try world.registry.fail(["kind": "blob-get", "do": "cut-answer", "after": 700_000, "times": 3])
        #expect(try Self.read(world.client.blob(blob, of: world.repository)) == Self.bytes)
        let state = try world.registry.state()
        #expect(state.requests("blob-get").count == 4)
        // No byte that had arrived is asked for again.
        #expect(state.downloadedBytes == Self.bytes.count)
    }

    @Test func goesOnWhereNoPartsAreGiven() throws {
        let world = try ClientWorld(["ranges": false])
        let blob = try world.put(Self.bytes)
        try world.registry.fail(["kind": "blob-get", "do": "cut-answer", "after": 2_400_000])
        #expect(try Self.read(world.client.blob(blob, of: world.repository)) == Self.bytes)
    }

    @Test func givesUpWhenItDoesNotGetOn() throws {
        let world = try ClientWorld(retries: 1)
        let blob = try world.put(Self.bytes)
        try world.registry.fail(["kind": "blob-get", "do": "cut-answer", "after": 1000, "times": 0])
        let error = #expect(throws: ArchiveError.self) { try Self.read(world.client.blob(blob, of: world.repository)) }
        guard case .notDelivered = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test func doesNotTakeAnotherPart() throws {
        let world = try ClientWorld()
        let blob = try world.put(Self.bytes)
        try world.registry.fail(
            ["kind": "blob-get", "do": "lie", "headers": ["Content-Range": "bytes 0-499999/2500000"]])
        let error = #expect(throws: RegistryError.self) {
            _ = try world.client.blob(blob, of: world.repository, from: 2_000_000)
        }
        guard case .malformed = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test func knowsAnotherBlobByItsDigest() throws {
        let world = try ClientWorld()
        let blob = try world.put(Self.bytes)
        try world.registry.fail(["kind": "blob-get", "do": "lie", "flip": true, "times": 0])
        let error = #expect(throws: ArchiveError.self) { try Self.read(world.client.blob(blob, of: world.repository)) }
        guard case .content(blob.digest, _) = error else { return #expect(Bool(false), "\(error as Any)") }
        let whole = #expect(throws: RegistryError.self) {
            try world.client.content(blob, of: world.repository, what: "blob", limit: 1 << 22)
        }
        guard case .otherContent = whole else { return #expect(Bool(false), "\(whole as Any)") }
    }

    @Test(arguments: [1, -1]) func knowsAnotherLength(difference: Int64) throws {
        let world = try ClientWorld()
        var blob = try world.put(Self.bytes)
        blob.size += difference
        let error = #expect(throws: ArchiveError.self) { try Self.read(world.client.blob(blob, of: world.repository)) }
        guard case .notDelivered(let text, _) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(text.contains("bytes"))
    }

    @Test func saysWhatIsNotThere() throws {
        let world = try ClientWorld()
        let blob = Descriptor(mediaType: .ociLayer, digest: .sha256(of: [1]), size: 1)
        #expect(throws: RegistryError.missing(what: "blob \(blob.digest)", place: "\(world.repository)")) {
            _ = try world.client.blob(blob, of: world.repository)
        }
    }

    @Test func readsNoLargeBlobIntoMemory() throws {
        let world = try ClientWorld()
        let blob = try world.put(Self.bytes)
        #expect(throws: ImageError.tooLarge(what: "blob", place: "\(world.repository)", limit: 1000)) {
            try world.client.content(blob, of: world.repository, what: "blob", limit: 1000)
        }
        #expect(try world.kinds().isEmpty)
    }

    @Test func readsAnEmptyBlob() throws {
        let world = try ClientWorld()
        let blob = try world.put([])
        #expect(try Self.read(world.client.blob(blob, of: world.repository)).isEmpty)
    }
}
