// SPDX-License-Identifier: Apache-2.0

import CSodium

/// A fresh shared secret of a supervisor ring (libsodium's crypto_secretbox).
package struct RingKey: ~Copyable {
    let content: KeyText

    package var name: KeyName { content.name }

    /// Makes a key of the system's randomness.
    package static func generate(_ name: KeyName) throws(KeyError) -> RingKey {
        let secret = try SecretBytes(capacity: KeyKind.symmetric.byteCount) { buffer throws(KeyError) in
            guard let start = buffer.assumingMemoryBound(to: UInt8.self).baseAddress, bio_ring_generate(start) == 0
            else { throw .noRandomness }
            return buffer.count
        }
        return RingKey(content: KeyText(kind: .symmetric, name: name, key: secret))
    }
}
