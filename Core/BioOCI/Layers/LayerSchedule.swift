// SPDX-License-Identifier: Apache-2.0

import BioArchive
import Synchronization

/// In which order layers are made, so that all threads have something to do until the end: the largest first; one after
/// the other with all threads as long as one layer is more than a thread's share of what is left, then several at a time.
struct LayerSchedule {
    /// Numbers of layers that all threads make together.
    private(set) var alone: [Int] = []
    /// Those that are made side by side.
    private(set) var together: [Int]

    init(_ sizes: [Int64], threads: Int) {
        together = sizes.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }
        var rest = sizes.reduce(0, +)
        while let largest = together.first, threads > 1, together.count == 1 || sizes[largest] > rest / Int64(threads) {
            alone.append(largest)
            together.removeFirst()
            rest -= sizes[largest]
        }
    }
}

/// Layers that several threads make: each takes the next one until there is none, or one failed.
final class LayerWork: Sendable {
    private let numbers: [Int]
    private let state: Mutex<State> = Mutex(State())
    private let stops = Atomic(false)

    private struct State: Sendable {
        var position = 0
        /// Of the first layer of the image that failed by itself.
        var failure: (number: Int, error: any Error)?
    }

    init(_ numbers: [Int]) { self.numbers = numbers }

    var hasFailed: Bool { stops.load(ordering: .relaxed) }
    var failure: (any Error)? { state.withLock { $0.failure?.error } }

    func perform(_ make: (Int) throws -> Void) {
        while !hasFailed, let number = next() {
            do { try make(number) } catch {
                fail(number, error)
                stops.store(true, ordering: .relaxed)
            }
        }
    }

    private func next() -> Int? {
        state.withLock { state in
            guard state.position < numbers.count else { return nil }
            defer { state.position += 1 }
            return numbers[state.position]
        }
    }

    /// Whoever was only stopped has nothing to say.
    private func fail(_ number: Int, _ error: any Error) {
        let isStopped = if case ArchiveError.cancelled = error { true } else { false }
        state.withLock { state in
            guard let before = state.failure else { return state.failure = (number, error) }
            let wasStopped = if case ArchiveError.cancelled = before.error { true } else { false }
            if !isStopped && (wasStopped || number < before.number) { state.failure = (number, error) }
        }
    }
}
