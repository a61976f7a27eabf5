// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP

/// A question to a token server and its answer (distribution token specification; "oauth" for identity tokens).
struct TokenRequest {
    let realm: HTTPURL
    let service: String?
    let scopes: RegistryScopes
    let credential: RegistryCredential?

    static let action = "give a token"
    /// Bytes of an answer: tokens have a few thousand.
    static let answerLimit = 1 << 20
    private static let tokenLimit = 64 << 10
    private static let client = "bio"

    var request: HTTPRequest {
        if case .identityToken(let token) = credential { return exchange(token) }
        var pairs = service.map { [("service", $0)] } ?? []
        pairs += scopes.texts.map { ("scope", $0) }
        let query = FormText.encode(pairs)
        let mark = query.isEmpty ? "" : realm.target.contains("?") ? "&" : "?"
        var request = HTTPRequest("GET", realm.text + mark + query)
        if case .basic(let username, let password) = credential {
            request.headers = [HTTPHeader("Authorization", BasicAuthorization.value(username, password))]
        }
        return request
    }

    private func exchange(_ token: String) -> HTTPRequest {
        var pairs = [("grant_type", "refresh_token"), ("client_id", Self.client), ("refresh_token", token)]
        pairs += service.map { [("service", $0)] } ?? []
        if !scopes.texts.isEmpty { pairs.append(("scope", scopes.texts.joined(separator: " "))) }
        return HTTPRequest(
            "POST", realm.text, headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: .bytes(Array(FormText.encode(pairs).utf8)))
    }

    /// Nil when it is no answer that has a token.
    func token(in body: [UInt8], asked: ContinuousClock.Instant) -> RegistryToken? {
        guard let document = try? DocumentValue(json: body, maximumDepth: 16) else { return nil }
        let names = ["token", "access_token"]
        guard let text = names.lazy.compactMap({ document[$0]?.string }).first(where: { !$0.isEmpty }),
            text.utf8.count <= Self.tokenLimit, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else { return nil }
        return RegistryToken(value: text, scopes: scopes, asked: asked, seconds: document["expires_in"]?.int)
    }
}

/// `Authorization: Basic` (RFC 7617).
enum BasicAuthorization {
    static func value(_ username: String, _ password: String) -> String {
        "Basic " + Array("\(username):\(password)".utf8).withUnsafeBytes { Base64.encode($0) }
    }
}
