// SPDX-License-Identifier: Apache-2.0

/// `BIND=HOST:PORT[,KEY=VALUE…]`: where a bind leads that no ring tells.
public struct AddressText: Sendable {
    public let bind: String
    /// All behind the `=`.
    public let place: String

    /// Nil of any other text. Names of hosts are looked at by who connects to them.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Self.isName(parts[0]) else { return nil }
        let pieces = parts[1].split(separator: ",", omittingEmptySubsequences: false)
        guard Self.isAddress(pieces[0]), pieces.dropFirst().allSatisfy(Self.isPair) else { return nil }
        (bind, place) = (parts[0], parts[1])
    }

    /// `HOST:PORT`, of IPv6 in brackets.
    private static func isAddress(_ text: Substring) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let (host, port) = (text[..<colon], text[text.index(after: colon)...])
        let isSix = host.hasPrefix("[") && host.hasSuffix("]") && host.contains(":")
        let name = isSix ? host.dropFirst().dropLast() : host
        return port.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } && (UInt16(port) ?? 0) > 0
            && !name.isEmpty && name.utf8.count <= 255 && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.allSatisfy {
                isAlphanumeric($0) || "-._".utf8.contains($0) || isSix && ":%".utf8.contains($0)
            }
    }

    private static func isPair(_ text: Substring) -> Bool {
        let key = text.prefix { $0 != "=" }
        return isName(String(key)) && key.utf8.count < text.utf8.count
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// Of a bind, or of what is exported.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || "-_".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
