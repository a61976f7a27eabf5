// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

extension Envelope {
    /// What became of one signature.
    package enum Verdict: Hashable, Sendable {
        /// It is by this key, and of this payload and type.
        case valid(KeyName)
        /// The key of this name did not make it, or not of this.
        case wrong(KeyName)
        /// No such key is at hand. The text is what the envelope says, and may hold anything.
        case unknownKey(String)
    }

    /// The verdict on each signature, in their order. `publicKey` gives the key of a name, nil where there is none.
    ///
    /// A key ID only says where to look: who signed is the key that `publicKey` gives, and that it has the name that was
    /// looked for is its business.
    package func verified<E: Error>(_ publicKey: (KeyName) throws(E) -> PublicKey?) throws(E) -> [Verdict] {
        let message = Self.signedBytes(of: payload, type: payloadType)
        var verdicts: [Verdict] = []
        for signature in signatures {
            guard let name = try? KeyName(parsing: signature.keyID), let key = try publicKey(name) else {
                verdicts.append(.unknownKey(signature.keyID))
                continue
            }
            verdicts.append(Self.isValid(signature, of: message, by: key) ? .valid(key.name) : .wrong(key.name))
        }
        return verdicts
    }

    /// Whether one of the signatures is by `key`, whatever its key ID says.
    package func isSigned(by key: PublicKey) -> Bool {
        let message = Self.signedBytes(of: payload, type: payloadType)
        return signatures.contains { Self.isValid($0, of: message, by: key) }
    }

    private static func isValid(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
        signature.bytes.count == signatureLength && key.open(signature.bytes + message) != nil
    }
}
