// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument

extension Envelope {
    /// Reads the JSON text of an envelope, at most `byteLimit` bytes; nothing is verified yet. Members that the
    /// specification does not name are passed over, as it wants.
    package init(parsing bytes: [UInt8]) throws(EnvelopeError) {
        guard bytes.count <= Self.byteLimit else { throw .tooLong(limit: Self.byteLimit) }
        let document: DocumentValue
        do throws(DocumentError) { document = try DocumentValue(json: bytes, maximumDepth: 32) } catch {
            throw .notJSON(error)
        }
        guard let type = document["payloadType"]?.string, !type.isEmpty else { throw .malformed("payloadType") }
        guard let payload = Self.decoded(document["payload"]) else { throw .malformed("payload") }
        guard let list = document["signatures"]?.array, !list.isEmpty, list.count <= Self.mostSignatures else {
            throw .malformed("signatures")
        }
        var signatures: [Signature] = []
        for entry in list {
            guard let signature = Self.decoded(entry["sig"]), !signature.isEmpty else { throw .malformed("sig") }
            guard let keyID = Self.keyID(entry["keyid"]) else { throw .malformed("keyid") }
            signatures.append(Signature(keyID: keyID, bytes: signature))
        }
        self.init(payloadType: type, payload: payload, signatures: signatures)
    }

    /// Optional; empty is the same as missing.
    private static func keyID(_ value: DocumentValue?) -> String? {
        switch value {
        case nil, .null: ""
        case .string(let text): text.utf8.count <= keyIDLimit ? text : nil
        default: nil
        }
    }

    private static let keyIDLimit = 4096

    /// Both alphabets are allowed, with padding.
    private static func decoded(_ value: DocumentValue?) -> [UInt8]? {
        guard let text = value?.string else { return nil }
        let standard = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        return standard.withUnsafeBytes { Base64.decode($0, limit: standard.count) }
    }
}
