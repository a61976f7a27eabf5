// SPDX-License-Identifier: Apache-2.0

/// The ways YAML has to write a text.
struct YAMLText {
    private let text: String

    init(_ text: String) { self.text = text }

    /// Words that YAML 1.1 or 1.2 takes for a boolean or null, in any case.
    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    /// Whether the text can stand without quotes and stays a text. Rather no than a doubt: whatever begins like a
    /// number, a date or an indicator is quoted.
    var isPlain: Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, Self.beginsPlain(first), last != 0x20,
            last != UInt8(ascii: ":")
        else { return false }
        var previous: Unicode.Scalar = "x"
        for scalar in text.unicodeScalars {
            guard Self.isPrintable(scalar) else { return false }
            if scalar == "#", previous == " " || previous == "\u{A0}" { return false }
            if scalar == " ", previous == ":" { return false }
            previous = scalar
        }
        return text.utf8.count > 5 || !Self.words.contains(text.lowercased())
    }

    /// In double quotes, on one line.
    var quoted: [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += Array("\\\"".utf8)
            case "\\": bytes += Array("\\\\".utf8)
            case "\n": bytes += Array("\\n".utf8)
            case "\r": bytes += Array("\\r".utf8)
            case "\t": bytes += Array("\\t".utf8)
            default:
                if Self.isPrintable(scalar) {
                    bytes += Array(String(scalar).utf8)
                } else if scalar.value < 0x100 {
                    bytes += Array("\\x".utf8) + Self.hexadecimal(scalar.value, digits: 2)
                } else if scalar.value < 0x10000 {
                    bytes += Array("\\u".utf8) + Self.hexadecimal(scalar.value, digits: 4)
                } else {
                    bytes += Array("\\U".utf8) + Self.hexadecimal(scalar.value, digits: 8)
                }
            }
        }
        return bytes + [UInt8(ascii: "\"")]
    }

    /// For a comment: what must not stand there as it is becomes U+FFFD.
    var printable: String {
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(Self.isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        return result
    }

    /// The lines for a literal block, nil when the text is one line or would not survive one: blanks at the beginning
    /// or at the end of a line, several newlines at the end, characters that need an escape.
    var literalLines: (lines: [ArraySlice<UInt8>], endsLine: Bool)? {
        let bytes = Array(text.utf8)
        guard bytes.contains(0x0A), let first = bytes.first, first != 0x20, first != 0x09, first != 0x0A,
            text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || Self.isPrintable($0) })
        else { return nil }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let endsLine = lines.last?.isEmpty == true
        if endsLine { lines.removeLast() }
        guard lines.last?.isEmpty == false, lines.allSatisfy({ $0.last != 0x20 && $0.last != 0x09 }) else { return nil }
        return (lines, endsLine)
    }

    private static func beginsPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "/"), UInt8(ascii: "$"), UInt8(ascii: "("):
            true
        default: byte >= 0x80
        }
    }

    /// What a reader of YAML 1.1 and 1.2 takes as it is, line breaks, tabs and the byte order mark aside.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> [UInt8] {
        let text = String(value, radix: 16, uppercase: true)
        return Array((String(repeating: "0", count: digits - text.utf8.count) + text).utf8)
    }
}
