// SPDX-License-Identifier: Apache-2.0

/// `HOST[:PORT]` as the supervisor takes it: a name or an address, of IPv6 in brackets and with its port.
enum PeerAddress {
    static func isOne(_ text: String) -> Bool {
        if text.hasPrefix("[") {
            let parts = text.dropFirst().split(separator: "]", omittingEmptySubsequences: false).map(String.init)
            return parts.count == 2 && isAddress6(parts[0]) && parts[1].hasPrefix(":")
                && isPort(String(parts[1].dropFirst()))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return parts.count <= 2 && isHost(parts[0]) && (parts.count == 1 || isPort(parts[1]))
    }

    /// Names end with a dot where no search list is wanted, and a last part of digits makes an address of them.
    private static func isHost(_ text: String) -> Bool {
        let name = (text.hasSuffix(".") ? String(text.dropLast()) : text).lowercased()
        return ClusterName.isSubdomain(name) && (ClusterName.isHost(name) || isAddress4(text))
    }

    private static func isPort(_ text: String) -> Bool {
        text.utf8.allSatisfy(\.isDigit) && (UInt16(text) ?? 0) > 0
    }

    private static func isAddress4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { $0.utf8.allSatisfy(\.isDigit) && UInt8($0) != nil }
    }

    /// RFC 4291, without an IPv4 address at its end: eight groups, or fewer around one `::`.
    private static func isAddress6(_ text: String) -> Bool {
        var groups = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        // A gap at an end is two empty groups.
        if text.hasPrefix("::") { groups.removeFirst() }
        if text.hasSuffix("::") { groups.removeLast() }
        let gaps = groups.count { $0.isEmpty }
        return (gaps == 0 ? groups.count == 8 : gaps == 1 && groups.count <= 8 && text.contains("::"))
            && groups.allSatisfy { $0.utf8.count <= 4 && ($0.isEmpty || UInt16($0, radix: 16) != nil) }
    }
}
