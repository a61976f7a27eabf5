// SPDX-License-Identifier: Apache-2.0

/// A text in double quotes as JSON (RFC 8259 section 7) and TOML (1.0, basic strings) both read it: `"`, `\` and control
/// characters escaped, everything else as it is.
enum QuotedString {
    /// The two differ in how their other writers spell an escape; TOML wants one for DEL as well.
    enum Style { case json, toml }

    static func append(_ text: String, _ style: Style, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0C: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20: escape(byte, style, to: &bytes)
            case 0x7F where style == .toml: escape(byte, style, to: &bytes)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, _ style: Style, to bytes: inout [UInt8]) {
        bytes += Array("\\u00".utf8)
        let letters: UInt8 = style == .json ? 0x57 : 0x37
        for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : letters + digit) }
    }
}
