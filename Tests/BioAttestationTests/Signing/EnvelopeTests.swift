// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPackage
import BioTestSupport
import Testing

@testable import BioAttestation

@Suite struct EnvelopeTests {
    private static let type = "application/vnd.in-toto+json"

    private static func pair(_ origin: String = "acme") throws -> OriginKeyPair {
        try OriginKeyPair.generate(try Origin(parsing: origin), revision: "20260101000000")
    }

    /// The example of the specification (DSSE 1.0, protocol.md).
    @Test func signsTypeAndPayloadWithTheirLengths() {
        let bytes = Envelope.signedBytes(of: Array("hello world".utf8), type: "http://example.com/HelloWorld")
        #expect(String(decoding: bytes, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
        // Bytes are counted, not characters.
        #expect(Envelope.signedBytes(of: Array("é".utf8), type: "ü") == Array("DSSEv1 2 ü 2 é".utf8))
    }

    @Test func comesBackAndIsValid() throws {
        let pair = try Self.pair()
        let envelope = Envelope(signing: Array("{}".utf8), type: Self.type, with: pair.secretKey)
        let read = try Envelope(parsing: envelope.bytes)
        #expect(read == envelope)
        let key = pair.publicKey
        #expect(read.verified { $0 == key.name ? key : nil } == [.valid(key.name)])
        #expect(read.isSigned(by: key))
    }

    @Test func isTheSameBytesEveryTime() throws {
        let pair = try Self.pair()
        let first = Envelope(signing: [1, 2, 3], type: Self.type, with: pair.secretKey)
        #expect(Envelope(signing: [1, 2, 3], type: Self.type, with: pair.secretKey).bytes == first.bytes)
    }

    @Test func isWrongWhenAnythingSignedChanged() throws {
        let pair = try Self.pair()
        let key = pair.publicKey
        let envelope = Envelope(signing: Array("payload".utf8), type: Self.type, with: pair.secretKey)
        let changed = [
            Envelope(payloadType: Self.type, payload: Array("Payload".utf8), signatures: envelope.signatures),
            Envelope(payloadType: "text/plain", payload: envelope.payload, signatures: envelope.signatures),
            // A byte that moves from the type into the payload.
            Envelope(
                payloadType: String(Self.type.dropLast()), payload: Array("n".utf8) + envelope.payload,
                signatures: envelope.signatures),
        ]
        for other in changed {
            #expect(other.verified { _ in key } == [.wrong(key.name)])
            #expect(!other.isSigned(by: key))
        }
    }

    @Test(arguments: 0..<64) func isWrongWhenAByteOfTheSignatureChanged(place: Int) throws {
        let pair = try Self.pair()
        let key = pair.publicKey
        let envelope = Envelope(signing: [7], type: Self.type, with: pair.secretKey)
        var bytes = envelope.signatures[0].bytes
        bytes[place] ^= 1
        let other = Envelope(
            payloadType: Self.type, payload: [7], signatures: [.init(keyID: "\(key.name)", bytes: bytes)])
        #expect(other.verified { _ in key } == [.wrong(key.name)])
    }

    @Test(arguments: [0, 1, 63, 65, 128]) func signaturesOfOtherLengthsAreWrong(count: Int) throws {
        let key = try Self.pair().publicKey
        let bytes = [UInt8](repeating: 0, count: max(count, 1))
        let envelope = Envelope(
            payloadType: Self.type, payload: [], signatures: [.init(keyID: "\(key.name)", bytes: bytes)])
        #expect(envelope.verified { _ in key } == [.wrong(key.name)])
    }

    @Test func aKeyOfTheSameNameIsAnotherKey() throws {
        let pair = try Self.pair()
        let other = try Self.pair()
        let envelope = Envelope(signing: [7], type: Self.type, with: pair.secretKey)
        let key = other.publicKey
        #expect(key.name == pair.publicKey.name)
        #expect(envelope.verified { _ in key } == [.wrong(key.name)])
    }

    @Test func tellsEachSignatureByItself() throws {
        let acme = try Self.pair()
        let other = try Self.pair("other")
        let (acmeKey, otherKey) = (acme.publicKey, other.publicKey)
        let good = Envelope(signing: [7], type: Self.type, with: acme.secretKey).signatures[0]
        let envelope = Envelope(
            payloadType: Self.type, payload: [7],
            signatures: [
                good, .init(keyID: "\(otherKey.name)", bytes: good.bytes), .init(keyID: "a1b2c3", bytes: good.bytes),
                .init(keyID: "gone-20200101000000", bytes: good.bytes),
            ])
        let keys = [acmeKey.name: acmeKey, otherKey.name: otherKey]
        #expect(
            envelope.verified { keys[$0] } == [
                .valid(acmeKey.name), .wrong(otherKey.name), .unknownKey("a1b2c3"), .unknownKey("gone-20200101000000"),
            ])
        #expect(envelope.isSigned(by: acmeKey))
        #expect(!envelope.isSigned(by: otherKey))
    }

    /// The judge is OpenSSL, which knows nothing of us.
    @Test func opensslVerifiesIt() throws {
        let scratch = try Scratch()
        let pair = try Self.pair()
        let envelope = Envelope(signing: Array("{\"a\":1}".utf8), type: Self.type, with: pair.secretKey)
        // RFC 8410: the prefix of every Ed25519 public key in DER.
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let key = try scratch.write(prefix + pair.publicKey.bytes, to: "key")
        let signature = try scratch.write(envelope.signatures[0].bytes, to: "sig")
        let message = try scratch.write(
            Array("DSSEv1 28 application/vnd.in-toto+json 7 {\"a\":1}".utf8), to: "message")
        let result = try Tool.run([
            "openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-rawin", "-in", message,
            "-sigfile", signature,
        ])
        #expect(result.code == 0 && result.text.contains("Signature Verified Successfully"), "\(result.errorText)")
    }
}
