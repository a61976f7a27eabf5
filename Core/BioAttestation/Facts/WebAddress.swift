// SPDX-License-Identifier: Apache-2.0

/// Addresses that may stand in a document.
enum WebAddress {
    private static let schemes = ["https://", "http://", "ftp://"]
    private static let longest = 2048

    /// Whether `text` is an absolute address of characters that RFC 3986 allows, without a user and without a query: what
    /// stands before an @ may be a password, and what follows a question mark a token.
    static func isPlain(_ text: String) -> Bool {
        guard text.utf8.count <= longest, let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
            return false
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { !"/#".utf8.contains($0) }
        return !authority.isEmpty && !authority.contains(UInt8(ascii: "@")) && rest.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~:/#[]@!$&'()*+,;=%".utf8.contains(byte)
        }
    }
}
