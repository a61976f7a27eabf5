// SPDX-License-Identifier: Apache-2.0

import BioHTTP

/// How a registry wants to be convinced (RFC 9110, 11.6.1; distribution token specification).
enum AuthenticationChallenge: Hashable, Sendable {
    case basic
    /// A token of `realm`, for `service` and `scopes`.
    case bearer(realm: HTTPURL, service: String?, scopes: RegistryScopes)

    /// Scopes of a challenge beyond these are not looked at.
    private static let scopeLimit = 16

    /// The strongest challenge of a 401. Nil when there is none that is known here.
    /// - Parameter base: whom was asked; realms may be relative to it.
    static func read(_ response: HTTPResponse, base: HTTPURL) -> AuthenticationChallenge? {
        let fields = response.headers.filter { $0.name.lowercased() == "www-authenticate" }.prefix(8)
        let found = fields.flatMap { ChallengeReader.challenges($0.value) }
        for challenge in found where challenge.scheme == "bearer" {
            guard let realm = challenge.parameters["realm"].flatMap(base.resolve) else { continue }
            let words = (challenge.parameters["scope"] ?? "").split(separator: " ").prefix(scopeLimit)
            return .bearer(
                realm: realm, service: challenge.parameters["service"],
                scopes: RegistryScopes(words.compactMap { RegistryScope(parsing: $0) }))
        }
        return found.contains { $0.scheme == "basic" } ? .basic : nil
    }
}

/// Takes a `WWW-Authenticate` field apart: `Bearer realm="…",service="…", Basic realm="…"`.
private struct ChallengeReader {
    struct Challenge {
        /// In lower case, as names of parameters.
        let scheme: String
        var parameters: [String: String] = [:]
    }

    private let bytes: [UInt8]
    private var offset = 0

    private static let lengthLimit = 8192

    static func challenges(_ text: String) -> [Challenge] {
        var reader = ChallengeReader(bytes: Array(text.utf8.prefix(lengthLimit)))
        return reader.all()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func all() -> [Challenge] {
        var challenges: [Challenge] = []
        while true {
            skip { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            let word = take { Self.isTokenByte($0) }.lowercased()
            guard !word.isEmpty else { return challenges }
            skip { $0 == 0x20 || $0 == 0x09 }
            if !challenges.isEmpty, offset < bytes.count, bytes[offset] == UInt8(ascii: "=") {
                offset += 1
                skip { $0 == 0x20 || $0 == 0x09 }
                challenges[challenges.count - 1].parameters[word] = value()
            } else {
                challenges.append(Challenge(scheme: word))
            }
        }
    }

    private mutating func value() -> String {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { return take { Self.isTokenByte($0) } }
        offset += 1
        var text: [UInt8] = []
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
            if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count { offset += 1 }
            text.append(bytes[offset])
            offset += 1
        }
        offset = min(offset + 1, bytes.count)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while offset < bytes.count, isSkipped(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ isTaken: (UInt8) -> Bool) -> String {
        let start = offset
        skip(isTaken)
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Also what belongs in quotes and is found outside of them: slashes and colons of realms.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        0x21...0x7E ~= byte && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"")
    }
}
