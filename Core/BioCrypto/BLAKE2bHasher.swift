// SPDX-License-Identifier: Apache-2.0

import CSodium

/// A running BLAKE2b with 32 bytes of digest, no key, no salt.
package struct BLAKE2bHasher: ~Copyable {
    private let state: OpaquePointer

    package init() {
        guard let state = bio_blake2b_new() else { preconditionFailure("out of memory") }
        self.state = state
    }

    deinit { bio_blake2b_free(state) }

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        bio_blake2b_update(state, bytes.baseAddress, bytes.count)
    }

    /// The digest of all bytes since the start or the last `finalize`; then starts over.
    package mutating func finalize() -> Digest {
        withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { buffer in
            let bytes = buffer.assumingMemoryBound(to: UInt8.self)
            guard let start = bytes.baseAddress else { preconditionFailure("an allocation has an address") }
            bio_blake2b_finish(state, start)
            return Digest(.blake2b256, bytes: UnsafeRawBufferPointer(buffer))
        }
    }
}
