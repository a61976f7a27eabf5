// SPDX-License-Identifier: Apache-2.0

/// What the core schema of YAML 1.2 (section 10.3.2) takes a plain scalar for.
struct YAMLScalar {
    private let text: String
    private let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    enum Problem: Error {
        case notRepresentable
        case badNumber
    }

    /// The value; a text when nothing else fits. Numbers that JSON would write otherwise are written as JSON does:
    /// `+07` as 7, `.5` as 0.5, `0x1F` as 31.
    func resolved() throws(Problem) -> DocumentValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = bytes.first, Self.beginsNumber(first) else { return .string(text) }
        if isInfinityOrNaN { throw .notRepresentable }
        if let number = try based("0o", 8) { return .number(number) }
        if let number = try based("0x", 16) { return .number(number) }
        return decimal.map { .number($0) } ?? .string(text)
    }

    private static func beginsNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private var isInfinityOrNaN: Bool {
        switch text {
        case ".nan", ".NaN", ".NAN": return true
        default:
            let unsigned = text.hasPrefix("+") || text.hasPrefix("-") ? String(text.dropFirst()) : text
            return [".inf", ".Inf", ".INF"].contains(unsigned)
        }
    }

    /// A whole number behind `prefix`; nil when it is none.
    private func based(_ prefix: String, _ radix: Int) throws(Problem) -> DocumentNumber? {
        guard text.hasPrefix(prefix), bytes.count > 2, bytes[2] != UInt8(ascii: "+"), bytes[2] != UInt8(ascii: "-"),
            bytes[2...].allSatisfy({ Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false })
        else { return nil }
        guard let value = UInt64(text.dropFirst(2), radix: radix) else { throw .badNumber }
        return DocumentNumber(value)
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private var decimal: DocumentNumber? {
        var offset = 0
        func take(_ accepted: UInt8...) -> Bool {
            guard offset < bytes.count, accepted.contains(bytes[offset]) else { return false }
            offset += 1
            return true
        }
        func digits() -> ArraySlice<UInt8> {
            let start = offset
            while offset < bytes.count, Self.isDigit(bytes[offset]) { offset += 1 }
            return bytes[start..<offset]
        }
        let isNegative = bytes.first == UInt8(ascii: "-")
        _ = take(UInt8(ascii: "-"), UInt8(ascii: "+"))
        let whole = digits()
        var written = (isNegative ? "-" : "") + Self.withoutZeros(whole)
        if take(UInt8(ascii: ".")) {
            let fraction = digits()
            if whole.isEmpty && fraction.isEmpty { return nil }
            written += "." + (fraction.isEmpty ? "0" : String(decoding: fraction, as: UTF8.self))
        } else if whole.isEmpty {
            return nil
        }
        if take(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            let sign = offset
            _ = take(UInt8(ascii: "-"), UInt8(ascii: "+"))
            guard !digits().isEmpty else { return nil }
            written += "e" + String(decoding: bytes[sign..<offset], as: UTF8.self)
        }
        return offset == bytes.count ? DocumentNumber(checked: written) : nil
    }

    private static func withoutZeros(_ digits: ArraySlice<UInt8>) -> String {
        let kept = digits.drop { $0 == UInt8(ascii: "0") }
        return kept.isEmpty ? "0" : String(decoding: kept, as: UTF8.self)
    }
}
