// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import BioTestSupport
import Synchronization
import Testing

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

@Suite struct PipelineTests {
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

    @Test(arguments: [Compression.none, .gzip, .gzipFast, .gzipSmall, .zstd(level: 3), .xz])
    func bytesDoNotDependOnThreads(compression: Compression) throws {
        let input = noise(13 * Self.mebibyte / 2)
        let reference = try compressed(input, compression, threads: 1)
        for threads in [2, 3, 8] {
            #expect(try compressed(input, compression, threads: threads) == reference)
        }
    }

    @Test func xzBlocksDoNotDependOnThreads() throws {
        let input = [UInt8](repeating: 0x61, count: 50 * Self.mebibyte)
        let reference = try compressed(input, .xz, threads: 1)
        #expect(try compressed(input, .xz, threads: 2) == reference)
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

    // MARK: - Steps

    @Test(arguments: [1, 2, 8], [Compression.none, .gzipFast, .xz])
    func everyStepSeesEveryPieceInOrderAndAlone(threads: Int, compression: Compression) throws {
        let steps = WatchedSteps(pieces: 12)
        try Pipeline(compression, threads: threads).run(steps)
        let seen = steps.seen.withLock { $0 }
        #expect(seen.filled == Array(0...12))
        #expect(seen.inspected == [Array(0..<12), Array(0..<12)])
        #expect(seen.broken.isEmpty)
        #expect(seen.drained > 0)
    }

    @Test(arguments: [1, 2, 3]) func fewPiecesAreInMemoryAtATime(threads: Int) throws {
        let steps = WatchedSteps(pieces: 40)
        try Pipeline(.none, threads: threads).run(steps)
        #expect(steps.seen.withLock { $0.most } <= 2 * threads + 2)
    }

    @Test func anEmptyStreamHasOneEmptyPieceToInspect() throws {
        let steps = WatchedSteps(pieces: 0)
        try Pipeline(.gzip, threads: 2).run(steps)
        #expect(steps.seen.withLock { $0.inspected } == [[0], [0]])
    }

    // MARK: - Ends before the end

    enum Role: String, CaseIterable, Sendable { case fill, firstInspection, secondInspection, drain }

    @Test(arguments: Role.allCases, [1, 2, 3, 8])
    func whatAStepThrowsEndsTheRun(role: Role, threads: Int) {
        for compression in [Compression.none, .gzip, .zstd(level: 3), .xz] {
            let steps = WatchedSteps(pieces: 30, failing: role)
            #expect(throws: WatchedSteps.Broken(role: role)) {
                try Pipeline(compression, threads: threads).run(steps)
            }
            // Nothing runs any more, and nobody went far after the failure.
            let seen = steps.seen.withLock { $0 }
            #expect(seen.broken.isEmpty)
            if role != .drain { #expect(seen.filled.count < 30) }
        }
    }

    @Test(arguments: [Compression.none, .xz, .gzip, .zstd(level: 3)], [1, 3])
    func aWishToStopIsHeard(compression: Compression, threads: Int) {
        let asked = Counter()
        let steps = WatchedSteps(pieces: 10_000)
        #expect(throws: ArchiveError.cancelled) {
            try Pipeline(compression, threads: threads, isCancelled: { asked.next() > 9 }).run(steps)
        }
        #expect(steps.seen.withLock { $0.filled.count } < 10_000)
    }

    @Test func aWishFromTheStartRunsNoStep() {
        let steps = WatchedSteps(pieces: 4)
        #expect(throws: ArchiveError.cancelled) {
            try Pipeline(.gzip, threads: 2, isCancelled: { true }).run(steps)
        }
        #expect(steps.seen.withLock { $0.filled }.isEmpty)
    }
}

/// Pieces of zeros that know their number, and notes of who was called when.
private final class WatchedSteps: PipelineSteps, Sendable {
    struct Broken: Error, Hashable { let role: PipelineTests.Role }

    struct Seen {
        var filled: [Int] = []
        var inspected: [[Int]] = [[], []]
        var drained = 0
        /// The most pieces filled and not yet drained, when each drain is one piece.
        var most = 0
        /// What must not happen, in words.
        var broken: [String] = []
        var busy: Set<String> = []
    }

    let seen: Mutex<Seen> = Mutex(Seen())
    private let pieces: Int
    private let failing: PipelineTests.Role?
    private static let failingPiece = 7

    init(pieces: Int, failing: PipelineTests.Role? = nil) {
        self.pieces = pieces
        self.failing = failing
    }

    var inspections: Int { 2 }

    /// Runs a step, which nobody else may be in.
    private func alone(_ name: String, _ note: (inout Seen) -> Void, _ body: () throws -> Void) rethrows {
        seen.withLock {
            if !$0.busy.insert(name).inserted { $0.broken.append("\(name) runs twice") }
            note(&$0)
        }
        defer { seen.withLock { _ = $0.busy.remove(name) } }
        try body()
    }

    func fill(_ room: UnsafeMutableRawBufferPointer, piece: Int) throws -> Int {
        var count = 0
        try alone("fill", { $0.filled.append(piece) }) {
            if failing == .fill && piece == Self.failingPiece { throw Broken(role: .fill) }
            guard piece < pieces else { return }
            _ = room.initializeMemory(as: UInt8.self, repeating: UInt8(piece & 0xFF))
            count = room.count
        }
        seen.withLock { $0.most = max($0.most, $0.filled.count - $0.drained) }
        return count
    }

    func inspect(_ bytes: UnsafeRawBufferPointer, piece: Int, inspection: Int) throws {
        try alone(
            "inspection \(inspection)",
            {
                $0.inspected[inspection].append(piece)
                if !bytes.allSatisfy({ $0 == UInt8(piece & 0xFF) }) { $0.broken.append("other bytes at \(piece)") }
            }
        ) {
            let role: PipelineTests.Role = inspection == 0 ? .firstInspection : .secondInspection
            if failing == role && piece == Self.failingPiece { throw Broken(role: role) }
        }
    }

    func drain(_ bytes: UnsafeRawBufferPointer) throws {
        try alone("drain", { $0.drained += 1 }) { if failing == .drain { throw Broken(role: .drain) } }
    }
}
