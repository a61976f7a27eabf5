// SPDX-License-Identifier: Apache-2.0

/// `BIND=HOST:PORT[,KEY=VALUE…]`: where a bind leads that no ring tells. The rule is the supervisor's, but for zones of
/// IPv6 addresses, which mean something on one machine only (Tests/Support/BioTestSupport/AddressRow.swift).
public struct AddressText: Sendable {
    public let bind: String
    /// All behind the `=`.
    public let place: String
    /// What is given besides host and port.
    public let keys: [String]

    /// Bytes of `place`.
    public static let longest = 4096

    /// The same of `place` as a regular expression. That a key is there twice it cannot tell.
    public static let pattern =
        "(\(namePattern)|\(sixPattern)):\(portPattern)(,[A-Za-z0-9_][A-Za-z0-9_-]*=[^,\\x00-\\x1f\\x7f]*)*"
    private static let namePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,254}"
    private static let sixPattern = "\\[[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}\\]"
    private static let portPattern =
        "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"

    /// Nil of any other text. Names of hosts are looked at by who connects to them.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Self.isName(parts[0]), parts[1].utf8.count <= Self.longest else { return nil }
        let pieces = parts[1].split(separator: ",", omittingEmptySubsequences: false)
        guard Self.isAddress(pieces[0]), pieces.dropFirst().allSatisfy(Self.isPair) else { return nil }
        (bind, place) = (parts[0], parts[1])
        keys = pieces.dropFirst().map { String($0.prefix { $0 != "=" }) }
        guard Set(keys).count == keys.count else { return nil }
    }

    /// `HOST:PORT`, of IPv6 in brackets.
    private static func isAddress(_ text: Substring) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let (host, port) = (text[..<colon], text[text.index(after: colon)...])
        let isInBrackets = host.hasPrefix("[") && host.hasSuffix("]")
        return isPort(port) && (isInBrackets ? isSix(host.dropFirst().dropLast()) : isHost(host))
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.allSatisfy(isDigit) && text.utf8.first != UInt8(ascii: "0") && UInt16(text) != nil
    }

    private static func isHost(_ text: Substring) -> Bool {
        1...255 ~= text.utf8.count && text.utf8.first.map(isAlphanumeric) == true
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-._".utf8.contains($0) }
    }

    /// No more than tells it from a name.
    private static func isSix(_ text: Substring) -> Bool {
        let first = text.prefix { $0 != ":" }
        let rest = text.dropFirst(first.count + 1)
        return first.utf8.count <= 4 && first.utf8.allSatisfy(isHexadecimal) && 1...40 ~= rest.utf8.count
            && rest.utf8.allSatisfy { isHexadecimal($0) || ":.".utf8.contains($0) }
    }

    private static func isPair(_ text: Substring) -> Bool {
        let key = text.prefix { $0 != "=" }
        return isName(String(key)) && key.utf8.count < text.utf8.count
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// Of a bind, or of what is exported.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
