// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument

/// A payload with signatures (DSSE 1.0). What is signed is the payload's type with it, so that one sort of document
/// cannot be passed off as another. Nothing in it is true before `verified` says so.
package struct Envelope: Hashable, Sendable {
    package struct Signature: Hashable, Sendable {
        /// Which key the signer says it was; nobody signed that. Of ours the key's name and revision.
        package let keyID: String
        /// Of Ed25519: 64 bytes. Other programs' may be anything else.
        package let bytes: [UInt8]

        package init(keyID: String, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// The media type of the payload.
    package let payloadType: String
    package let payload: [UInt8]
    /// At least one.
    package let signatures: [Signature]

    /// Longer envelopes are not read, and payloads whose envelope would be longer are not signed.
    package static let byteLimit = 64 << 20
    package static let mostSignatures = 32

    package init(payloadType: String, payload: [UInt8], signatures: [Signature]) {
        precondition(!signatures.isEmpty, "an envelope has signatures")
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// The envelope of `payload`, signed with `key`. Ed25519 is deterministic: the same again has the same bytes.
    package init(signing payload: [UInt8], type: String, with key: borrowing SecretKey) {
        let signed = key.sign(Self.signedBytes(of: payload, type: type))
        self.init(
            payloadType: type, payload: payload,
            signatures: [Signature(keyID: "\(key.name)", bytes: Array(signed.prefix(Self.signatureLength)))])
    }

    /// The JSON text, on one line.
    package var bytes: [UInt8] {
        let document: DocumentValue = [
            "payloadType": .string(payloadType), "payload": .string(Self.base64(payload)),
            "signatures": .array(
                signatures.map { ["keyid": .string($0.keyID), "sig": .string(Self.base64($0.bytes))] }),
        ]
        return document.jsonBytes(.compact)
    }

    static let signatureLength = 64

    /// What a signature is of: `DSSEv1 LENGTH TYPE LENGTH PAYLOAD` (DSSE 1.0, PAE).
    static func signedBytes(of payload: [UInt8], type: String) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }

    private static func base64(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { Base64.encode($0) } }
}
