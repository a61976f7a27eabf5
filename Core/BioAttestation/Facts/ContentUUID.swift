// SPDX-License-Identifier: Apache-2.0

import BioCrypto

/// Names for documents that must be unique and must not depend on chance: RFC 9562, version 8, of a SHA-256.
enum ContentUUID {
    static func text(of bytes: [UInt8]) -> String {
        var uuid = Array(Digest.sha256(of: bytes).bytes.prefix(16))
        uuid[6] = uuid[6] & 0x0F | 0x80
        uuid[8] = uuid[8] & 0x3F | 0x80
        let digits = uuid.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        var text = ""
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
