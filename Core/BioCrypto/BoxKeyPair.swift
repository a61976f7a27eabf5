// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Both halves of a fresh encryption key (Curve25519, libsodium's crypto_box) of a user, a service or an origin.
package struct BoxKeyPair: ~Copyable {
    let publicHalf: KeyText
    let secretHalf: KeyText

    package var name: KeyName { secretHalf.name }

    /// Makes a pair of the system's randomness.
    package static func generate(_ name: KeyName) throws(KeyError) -> BoxKeyPair {
        var publicBytes = [UInt8](repeating: 0, count: KeyKind.boxPublic.byteCount)
        let secret = try SecretBytes(capacity: KeyKind.boxSecret.byteCount) { buffer throws(KeyError) in
            guard let start = buffer.assumingMemoryBound(to: UInt8.self).baseAddress,
                bio_box_generate(&publicBytes, start) == 0
            else { throw .noRandomness }
            return buffer.count
        }
        return BoxKeyPair(
            publicHalf: KeyText(kind: .boxPublic, name: name, key: SecretBytes(copying: publicBytes)),
            secretHalf: KeyText(kind: .boxSecret, name: name, key: secret))
    }
}
