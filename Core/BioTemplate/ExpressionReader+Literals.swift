// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension ExpressionReader {
    /// A number as JSON writes it, when nothing that could belong to a name follows; nil otherwise.
    mutating func takeNumber() -> DocumentValue? {
        let bytes = source.bytes
        var end = offset
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
        guard end < bytes.count, isDigit(bytes[end]) else { return nil }
        while end < bytes.count, isNumberByte(bytes[end], after: bytes[end - 1]) { end += 1 }
        if end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "~"), UInt8(ascii: "|"): break
            case let byte where isBlank(byte): break
            default: return nil
            }
        }
        guard let value = try? DocumentValue(json: Array(bytes[offset..<end])) else { return nil }
        offset = end
        return value
    }

    /// A text in either kind of quotes. The escapes are JSON's and `\'`; any other backslash is an ordinary one.
    mutating func string() throws(TemplateError) -> String {
        let start = offset
        let quote = source.bytes[offset]
        offset += 1
        var result: [UInt8] = []
        while let byte = peek {
            offset += 1
            if byte == quote { return String(decoding: result, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), let escaped = peek else {
                result.append(byte)
                continue
            }
            offset += 1
            switch escaped {
            case UInt8(ascii: "n"): result.append(newline)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): result.append(escaped)
            case UInt8(ascii: "u"):
                if let scalar = takeScalar() {
                    result.append(contentsOf: Array(String(scalar).utf8))
                } else {
                    result += [byte, escaped]
                }
            default: result += [byte, escaped]
            }
        }
        throw source.error(.unclosed("the text"), at: start)
    }

    /// The four hexadecimal digits of `\u`.
    private mutating func takeScalar() -> Unicode.Scalar? {
        var value: UInt32 = 0
        for distance in 0..<4 {
            guard let byte = at(distance), byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { return nil }
            value = value << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(value) else { return nil }
        offset += 4
        return scalar
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private func isNumberByte(_ byte: UInt8, after last: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isDigit(last)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): last | 0x20 == UInt8(ascii: "e")
        default: isDigit(byte)
        }
    }
}
