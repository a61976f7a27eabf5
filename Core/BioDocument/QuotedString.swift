// SPDX-License-Identifier: Apache-2.0

/// A text in double quotes as JSON (RFC 8259 section 7) and TOML (1.0, basic strings) both read it: `"`, `\` and control
/// characters escaped, everything else as it is.
enum QuotedString {
    /// The two differ in how their other writers spell an escape; TOML wants one for DEL as well.
    enum Style { case json, toml }

    static func append(_ text: String, _ style: Style, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            // What needs no escape is taken in runs.
            var start = 0
            for (index, byte) in text.enumerated() {
                let isPlain = byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                if isPlain && (byte != 0x7F || style == .json) { continue }
                bytes.append(contentsOf: text[start..<index])
                start = index + 1
                escape(byte, style, to: &bytes)
            }
            bytes.append(contentsOf: text[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, _ style: Style, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            bytes += [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")]
            let letters: UInt8 = style == .json ? 0x57 : 0x37
            for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : letters + digit) }
        }
    }
}
