// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import Glibc

/// One line of a receipt, taken apart from left to right. Every piece takes the space behind it along; what is not
/// there gives nil, and then the line is of no more use.
struct ReceiptLine {
    private let text: [UInt8]
    private var position: Int
    /// Where the line's LF is.
    let end: Int
    /// The last piece has no space behind it.
    private(set) var isAtEnd = false

    /// The line of `text` that begins at `start`; there must be an LF behind it.
    init(_ text: [UInt8], from start: Int) {
        self.text = text
        position = start
        end = text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, CInt(ReceiptText.newline), bytes.count - start)
            else { preconditionFailure("a line without an end") }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Whether the line goes on with `word`, which is taken then.
    mutating func take(_ word: String) -> Bool {
        guard text[position..<end].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    /// All that is left.
    var rest: String { String(decoding: text[position..<end], as: UTF8.self) }

    /// A piece of one byte.
    mutating func letter() -> UInt8? {
        guard position < end else { return nil }
        let letter = text[position]
        position += 1
        return closes() ? letter : nil
    }

    mutating func word() -> String? {
        let piece = text[position..<end].prefix { $0 != UInt8(ascii: " ") }
        position = piece.endIndex
        return closes() ? String(decoding: piece, as: UTF8.self) : nil
    }

    /// Digits, perhaps with a minus sign.
    mutating func integer(radix: Int64) -> Int64? {
        let isNegative = position < end && text[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var value: Int64 = 0
        while position < end, text[position] >= UInt8(ascii: "0") {
            let digit = Int64(text[position] - UInt8(ascii: "0"))
            let (product, isLarge) = value.multipliedReportingOverflow(by: radix)
            let (sum, isLarger) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard digit < radix, !isLarge, !isLarger else { return nil }
            value = sum
            position += 1
        }
        return position > start && closes() ? value : nil
    }

    /// The digits of a BLAKE2b-256.
    mutating func digest() -> Digest? {
        let stop = position + 2 * Digest.byteCount
        guard stop <= end else { return nil }
        let digest = Digest(.blake2b256, hexBytes: text[position..<stop])
        position = stop
        return closes() ? digest : nil
    }

    /// Bytes that `ReceiptText.escaped` wrote, perhaps none.
    mutating func bytes() -> [UInt8]? {
        let start = position
        var isEscaped = false
        while position < end, text[position] != UInt8(ascii: " ") {
            if text[position] == ReceiptText.percent { isEscaped = true }
            position += 1
        }
        let piece = text[start..<position]
        guard closes() else { return nil }
        return isEscaped ? ReceiptText.unescaped(piece) : Array(piece)
    }

    /// Whether a piece ends here.
    private mutating func closes() -> Bool {
        guard position < end else {
            isAtEnd = true
            return true
        }
        guard text[position] == UInt8(ascii: " ") else { return false }
        position += 1
        return true
    }
}
