// SPDX-License-Identifier: Apache-2.0

/// Pairs as queries and forms write them (`application/x-www-form-urlencoded`).
enum FormText {
    static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(escape($0.name))=\(escape($0.value))" }.joined(separator: "&")
    }

    /// Everything but letters, digits and `-._~:/,` is escaped: scopes stay readable in logs of
    /// servers, and mean nothing in a query (RFC 3986, 3.4).
    static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isLetter = 0x61...0x7A ~= byte | 0x20 && byte < 0x80
            let isPlain = isLetter || 0x30...0x39 ~= byte || "-._~:/,".utf8.contains(byte)
            bytes += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
