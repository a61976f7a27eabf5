// SPDX-License-Identifier: Apache-2.0

import BioArchive
import Synchronization

/// Blobs that several threads bring, each one once. After the first failure none is begun.
final class PushWork: Sendable {
    private struct State: Sendable {
        var position = 0
        var failure: (any Error)?
    }

    private let blobs: [PushedBlob]
    private let state = Mutex(State())

    init(_ blobs: [PushedBlob]) { self.blobs = blobs }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func throwFailure() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func perform(_ bring: (PushedBlob) throws -> Void) {
        while let blob = next() {
            // Who is only stopped comes after whoever failed.
            do { try bring(blob) } catch { state.withLock { if $0.failure == nil { $0.failure = error } } }
        }
    }

    private func next() -> PushedBlob? {
        state.withLock { state in
            guard state.failure == nil, state.position < blobs.count else { return nil }
            defer { state.position += 1 }
            return blobs[state.position]
        }
    }
}
