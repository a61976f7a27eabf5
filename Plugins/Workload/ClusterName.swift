// SPDX-License-Identifier: Apache-2.0

/// What Kubernetes takes for names, labels and hosts (RFC 1123, RFC 1035).
public enum ClusterName {
    /// Of a workload: the names of pods and of the Services beside it are longer, and end at 63 characters.
    public static let longest = 52

    /// Letters, digits and dashes, a letter first: a Service's name. One is the API server's.
    public static func isWorkload(_ text: String) -> Bool {
        isLabel(text) && text.utf8.count <= longest && text.utf8.first?.isLetter == true && text != "kubernetes"
    }

    /// Lower-case letters, digits and dashes, at most 63.
    public static func isLabel(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isLowerLetter || $0.isDigit || $0 == dash }
            && text.utf8.first != dash && text.utf8.last != dash
    }

    /// Labels with dots between them, at most 253 characters.
    public static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel(String($0)) }
    }

    /// A subdomain that nobody takes for an address.
    public static func isHost(_ text: String) -> Bool {
        isSubdomain(text) && text.split(separator: ".").last?.utf8.allSatisfy(\.isDigit) == false
    }

    /// The key of a label: `name` or `prefix.example/name`.
    public static func isLabelKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.last != "" && isLabelValue(parts.last ?? "") && (parts.count == 1 || isSubdomain(parts[0]))
    }

    /// Empty, or at most 63 letters, digits, dashes, underscores and dots, with a letter or digit at both ends.
    public static func isLabelValue(_ text: String) -> Bool {
        text.utf8.count <= 63 && text.isMade(of: "-_.") && text.utf8.first?.isAlphanumeric != false
            && text.utf8.last?.isAlphanumeric != false
    }

    /// The nearest label's value: a version can hold any printable character.
    public static func labelValue(_ text: String) -> String {
        let bytes = text.utf8.map { $0.isAlphanumeric || "_.".utf8.contains($0) ? $0 : dash }
        return String(decoding: trimmed(bytes, longest: 63), as: UTF8.self)
    }

    /// The nearest label: lower case, dashes for what may not be there. A text that had to be cut ends with a number that
    /// depends on the whole of it.
    public static func label(_ text: String, longest: Int = 63) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isAlphanumeric {
                bytes.append(byte.isDigit ? byte : byte | 0x20)
            } else if bytes.last != dash {
                bytes.append(dash)
            }
        }
        let whole = trimmed(bytes, longest: .max)
        let isCut = whole.count > longest
        let label = isCut ? trimmed(whole, longest: longest - 9) + Array("-\(checksum(text))".utf8) : whole
        return label.isEmpty ? "package" : String(decoding: label, as: UTF8.self)
    }

    /// The nearest name of a workload.
    public static func workload(_ text: String) -> String {
        let name = label(text, longest: longest)
        return isWorkload(name) ? name : label("svc-\(text)", longest: longest)
    }

    private static let dash = UInt8(ascii: "-")

    /// Begins and ends with a letter or a digit.
    private static func trimmed(_ bytes: [UInt8], longest: Int) -> [UInt8] {
        var rest = bytes.drop { !$0.isAlphanumeric }.prefix(longest)
        while let last = rest.last, !last.isAlphanumeric { rest.removeLast() }
        return Array(rest)
    }

    /// FNV-1a, 32 bits, as eight hexadecimal digits.
    static func checksum(_ text: String) -> String {
        let sum = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
