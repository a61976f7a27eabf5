// SPDX-License-Identifier: Apache-2.0

import CSodium

/// The public half of an origin's signing key (Ed25519).
package struct PublicKey: Hashable, Sendable {
    package let name: KeyName
    /// 32.
    package let bytes: [UInt8]

    init(name: KeyName, bytes: [UInt8]) {
        precondition(bytes.count == KeyKind.signingPublic.byteCount, "a public key has 32 bytes")
        self.name = name
        self.bytes = bytes
    }

    /// Reads the text of a `SIG-PUB-1` file.
    package init(parsing text: [UInt8]) throws(KeyError) {
        self.init(try text.parsedAsKey(expected: [.signingPublic]))
    }

    /// `text` must be of the kind `.signingPublic`.
    init(_ text: borrowing KeyText) {
        precondition(text.kind == .signingPublic, "a key of another kind")
        self.init(name: text.name, bytes: text.key.withUnsafeBytes { Array($0) })
    }

    /// The content of the key's file.
    package var text: String {
        "\(KeyKind.signingPublic.rawValue)\n\(name)\n\n\(bytes.withUnsafeBytes { Base64.encode($0) })"
    }

    /// The message in `signedMessage` (64 bytes of signature, then the message, as libsodium's crypto_sign makes it),
    /// or nil when the signature is not by this key or not of this message.
    package func open(_ signedMessage: [UInt8]) -> [UInt8]? {
        guard bio_sign_verify(bytes, signedMessage, signedMessage.count) == 1 else { return nil }
        return Array(signedMessage[bio_signature_bytes...])
    }
}

extension [UInt8] {
    /// These bytes as the text of a key.
    func parsedAsKey(expected: [KeyKind]) throws(KeyError) -> KeyText {
        try withBytes { bytes throws(KeyError) in try KeyText(parsing: bytes, expected: expected) }
    }

    /// `withUnsafeBytes` for typed errors and noncopyable results.
    private func withBytes<Result: ~Copyable>(
        _ body: (UnsafeRawBufferPointer) throws(KeyError) -> Result
    ) throws(KeyError) -> Result {
        try span.bytes.withUnsafeBytes(body)
    }
}
