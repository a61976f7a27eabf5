// SPDX-License-Identifier: Apache-2.0

/// An address of http or https (RFC 3986), as far as clients take it apart. Only printable ASCII, no user information
/// and no fragment: what comes from a server cannot hide anything.
package struct HTTPURL: Hashable, Sendable {
    /// `http` or `https`.
    package let scheme: String
    /// As it was written, but lower case; IPv6 addresses in brackets.
    package let host: String
    package let port: Int?
    /// From the slash on, with the query; `/` when there is none.
    package let target: String

    package init(scheme: String, host: String, port: Int?, target: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
    }

    /// Nil for what is no such address, or longer than 16 KiB.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 16 << 10, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1].isEmpty else { return nil }
        switch parts[0].lowercased() {
        case "https:": scheme = "https"
        case "http:": scheme = "http"
        default: return nil
        }
        let authority = parts[2].prefix { $0 != "?" && $0 != "#" }
        guard let (host, port) = Self.cut(authority) else { return nil }
        self.host = host
        self.port = port
        // `https://host?a=/b` has no path.
        let rest = text[authority.endIndex...].prefix { $0 != "#" }
        target = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
    }

    package var authority: String { port.map { "\(host):\($0)" } ?? host }
    package var origin: String { "\(scheme)://\(host):\(port ?? (scheme == "https" ? 443 : 80))" }
    package var text: String { "\(scheme)://\(authority)\(target)" }

    /// For people: a query may hold what nobody should see.
    package var withoutQuery: String { "\(scheme)://\(authority)" + target.prefix { $0 != "?" } }

    /// What `location`, a header's value, means seen from here (RFC 3986, 5.2, without `..`). Nil when it means nothing.
    package func resolve(_ location: String) -> HTTPURL? {
        if location.hasPrefix("//") { return HTTPURL("\(scheme):\(location)") }
        if location.hasPrefix("/") { return HTTPURL("\(scheme)://\(authority)\(location)") }
        if location.hasPrefix("?") {
            return HTTPURL("\(scheme)://\(authority)\(target.prefix { $0 != "?" })\(location)")
        }
        if let absolute = HTTPURL(location) { return absolute }
        guard !location.isEmpty, !location.prefix(while: { $0 != "/" && $0 != "?" }).contains(":") else { return nil }
        let path = target.prefix { $0 != "?" }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return HTTPURL("\(scheme)://\(authority)\(folder)\(location)")
    }

    /// Whether the host is this machine by its very name: `localhost`, or an address of the loopback. Names that only
    /// begin so are others'.
    package var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { UInt8($0) != nil && "\(UInt8($0) ?? 0)" == $0 }
    }

    /// Host and port of `host`, `host:port`, `[v6]` or `[v6]:port`.
    private static func cut(_ authority: some StringProtocol) -> (host: String, port: Int?)? {
        let colon = authority.lastIndex(of: ":").flatMap { authority[$0...].contains("]") ? nil : $0 }
        let host = authority[..<(colon ?? authority.endIndex)].lowercased()
        guard !host.isEmpty, host.hasPrefix("[") == host.hasSuffix("]") else { return nil }
        guard host.utf8.allSatisfy({ isHostByte($0) || host.hasPrefix("[") && "[]:".utf8.contains($0) }) else {
            return nil
        }
        guard let colon else { return (host, nil) }
        let digits = authority[authority.index(after: colon)...]
        guard let port = Int(digits), 1...65535 ~= port, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return nil
        }
        return (host, port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        0x61...0x7A ~= byte || 0x30...0x39 ~= byte || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
}
