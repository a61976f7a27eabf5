// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import BioTestSupport
import Testing

/// `input` compressed in writes of `step` bytes.
func compressed(
    _ input: [UInt8], _ compression: Compression, threads: Int, step: Int = 100_000
) throws(ArchiveError) -> [UInt8] {
    var sink = try CompressingSink(compression, threads: threads, into: MemorySink())
    var position = 0
    while position < input.count {
        let end = min(position + step, input.count)
        try sink.write(Array(input[position..<end]))
        position = end
    }
    return try sink.finish().bytes
}

/// Bytes that compress a little and repeat nowhere.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    var words = [UInt64](repeating: 0, count: count / 8 + 1)
    words.withUnsafeMutableBufferPointer { words in
        for index in words.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            words[index] = (state ^ state >> 29) & 0x1F1F_1F1F_1F1F_1F1F
        }
    }
    return words.withUnsafeBytes { Array($0[..<count]) }
}

@Suite struct CompressingSinkTests {
    static let all: [Compression] = [.gzip, .gzipFast, .gzipSmall, .zstd(level: 3), .zstd(level: 19), .xz]
    static let mebibyte = 1 << 20

    static func decoder(_ compression: Compression) -> [String] {
        switch compression {
        case .none: ["cat"]
        case .gzip, .gzipFast, .gzipSmall: ["gzip", "-dc"]
        case .zstd: ["zstd", "-dc", "-q"]
        case .xz: ["xz", "-dc"]
        }
    }

    @Test(arguments: all, [0, 1, mebibyte - 1, mebibyte, mebibyte + 1])
    func theFormatsOwnToolReadsItBack(compression: Compression, count: Int) throws {
        let input = noise(count)
        let packed = try compressed(input, compression, threads: 2)
        #expect(!packed.isEmpty)
        let plain = try Tool.run(Self.decoder(compression), input: packed)
        #expect(plain.code == 0)
        #expect(plain.errors.isEmpty)
        #expect(plain.output == input)
    }

    @Test(arguments: [Compression.gzip, .gzipFast, .gzipSmall, .zstd(level: 3), .xz])
    func bytesDoNotDependOnThreadsOrWrites(compression: Compression) throws {
        let input = noise(5 * Self.mebibyte / 2)
        let reference = try compressed(input, compression, threads: 1)
        for (threads, step) in [(2, 100_000), (3, 4_000_000), (7, 65_537)] {
            #expect(try compressed(input, compression, threads: threads, step: step) == reference)
        }
    }

    @Test func xzBlocksDoNotDependOnThreads() throws {
        let input = [UInt8](repeating: 0x61, count: 50 * Self.mebibyte)
        let reference = try compressed(input, .xz, threads: 1, step: 1 << 22)
        #expect(try compressed(input, .xz, threads: 2, step: 1 << 22) == reference)
    }

    @Test func noneIsThePlainBytes() throws {
        #expect(try compressed(path("abc"), .none, threads: 4) == path("abc"))
    }

    @Test(arguments: [Compression.gzip, .gzipFast, .gzipSmall])
    func gzipHeadersTellNothingOfTheMachine(compression: Compression) throws {
        let packed = try compressed(path("abc"), compression, threads: 1)
        #expect(packed[..<4] == [0x1F, 0x8B, 8, 0])  // no name, no comment
        #expect(packed[4..<8] == [0, 0, 0, 0])  // no time
        #expect(packed[9] == 0xFF)  // no system
    }

    @Test(arguments: [["-c", "import gzip,sys;sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))"]])
    func pythonReadsManyMembers(arguments: [String]) throws {
        let input = noise(3 * Self.mebibyte)
        let packed = try compressed(input, .gzip, threads: 2)
        #expect(try Tool.run(["python3"] + arguments, input: packed).output == input)
    }

    @Test func pythonReadsXZ() throws {
        let input = noise(Self.mebibyte)
        let script = "import lzma,sys;sys.stdout.buffer.write(lzma.decompress(sys.stdin.buffer.read()))"
        let packed = try compressed(input, .xz, threads: 2)
        #expect(try Tool.run(["python3", "-c", script], input: packed).output == input)
    }

    @Test func aFailingDownstreamFailsTheWriteAndEndsTheThreads() {
        struct Full: ByteSink {
            mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
                throw .system(SystemError("write", "full", .noSpace))
            }
        }
        #expect(throws: ArchiveError.system(SystemError("write", "full", .noSpace))) {
            var sink = try CompressingSink(.gzip, threads: 3, into: Full())
            for _ in 0..<20 { try sink.write(noise(1 << 20)) }
        }
    }

    @Test(arguments: [Compression.xz, .gzip, .zstd(level: 3)])
    func aWishToStopIsHeardBetweenWrites(compression: Compression) {
        #expect(throws: ArchiveError.cancelled) {
            var sink = try CompressingSink(compression, threads: 2, isCancelled: { true }, into: MemorySink())
            for _ in 0..<20 { try sink.write(noise(1 << 20)) }
            _ = try sink.finish()
        }
    }
}
