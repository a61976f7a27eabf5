// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import Synchronization

/// What all connections to one registry share during a run: tokens, how it wants to be authenticated against, warnings
/// that were shown. Any thread.
package final class RegistrySession: Sendable {
    package let registry: RegistryHost
    package let settings: RegistrySettings
    /// Held while a token is fetched: others wait for it instead of asking for their own.
    let tokenTurn: Mutex<TokenFailure?> = Mutex(nil)
    private let state: Mutex<State> = Mutex(State())

    private struct State {
        /// `https` or `http`, as soon as one of them has worked.
        var scheme: String?
        var challenge: AuthenticationChallenge?
        /// By path of repository; a value of nil says that there is none.
        var credentials: [String: RegistryCredential?] = [:]
        var tokens: [RegistryToken] = []
        var tls: [String: TLSSettings] = [:]
        var warnings: Set<String> = []
    }

    /// How the last question for a token ended badly: those who waited meanwhile need not ask it again.
    struct TokenFailure {
        let scopes: RegistryScopes
        let error: RegistryError
        let ended: ContinuousClock.Instant
    }

    /// Tokens and warnings that are remembered.
    private static let limit = 256

    package init(_ registry: RegistryHost, _ settings: RegistrySettings) {
        self.registry = registry
        self.settings = settings
    }

    /// `http` only when the registry did not speak https and `http` is allowed.
    var scheme: String? {
        get { state.withLock { $0.scheme } }
        set { state.withLock { $0.scheme = newValue } }
    }

    var challenge: AuthenticationChallenge? {
        get { state.withLock { $0.challenge } }
        set { state.withLock { $0.challenge = newValue } }
    }

    /// Who goes to a repository. The provider is asked once; it may take its time.
    func credential(for repository: Repository) throws -> RegistryCredential? {
        if let known = state.withLock({ $0.credentials[repository.path] }) { return known }
        let found = try settings.credentials.credential(for: repository)
        return state.withLock {
            if let known = $0.credentials[repository.path] { return known }
            $0.credentials[repository.path] = .some(found)
            return found
        }
    }

    /// A token that covers the scopes and can still be sent.
    func token(for scopes: RegistryScopes) -> RegistryToken? {
        state.withLock { state in
            state.tokens.removeAll { !$0.isFresh }
            return state.tokens.last { $0.scopes.covers(scopes) }
        }
    }

    func keep(_ token: RegistryToken) {
        state.withLock { state in
            state.tokens.append(token)
            if state.tokens.count > Self.limit { state.tokens.removeFirst() }
        }
    }

    /// The registry did not take it: those that are older would fare no better.
    func forget(token value: String) {
        state.withLock { state in
            guard let place = state.tokens.firstIndex(where: { $0.value == value }) else { return }
            state.tokens.removeSubrange(...place)
        }
    }

    /// What to connect to `authority`, `host` or `host:port`, with; the setting is asked once.
    func tls(_ authority: String) throws -> TLSSettings {
        let origin = HTTPURL("https://\(authority)/")?.origin
        let isRegistry = origin == HTTPURL("https://\(registry.endpoint)/")?.origin
        let host = isRegistry ? registry : RegistryHost(authority)
        if let known = state.withLock({ $0.tls[host.name] }) { return known }
        var found = try settings.tls(host)
        // Where a registry sends to, or has its tokens from, need not know who asks.
        if !isRegistry, found.clientCertificate == (try settings.tls(registry)).clientCertificate {
            (found.clientCertificate, found.clientKey) = (nil, nil)
        }
        state.withLock { $0.tls[host.name] = found }
        return found
    }

    /// An answer that says no, without what it repeats of our secrets.
    func scrubbed(_ answer: HTTPAnswer) -> HTTPAnswer {
        guard answer.response.status >= 400, !answer.body.isEmpty, answer.body.count <= Self.scrubbedBytes else {
            return answer.response.status < 400 ? answer : HTTPAnswer(answer.response, body: [])
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        let hidden = hidingSecrets(text)
        return hidden == text ? answer : HTTPAnswer(answer.response, body: Array(hidden.utf8))
    }

    /// Longer refusals are none that anybody reads.
    private static let scrubbedBytes = 1 << 20

    private func hidingSecrets(_ text: String) -> String {
        let secrets = state.withLock { state in
            state.tokens.map(\.value) + state.credentials.values.flatMap { $0?.secrets ?? [] }
        }
        return secrets.reduce(text) { $1.isEmpty ? $0 : $0.replacing($1, with: "…") }
    }

    /// Shows warnings of an answer (distribution-spec 1.1, "Warnings"), each text once.
    func show(warningsOf response: HTTPResponse) {
        for header in response.headers where header.name.lowercased() == "warning" {
            guard let text = RegistryWarning.text(header.value).map(hidingSecrets) else { continue }
            let isNew = state.withLock { state in
                state.warnings.count < Self.limit && state.warnings.insert(text).inserted
            }
            if isNew { settings.warn(registry, text) }
        }
    }
}

/// `299 - "text"`
enum RegistryWarning {
    static func text(_ field: String) -> String? {
        let mark = "299 - \""
        guard field.hasPrefix(mark), let end = field.lastIndex(of: "\""), field.utf8.count > mark.utf8.count else {
            return nil
        }
        let start = field.index(field.startIndex, offsetBy: mark.count)
        guard start < end else { return nil }
        let said = field[start..<end].replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        let text = RegistryMessage.printable(String(said))
        return text.isEmpty ? nil : text
    }
}

extension RegistryCredential {
    /// All that must not be repeated.
    fileprivate var secrets: [String] {
        switch self {
        case .basic(let username, let password):
            [String(BasicAuthorization.value(username, password).dropFirst("Basic ".count)), password]
        case .identityToken(let token), .bearer(let token): [token]
        }
    }
}
