// SPDX-License-Identifier: Apache-2.0

import BioCrypto

extension RegistryCredential {
    /// What helpers call an identity token's user.
    static let tokenUser = "<token>"

    /// Of a user and what proves him, as helpers give them; nil when there is nothing.
    init?(username: String, secret: String) {
        if secret.isEmpty { return nil }
        self =
            username == Self.tokenUser
            ? .identityToken(secret) : .basic(username: username, password: secret)
    }

    /// Of base64 of `user:password`; nil when it is none.
    init?(auth text: String) {
        let bytes = Array(text.utf8).withUnsafeBytes { Base64.decode($0, limit: 1 << 16) }
        guard let bytes, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        // Docker's own versions have written NULs behind the password.
        let secret = bytes[(colon + 1)...].reversed().drop { $0 == 0 }.reversed()
        guard let user = String(validating: bytes[..<colon], as: UTF8.self),
            let password = String(validating: Array(secret), as: UTF8.self)
        else { return nil }
        self.init(username: user, secret: password)
    }

    /// Base64 of `user:password`, as files have it; nil for tokens.
    package var auth: String? {
        guard case .basic(let username, let password) = self else { return nil }
        return Array("\(username):\(password)".utf8).withUnsafeBytes { Base64.encode($0) }
    }

    /// Whether it can stand in a header: tokens go there as they are (RFC 6750 section 2.1), and control characters in a
    /// name or password are nothing that a registry takes (RFC 7617 section 2).
    package var isSendable: Bool {
        switch self {
        case .basic(let username, let password):
            !(username + password).unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
                && !username.utf8.contains(UInt8(ascii: ":"))
        case .identityToken(let token), .bearer(let token):
            !token.isEmpty && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }
}
