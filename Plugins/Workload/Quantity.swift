// SPDX-License-Identifier: Apache-2.0

/// An amount as Kubernetes writes it: `500m`, `10Gi`, `1e9`.
public struct Quantity: Sendable {
    public let text: String
    /// What stands behind the digits: `Gi`, `e9`; empty for none.
    let suffix: String
    /// In bytes, or processors.
    let amount: Double

    /// Nil when it is none, or not more than nothing. `K`, which the original takes, becomes `k`.
    public init?(_ text: String) {
        let digits = text.utf8.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
        let number = String(decoding: digits, as: UTF8.self)
        let suffix = String(text.utf8.dropFirst(digits.count)) ?? ""
        guard let value = Double(number), value > 0, number.utf8.first != UInt8(ascii: "."),
            number.utf8.last != UInt8(ascii: ".")
        else { return nil }
        let isExponent =
            ["e", "E"].contains(suffix.prefix(1)) && (1...2).contains(suffix.utf8.count - 1)
            && suffix.utf8.dropFirst().allSatisfy(\.isDigit)
        guard let unit = isExponent ? Double("1\(suffix)") : Self.units[suffix] else { return nil }
        self.text = suffix == "K" ? number + "k" : text
        self.suffix = suffix
        amount = value * unit
    }

    /// Processors are counted in ones and thousandths: `2Gi` of them is a slip.
    var isProcessors: Bool { suffix.isEmpty || suffix == "m" }

    /// No container starts with less than this: `512m`, which is half a byte, and `512` are slips.
    var isMemory: Bool { amount >= 0x1p20 }

    private static let units: [String: Double] = [
        "": 1, "m": 0.001, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
        "Ki": 0x1p10, "Mi": 0x1p20, "Gi": 0x1p30, "Ti": 0x1p40, "Pi": 0x1p50, "Ei": 0x1p60,
    ]
}
