// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

/// Artifacts that are decoded beside the thread that unpacks them: those that are more than one buffer.
@Suite struct LargeArtifactTests {
    static let name = "acme/large/1.0.0/20260101000000"

    /// The payload's tar: two files that hardly compress.
    private static let tar: [UInt8] = {
        var fixture = PackageFixture(name)
        var state: UInt64 = 1
        let words = (0..<100_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return String(state >> 44, radix: 36)
        }
        fixture.files = [
            .init("share/first", words.joined()), .init("share/second", words.reversed().joined(separator: "-")),
        ]
        return fixture.tar()
    }()

    /// Compressed in blocks that say their sizes, or as one.
    private static func artifact(
        in world: borrowing StoreWorld, blocks: Bool = true, damage: ([UInt8]) -> [UInt8] = { $0 }
    ) throws -> String {
        let options = blocks ? ["-T2", "--block-size=200000"] : ["-T1"]
        let packed = try Tool.run(["xz", "-0c"] + options, input: tar)
        #expect(packed.code == 0)
        #expect(packed.output.count > 400_000)
        try Directory.create(world.artifacts)
        let payload = try world.scratch.write(damage(packed.output), to: "payload.tar.xz")
        let path = "\(world.artifacts)/large.hart"
        try world.keys.sign(payload, to: path)
        return path
    }

    private func installer(
        _ world: borrowing StoreWorld, threads: Int, cancellation: Cancellation = .never
    ) -> PackageInstaller {
        PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: world.cache, target: .x86_64Linux,
            decoderThreads: threads, cancellation: cancellation)
    }

    @Test(arguments: [true, false]) func threadsChangeNothingOfWhatIsInstalled(blocks: Bool) throws {
        let world = try StoreWorld()
        let artifact = try Self.artifact(in: world, blocks: blocks)
        let (own, whole) = (try ident(Self.name), try contents(of: artifact))
        var seen: [(receipt: [UInt8], tree: [String], cached: [UInt8])] = []
        for threads in [0, 1, 2, 3] {
            try Directory.remove(world.root.path)
            try Directory.remove(world.cache.path)
            _ = try installer(world, threads: threads).install(artifact: artifact)
            let package = try #require(try world.store.package(own, target: .x86_64Linux))
            seen.append(
                (
                    try contents(of: package.receiptPath), try treeListing(package.path),
                    try contents(of: world.cache.path(own, target: .x86_64Linux))
                ))
            let receipt = try installer(world, threads: threads).receipt(ofArtifact: artifact, expected: own)
            let isSame = receipt.text == seen[0].receipt
            #expect(isSame, "\(threads) threads")
        }
        for other in seen {
            #expect(other.tree == seen[0].tree)
            let (isSameReceipt, isSameArtifact) = (other.receipt == seen[0].receipt, other.cached == whole)
            #expect(isSameReceipt && isSameArtifact)
        }
    }

    @Test(arguments: [0, 1, 2]) func damageInTheMiddleLeavesNothing(threads: Int) throws {
        let damages: [(what: String, error: ArchiveError?, change: ([UInt8]) -> [UInt8])] = [
            ("cut", .truncated, { Array($0[..<($0.count / 2)]) }),
            ("trailing", .trailing, { $0 + [1] }),
            (
                "flipped", nil,
                { bytes in
                    var bytes = bytes
                    bytes[bytes.count / 2] ^= 0x10
                    return bytes
                }
            ),
        ]
        for (what, expected, change) in damages {
            let world = try StoreWorld()
            let artifact = try Self.artifact(in: world, damage: change)
            #expect("\(what)") {
                try installer(world, threads: threads).install(artifact: artifact)
            } throws: { error in
                guard case .hart(.payload(_, let found)) = error as? StoreError else { return false }
                if let expected { return found == expected }
                if case .malformed = found { return true }
                return false
            }
            #expect(try world.isEmpty())
        }
    }

    /// The wish comes at every point in turn, also when the decoder is far ahead, and is always granted.
    @Test(arguments: [0, 1, 2]) func cancellingInALargeFileLeavesNothing(threads: Int) throws {
        let world = try StoreWorld()
        let artifact = try Self.artifact(in: world)
        let all = Counter()
        _ = try installer(world, threads: threads, cancellation: Cancellation { all.next() < 0 })
            .install(artifact: artifact)
        try Directory.remove(world.root.path)
        try Directory.remove(world.cache.path)
        let total = all.value
        #expect(total > 10)
        for point in stride(from: 1, through: total - 2, by: max(1, total / 12)) {
            let asked = Counter()
            #expect(throws: StoreError.cancelled) {
                try installer(world, threads: threads, cancellation: Cancellation { asked.next() >= point })
                    .install(artifact: artifact)
            }
            #expect(try world.isEmpty())
        }
    }

    /// Whoever can write to the file changes its end, after it was verified and while it is unpacked.
    @Test(arguments: [0, 1, 2]) func whatChangesWhileUnpackingIsNoticed(threads: Int) throws {
        let world = try StoreWorld()
        let artifact = try Self.artifact(in: world)
        let size = try #require(try FileStatus.of(artifact)?.size)
        // Verifying asks once for each MiB and for the end.
        let verifying = Int(size >> 20) + 2
        let asked = Counter()
        let change = Cancellation {
            if asked.next() == verifying + 3 {
                _ = try? FileDescriptor.open(artifact, O_WRONLY | O_APPEND).writeAll([0])
            }
            return false
        }
        #expect(throws: StoreError.self) {
            try installer(world, threads: threads, cancellation: change).install(artifact: artifact)
        }
        #expect(try world.isEmpty())
        #expect(try FileStatus.of(world.cache.path(try ident(Self.name), target: .x86_64Linux)) == nil)
    }
}

/// Counts calls, whichever thread they come from.
private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
