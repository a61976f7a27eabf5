// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Synchronization

/// Layers of files in memory, and how often they were made.
final class LayerFixture: Sendable {
    let layers: [Layer]
    private let made: Counter

    /// A layer for each size; those in `unkeyed` have no key.
    init(sizes: [Int], unkeyed: Set<Int> = [], fails: Set<Int> = []) {
        let made = Counter(sizes.count)
        self.made = made
        layers = sizes.enumerated().map { number, size in
            let key = LayerKey(packages: [(prefix: "hab/pkgs/acme/p\(number)/1/1", artifactDigest: "digest \(size)")])
            return Layer(
                title: "acme/p\(number)/1/1", packages: ["acme/p\(number)/1/1"],
                key: unkeyed.contains(number) ? nil : key, contentSize: Int64(size),
                members: {
                    made.add(number)
                    if fails.contains(number) { throw ArchiveError.bodySize(path: [], announced: 1, delivered: 0) }
                    return MembersInMemory(files: [("file \(number)", Self.noise(size, seed: number))])
                })
        }
    }

    /// How often the members of each layer were asked for.
    var timesMade: [Int] { made.values }

    static func noise(_ count: Int, seed: Int) -> [UInt8] {
        var state = UInt64(seed) &+ 88_172_645_463_325_252
        return (0..<count).map { index in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return index % 3 == 0 ? UInt8(truncatingIfNeeded: state) : UInt8(index & 0x3F)
        }
    }

    final class Counter: Sendable {
        private let state: Mutex<[Int]>
        init(_ count: Int) { state = Mutex([Int](repeating: 0, count: count)) }
        func add(_ number: Int) { state.withLock { $0[number] += 1 } }
        var values: [Int] { state.withLock { $0 } }
    }

    /// The tar of one layer, made the short way.
    func tar(_ number: Int) throws -> [UInt8] {
        let sink = CollectedBytes()
        let members = try layers[number].members()
        _ = try TarPacking(Pipeline(.none, threads: 1)).write(members, into: sink)
        return sink.bytes
    }
}

func maker(
    _ scratch: String, cache: LayerCache?, threads: Int = 2,
    progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
) -> LayerMaker {
    LayerMaker(threads: threads, cache: cache, scratch: scratch, progress: progress, isCancelled: isCancelled)
}
