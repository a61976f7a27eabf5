// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import BioTestSupport
import Testing

@Suite struct DecodingSourceTests {
    /// On the reader's thread, in one beside it, in several.
    static let threads = [0, 1, 2, 4]

    /// A megabyte and a half that compresses to several hundred kilobytes: more than all buffers on the way in hold.
    static let plain: [UInt8] = {
        let noise = (0..<500_000).reduce(into: (state: UInt64(1), bytes: [UInt8]())) { made, _ in
            made.state = made.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            made.bytes.append(UInt8(truncatingIfNeeded: made.state >> 33))
        }
        return noise.bytes + [UInt8](repeating: 7, count: 500_000) + noise.bytes.reversed()
    }()

    /// What was decoded, in all, and how it ended: nil for well.
    struct Decoded {
        var bytes: [UInt8] = []
        var failure: ArchiveError?
    }

    private func decode<Source: ByteSource & ~Copyable>(
        _ source: consuming Source, threads: Int, pieces: Int = 100_000
    ) -> Decoded {
        var decoded = Decoded()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieces, alignment: 16)
        defer { buffer.deallocate() }
        do throws(ArchiveError) {
            var source = try DecodingSource(source, threads: threads)
            while true {
                let count = try source.read(into: buffer)
                if count == 0 { break }
                decoded.bytes += buffer[..<count]
            }
            // The end stays the end.
            decoded.bytes += buffer[..<(try source.read(into: buffer))]
        } catch { decoded.failure = error }
        return decoded
    }

    private static func packed(_ command: [String]) throws -> [UInt8] {
        let outcome = try Tool.run(command, input: plain)
        #expect(outcome.code == 0)
        return outcome.output
    }

    @Test(arguments: [
        ["cat"], ["gzip", "-1c"], ["zstd", "-1qc"], ["xz", "-0c"],
        ["xz", "-0c", "-T2", "--block-size=300000"],  // blocks with their sizes in their headers
        ["xz", "-0c", "-T1", "--block-size=300000"],  // and without
        ["xz", "-0c", "-T2", "--block-size=3000"], ["xz", "-0c", "--check=none"], ["xz", "-0c", "--x86", "--lzma2"],
    ])
    func decodesTheSameWithAnyNumberOfThreads(command: [String]) throws {
        let packed = try Self.packed(command)
        for threads in Self.threads {
            for size in [1 << 20, 7919] {
                let decoded = decode(
                    PieceSource(packed, size: size), threads: threads, pieces: size == 7919 ? 997 : size)
                let isRight = decoded.failure == nil && decoded.bytes == Self.plain
                #expect(isRight, "\(threads) threads, pieces of \(size)")
            }
        }
    }

    @Test(arguments: [["gzip", "-1c"], ["zstd", "-1qc"]])
    func membersEndToEndAreOneStream(command: [String]) throws {
        let packed = try Self.packed(command)
        for threads in Self.threads {
            let decoded = decode(MemorySource(packed + packed), threads: threads)
            let isRight = decoded.failure == nil && decoded.bytes == Self.plain + Self.plain
            #expect(isRight, "\(threads) threads")
            #expect(decode(MemorySource(packed + [0x1F ^ 0x28]), threads: threads).failure == .trailing)
        }
    }

    /// What a decoder that runs ahead knows already does not come before what stands before it.
    @Test(arguments: [
        ["gzip", "-1c"], ["zstd", "-1qc"], ["xz", "-0c"], ["xz", "-0c", "-T2", "--block-size=300000"],
    ])
    func faultsComeAfterAllThatStandsBeforeThem(command: [String]) throws {
        let packed = try Self.packed(command)
        var flipped = packed
        flipped[packed.count * 2 / 3] ^= 0x55
        for damaged in [flipped, Array(packed[..<(packed.count * 2 / 3)]), Array(packed.dropLast()), packed + [7]] {
            let expected = decode(MemorySource(damaged), threads: 0)
            #expect(expected.failure != nil)
            for threads in Self.threads.dropFirst() {
                let decoded = decode(MemorySource(damaged), threads: threads)
                #expect(decoded.failure == expected.failure, "\(threads) threads")
                // What the last step decoded, before the damage in it, may come or not.
                let both = min(decoded.bytes.count, expected.bytes.count)
                #expect(both > Self.plain.count / 4, "\(threads) threads")
                let isSame = decoded.bytes[..<both] == expected.bytes[..<both]
                #expect(isSame, "\(threads) threads")
            }
        }
        #expect(decode(MemorySource(Array(packed.dropLast())), threads: 2).failure == .truncated)
        #expect(decode(MemorySource(packed + [7]), threads: 2).failure == .trailing)
    }

    @Test(arguments: threads) func theSourcesOwnFailureIsGivenOn(threads: Int) throws {
        let packed = try Self.packed(["xz", "-0c", "-T2", "--block-size=300000"])
        let full = ArchiveError.system(SystemError("read", "/somewhere", Errno(rawValue: 5)))
        for (failure, after) in [(full, 0), (full, 1), (.cancelled, 20), (full, 30)] {
            let source = PieceSource(packed, size: 10_000, failure: failure, after: after)
            let decoded = decode(source, threads: threads)
            #expect(decoded.failure == failure)
            let isBeginning =
                decoded.bytes.count <= Self.plain.count && decoded.bytes[...] == Self.plain[..<decoded.bytes.count]
            #expect(isBeginning)
        }
    }

    /// A block that says it needs a dictionary of 512 MiB.
    @Test(arguments: threads) func aDictionaryBeyondTheLimitIsRefused(threads: Int) throws {
        var packed = try Self.packed(["xz", "-0c"])
        let header = packed[12...]
        let size = (Int(header[12]) + 1) * 4
        let filter = try #require(header[12..<(12 + size)].dropFirst(2).firstIndex(of: 0x21))
        packed[filter + 2] = 34
        let sum = crc32(packed[12..<(12 + size - 4)])
        for byte in 0..<4 { packed[12 + size - 4 + byte] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(byte))) }
        #expect(
            decode(MemorySource(packed), threads: threads).failure == .tooLarge(.decoderMemory, limit: 256 << 20))
    }

    /// Whoever stops reading, wherever, is not held up, and no thread is left.
    @Test func threadsGoWithTheirOwner() throws {
        let packed = try Self.packed(["xz", "-0c", "-T2", "--block-size=300000"])
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 5000, alignment: 16)
        defer { buffer.deallocate() }
        for number in 0..<60 {
            var source = try DecodingSource(MemorySource(packed), threads: 1 + number % 3)
            for _ in 0..<(number * 10) { _ = try source.read(into: buffer) }
        }
        // Other tests have some of their own at the same time.
        #expect(try decodingThreads() < 50)
    }

    private func decodingThreads() throws -> Int {
        try Directory.names("/proc/self/task").count { task in
            let name = "/proc/self/task/\(String(decoding: task, as: UTF8.self))/comm"
            return (try? contents(of: name)) == Array("bio-decode\n".utf8)
        }
    }

    private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}

/// Bytes in pieces of at most `size`; with `failure` that instead of the piece after `after` others.
private struct PieceSource: ByteSource {
    private var memory: MemorySource
    private let size: Int
    private let failure: ArchiveError?
    private var left: Int

    init(_ bytes: [UInt8], size: Int, failure: ArchiveError? = nil, after: Int = 0) {
        memory = MemorySource(bytes)
        self.size = size
        self.failure = failure
        left = after
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if let failure, left == 0 { throw failure }
        left -= 1
        return try memory.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(size, buffer.count)]))
    }
}
