// SPDX-License-Identifier: Apache-2.0

/// An amount as Kubernetes writes it: `500m`, `10Gi`, `1e9`.
public struct Quantity: Sendable {
    public let text: String

    /// Nil when it is none, or not more than nothing. `K`, which the original takes, becomes `k`.
    public init?(_ text: String) {
        let digits = text.utf8.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
        let number = String(decoding: digits, as: UTF8.self)
        let suffix = String(text.utf8.dropFirst(digits.count)) ?? ""
        guard let amount = Double(number), amount > 0, number.utf8.first != UInt8(ascii: "."),
            number.utf8.last != UInt8(ascii: ".")
        else { return nil }
        let isExponent =
            ["e", "E"].contains(suffix.prefix(1)) && (1...2).contains(suffix.utf8.count - 1)
            && suffix.utf8.dropFirst().allSatisfy(\.isDigit)
        guard isExponent || Self.suffixes.contains(suffix) else { return nil }
        self.text = suffix == "K" ? number + "k" : text
    }

    private static let suffixes: Set<String> = [
        "", "m", "k", "K", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
    ]
}
