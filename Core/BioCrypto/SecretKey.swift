// SPDX-License-Identifier: Apache-2.0

import CSodium

/// The secret half of an origin's signing key (Ed25519); wiped when this value ends.
package struct SecretKey: ~Copyable {
    let content: KeyText

    /// Reads the text of a `SIG-SEC-1` file. Both halves in it must belong together: signing with a wrong public half
    /// would betray the seed.
    package init(parsing text: [UInt8]) throws(KeyError) {
        try self.init(try text.parsedAsKey(expected: [.signingSecret]))
    }

    /// `content` must be of the kind `.signingSecret`.
    init(_ content: consuming KeyText) throws(KeyError) {
        try Self.check(content)
        self.content = content
    }

    package var name: KeyName { content.name }

    /// The half that others verify with.
    package var publicKey: PublicKey {
        PublicKey(name: name, bytes: content.key.withUnsafeBytes { Array($0.dropFirst(32)) })
    }

    /// The content of the key's file.
    package var text: SecretBytes { content.text }

    /// 64 bytes of signature, then `message`: libsodium's crypto_sign.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        content.key.withUnsafeBytes { key in
            [UInt8](unsafeUninitializedCapacity: message.count + bio_signature_bytes) { signed, count in
                guard let key = key.assumingMemoryBound(to: UInt8.self).baseAddress, let signed = signed.baseAddress
                else {
                    preconditionFailure("a key has bytes")
                }
                bio_sign(key, message, message.count, signed)
                count = message.count + bio_signature_bytes
            }
        }
    }

    /// Throws when the halves of `content`, which must be of the kind `.signingSecret`, do not belong together.
    static func check(_ content: borrowing KeyText) throws(KeyError) {
        precondition(content.kind == .signingSecret, "a key of another kind")
        let isConsistent = content.key.withUnsafeBytes { key in
            guard let start = key.assumingMemoryBound(to: UInt8.self).baseAddress else { return false }
            return bio_sign_is_consistent(start) == 1
        }
        if !isConsistent { throw .inconsistent }
    }
}
