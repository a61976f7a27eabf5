// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@Suite struct LayerMakerTests {
    private static let sizes = [3 << 20, 100, 0, 700_000, 5 << 20, 64_000, 1 << 20]

    @Test(arguments: ["none", "gzip", "gzip:fast", "gzip:small", "zstd", "zstd:1"])
    func blobsAreWhatTheyAreSaidToBe(_ name: String) throws {
        let compression = try Compression(parsing: name)
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [3 << 20, 100], unkeyed: [1])
        let maker = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        for (number, blob) in try maker.blobs(of: fixture.layers, compression).enumerated() {
            let bytes = try contents(of: blob.path)
            #expect(blob.compression == compression)
            #expect(blob.digest == .sha256(of: bytes))
            #expect(blob.size == Int64(bytes.count))
            let tar = try fixture.tar(number)
            #expect(blob.facts == LayerFacts(diffID: .sha256(of: tar), size: Int64(tar.count)))
            var source = try DecodingSource(MemorySource(bytes))
            #expect(try readToEnd(&source) == tar)
        }
    }

    private func readToEnd<Source: ByteSource & ~Copyable>(_ source: inout Source) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    @Test(arguments: ["none", "gzip", "gzip:fast", "zstd"])
    func threadsAndCacheChangeNoByte(_ name: String) throws {
        let compression = try Compression(parsing: name)
        var found: Set<[Digest]> = []
        for (threads, isCached) in [(1, true), (2, false), (3, true), (8, true), (8, false)] {
            let scratch = try Scratch()
            let cache = isCached ? LayerCache(path: scratch.file("layers")) : nil
            let blobs = try maker(scratch.path, cache: cache, threads: threads)
                .blobs(of: LayerFixture(sizes: Self.sizes).layers, compression)
            found.insert(blobs.flatMap { [$0.digest, $0.facts.diffID] })
        }
        #expect(found.count == 1)
    }

    @Test func xzIsRefusedBeforeAnyWork() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [1])
        #expect(throws: LayerError.compression(.xz)) {
            try maker(scratch.path, cache: nil).blobs(of: fixture.layers, .xz)
        }
        #expect(fixture.timesMade == [0])
    }

    @Test func everyLayerIsMadeOnce() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000, 7000], unkeyed: [1])
        let maker = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        let first = try maker.blobs(of: fixture.layers + fixture.layers, .gzip)
        #expect(try maker.blobs(of: fixture.layers, .gzip) == Array(first.prefix(2)))
        #expect(try maker.blob(of: fixture.layers[1], .gzip) == first[1])
        #expect(fixture.timesMade == [1, 1])
        #expect(fixture.layers.map(maker.origin) == [.made, .made])
    }

    @Test func theNextExportTakesThemFromTheCache() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000, 7000], unkeyed: [1])
        let first = try maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
            .blobs(of: fixture.layers, .gzip)
        let second = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        #expect(try second.knownFacts(of: fixture.layers[0]) == first[0].facts)
        #expect(try second.knownFacts(of: fixture.layers[1]) == nil)
        #expect(try second.blobs(of: fixture.layers, .gzip).map(\.digest) == first.map(\.digest))
        #expect(fixture.timesMade == [1, 2])
        #expect(fixture.layers.map(second.origin) == [.cached, .made])
        let third = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        #expect(try third.blob(of: fixture.layers[0], .zstd(level: 3)).facts == first[0].facts)
        #expect(fixture.timesMade == [2, 2])
        #expect(third.origin(of: fixture.layers[0]) == .made)
    }

    @Test func plainTarsAreMadeIntoSinksAndRemembered() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [2 << 20])
        let first = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        let size = try first.plainSize(of: fixture.layers[0])
        let sink = CollectedBytes()
        let facts = try first.writePlain(fixture.layers[0], into: sink)
        #expect(sink.bytes.count == Int(size))
        #expect(facts == LayerFacts(diffID: .sha256(of: sink.bytes), size: size))
        let second = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        #expect(try second.knownFacts(of: fixture.layers[0]) == facts)
    }

    @Test func withoutACacheNothingStays() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000])
        do {
            let maker = maker(scratch.path, cache: nil)
            let blob = try maker.blob(of: fixture.layers[0], .gzip)
            #expect(try FileStatus.of(blob.path)?.size == blob.size)
        }
        #expect(try Directory.names(scratch.path).isEmpty)
    }

    @Test func progressCountsTheContentOfAllLayers() throws {
        let scratch = try Scratch()
        let seen: Mutex<[[UInt64]]> = Mutex([])
        let maker = maker(scratch.path, cache: nil, threads: 4) { done, total in
            seen.withLock { $0.append([done, total]) }
        }
        _ = try maker.blobs(of: LayerFixture(sizes: Self.sizes).layers, .gzipFast)
        let total = UInt64(Self.sizes.reduce(0, +))
        let steps = seen.withLock { $0 }
        #expect(steps.last == [total, total])
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0[0] <= $1[0] })
    }

    @Test(arguments: [1, 2, 4]) func theLayerThatFailedIsTold(threads: Int) throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [3 << 20, 5 << 20, 1 << 20, 2 << 20], fails: [2])
        #expect(throws: ArchiveError.bodySize(path: [], announced: 1, delivered: 0)) {
            try maker(scratch.path, cache: LayerCache(path: scratch.file("layers")), threads: threads)
                .blobs(of: fixture.layers, .gzip)
        }
    }

    @Test(arguments: [1, 4]) func anInterruptionEndsIt(threads: Int) throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [3 << 20, 5 << 20, 1 << 20, 2 << 20])
        let count: Mutex<Int> = Mutex(0)
        #expect(throws: ArchiveError.cancelled) {
            try maker(
                scratch.path, cache: LayerCache(path: scratch.file("layers")), threads: threads,
                isCancelled: {
                    count.withLock {
                        $0 += 1
                        return $0 > 6
                    }
                }
            ).blobs(of: fixture.layers, .gzip)
        }
        #expect(try blobs(in: scratch.file("layers")).count < 4)
    }

    private func blobs(in cache: String) throws -> [LayerCache.Blob] {
        try LayerCache(path: cache).entries().flatMap(\.blobs)
    }
}
