// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@Suite struct LayerCacheTests {
    /// A cache with the layers of `fixture` in it.
    private func filled(
        _ scratch: borrowing Scratch, _ fixture: LayerFixture, _ compression: Compression = .gzip
    ) throws -> LayerCache {
        _ = try maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
            .blobs(of: fixture.layers, compression)
        return LayerCache(path: scratch.file("layers"))
    }

    private func overwrite(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try contents(of: path)
        change(&bytes)
        try AtomicFile.write(bytes, to: path, mode: 0o444)
    }

    @Test func nothingIsMadeBeforeItIsNeeded() throws {
        let scratch = try Scratch()
        let cache = LayerCache(path: scratch.file("layers"))
        #expect(try cache.facts(of: try #require(LayerFixture(sizes: [1]).layers[0].key)) == nil)
        #expect(try cache.entries().isEmpty)
        #expect(try Directory.names(scratch.path).isEmpty)
    }

    @Test func whatIsInItIsListed() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000, 9000])
        let entries = try filled(scratch, fixture).entries()
        #expect(Set(entries.map(\.title)) == ["acme/p0/1/1", "acme/p1/1/1"])
        for entry in entries {
            #expect(fixture.layers.contains { $0.key?.digest == entry.key && $0.key?.artifacts == entry.artifacts })
            #expect(entry.facts != nil)
            let blob = try #require(entry.blobs.first)
            #expect(entry.blobs.count == 1)
            #expect(blob.compression == "gzip")
            #expect(blob.encoder == (try Compression.gzip.encoder()))
            let status = try #require(try FileStatus.of(blob.path))
            #expect(status.size == blob.size)
            #expect(status.mode == 0o444)
            #expect(entry.size > blob.size)
            #expect(abs(entry.lastUsed - Int64(time(nil))) < 600)
        }
    }

    @Test func useIsRemembered() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000])
        let cache = try filled(scratch, fixture)
        for path in try cache.entries().flatMap({ $0.blobs.map(\.path) }) {
            for file in [path, "\(path).json"] { try FileDescriptor.open(file).setModified(1000) }
            let directory = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            try FileDescriptor.open("\(directory)/facts").setModified(1000)
        }
        #expect(try cache.entries().map(\.lastUsed) == [1000])
        _ = try filled(scratch, fixture)
        #expect(try cache.entries()[0].lastUsed > 1_000_000)
    }

    @Test func aShorterBlobIsMadeAgain() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000])
        let path = try filled(scratch, fixture).entries()[0].blobs[0].path
        let good = try contents(of: path)
        try overwrite(path) { $0.removeLast() }
        _ = try filled(scratch, fixture)
        #expect(try contents(of: path) == good)
        #expect(fixture.timesMade == [2])
    }

    @Test(arguments: ["facts", "json", "blob"], ["", "{", "garbage\u{0}", "{\"recipe\":\"layer/0\"}"])
    func damagedFilesCountAsMissing(_ which: String, _ text: String) throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000])
        let blob = try filled(scratch, fixture).entries()[0].blobs[0].path
        let directory = String(blob[..<(blob.lastIndex(of: "/") ?? blob.endIndex)])
        let path = which == "facts" ? "\(directory)/facts" : which == "json" ? "\(blob).json" : blob
        try AtomicFile.write(Array(text.utf8), to: path)
        let entries = try filled(scratch, fixture).entries()
        #expect(fixture.timesMade == [2])
        #expect(entries.count == 1)
        #expect(entries[0].facts != nil)
        #expect(try LayerCache(path: scratch.file("layers")).damage(of: entries[0], cancellation: .never).isEmpty)
    }

    @Test(arguments: ["none", "gzip", "gzip:fast", "zstd"])
    func damageOfEqualLengthIsFoundByVerifying(_ name: String) throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [50_000])
        let cache = try filled(scratch, fixture, try Compression(parsing: name))
        let entry = try cache.entries()[0]
        #expect(try cache.damage(of: entry, cancellation: .never).isEmpty)
        try overwrite(entry.blobs[0].path) { $0[$0.count / 2] ^= 1 }
        #expect(try cache.damage(of: entry, cancellation: .never) == [.digest(name)])
        #expect(try cache.remove(entry))
        #expect(try cache.entries().isEmpty)
    }

    @Test func aBlobThatIsAnotherLayerIsFoundByVerifying() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000, 6000])
        let cache = try filled(scratch, fixture)
        let entries = try cache.entries()
        let (one, other) = (entries[0].blobs[0].path, entries[1].blobs[0].path)
        for ending in ["", ".json"] {
            try AtomicFile.write(try contents(of: other + ending), to: one + ending)
        }
        #expect(try cache.damage(of: try cache.entries()[0], cancellation: .never) == [.content("gzip")])
        try AtomicFile.write([], to: one.replacing(entries[0].blobs[0].encoder, with: "facts"))
        #expect(try cache.damage(of: try cache.entries()[0], cancellation: .never) == [.facts])
    }

    /// A layer that came out as another one than somebody was told is an error; nothing of it stays.
    @Test func aLayerThatDiffersFromItsFactsIsRefused() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000])
        let blob = try filled(scratch, fixture).entries()[0].blobs[0].path
        let facts = blob.replacing(try Compression.gzip.encoder(), with: "facts")
        let text = String(decoding: try contents(of: facts), as: UTF8.self)
        let other = Digest.sha256(of: [1])
        let range = try #require(text.firstRange(of: "sha256:"))
        let digest = text[range.upperBound...].prefix(64)
        try AtomicFile.write(Array(text.replacing(digest, with: other.hex).utf8), to: facts)
        unlink(blob)
        let maker = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
        #expect(try maker.knownFacts(of: fixture.layers[0])?.diffID == other)
        #expect(throws: LayerError.differs(title: "acme/p0/1/1", cache: scratch.file("layers"))) {
            try maker.blob(of: fixture.layers[0], .gzip)
        }
        #expect(try LayerCache(path: scratch.file("layers")).entries().isEmpty)
        _ = try filled(scratch, fixture)
    }

    @Test func whatAnExportUsesIsNotRemoved() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [5000])
        let other = LayerCache(path: scratch.file("layers"))
        do {
            let maker = maker(scratch.path, cache: LayerCache(path: scratch.file("layers")))
            _ = try maker.blobs(of: fixture.layers, .gzip)
            #expect(try !other.remove(try other.entries()[0]))
            withExtendedLifetime(maker) {}
        }
        #expect(try other.remove(try other.entries()[0]))
        #expect(try other.entries().isEmpty)
    }

    /// Two exports, each with its own view of the cache, make the same layers at the same time.
    @Test func twoExportsShareTheWork() throws {
        let scratch = try Scratch()
        let fixture = LayerFixture(sizes: [2 << 20, 3 << 20, 100_000, 1 << 20, 4 << 20, 50])
        let path = scratch.file("layers")
        let parent = scratch.path
        let found: Mutex<[[Digest]]> = Mutex([])
        let failures: Mutex<[String]> = Mutex([])
        ThreadCrew.run(4) { _ in
            do {
                let blobs = try maker(parent, cache: LayerCache(path: path)).blobs(of: fixture.layers, .gzip)
                found.withLock { $0.append(blobs.map(\.digest)) }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(Set(found.withLock { $0 }).count == 1)
        #expect(found.withLock { $0.count } == 4)
        #expect(fixture.timesMade == [1, 1, 1, 1, 1, 1])
    }

    @Test func whoWaitsCanBeInterrupted() throws {
        let scratch = try Scratch()
        let path = scratch.file("layers")
        let parent = scratch.path
        let release = Atomic(false)
        let isStarted = Atomic(false)
        let slow = Layer(
            title: "slow", packages: [], key: LayerKey(packages: [(prefix: "slow", artifactDigest: "")]),
            members: {
                isStarted.store(true, ordering: .relaxed)
                while !release.load(ordering: .relaxed) { usleep(1000) }
                return MembersInMemory([])
            })
        ThreadCrew.run(2) { member in
            if member == 0 {
                _ = try? maker(parent, cache: LayerCache(path: path)).blob(of: slow, .gzip)
            } else {
                while !isStarted.load(ordering: .relaxed) { usleep(1000) }
                let cache = LayerCache(path: path, cancellation: Cancellation { true })
                #expect(throws: LayerError.self) { try maker(parent, cache: cache).blob(of: slow, .gzip) }
                release.store(true, ordering: .relaxed)
            }
        }
    }

    @Test func aCacheThatOthersMayWriteToIsRefused() throws {
        let scratch = try Scratch()
        let path = scratch.file("layers")
        try Directory.create(path)
        chmod(path, 0o775)
        let fixture = LayerFixture(sizes: [1])
        #expect(throws: LayerError.unsafeCache(path: path)) {
            try maker(scratch.path, cache: LayerCache(path: path)).blob(of: fixture.layers[0], .gzip)
        }
        #expect(fixture.timesMade == [0])
    }

    @Test func aFileInItsPlaceIsTold() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1], to: "layers")
        let fixture = LayerFixture(sizes: [1])
        #expect(throws: LayerError.self) {
            try maker(scratch.path, cache: LayerCache(path: path)).blob(of: fixture.layers[0], .gzip)
        }
    }
}
