// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import Synchronization

/// What a request shows of whoever sends it. No text that shows it says what it is.
struct Authorization: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Of the header.
    let value: String
    /// There is nothing better: a password, or a token that was just made.
    let isLast: Bool

    init(_ value: String, isLast: Bool) {
        self.value = value
        self.isLast = isLast
    }

    var description: String { "an authorization" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension RegistryClient {
    /// What a request to the registry shows; nil: nothing, as long as nobody has asked for it, or as there is nothing.
    func authorization(for request: Request) throws -> Authorization? {
        switch session.challenge {
        case nil: return nil
        case .basic:
            switch try session.credential(for: request.repository) {
            case .basic(let username, let password):
                return Authorization(BasicAuthorization.value(username, password), isLast: true)
            case .bearer(let token): return try bearer(token)
            case .identityToken, nil: return nil
            }
        case .bearer(let realm, let service, let asked):
            let credential = try session.credential(for: request.repository)
            if case .bearer(let token) = credential { return try bearer(token) }
            // What the challenge asked for may have been of another repository; only an answer to this one adds to it.
            var scopes = Self.scopes(of: request)
            if asked.isOnlyAbout(request.repository.path) { scopes.formUnion(asked) }
            if let known = session.token(for: scopes) { return try bearer(known.value, isLast: false) }
            let began = ContinuousClock.now
            return try session.tokenTurn.withLock { failure in
                if let known = session.token(for: scopes) { return try bearer(known.value, isLast: false) }
                if let failure, failure.ended > began, failure.scopes == scopes { throw failure.error }
                let token: RegistryToken
                do {
                    token = try fetch(
                        TokenRequest(realm: realm, service: service, scopes: scopes, credential: credential))
                } catch let error as RegistryError {
                    failure = RegistrySession.TokenFailure(scopes: scopes, error: error, ended: .now)
                    throw error
                }
                session.keep(token)
                return try bearer(token.value)
            }
        }
    }

    /// A 401 came to a request with `sent`: what is known of tokens is put right.
    /// - Returns: whether another attempt may end differently.
    func learn(from response: HTTPResponse, base: HTTPURL, sent: Authorization?) -> Bool {
        let challenge = AuthenticationChallenge.read(response, base: base)
        if let sent { session.forget(token: String(sent.value.dropFirst("Bearer ".count))) }
        guard let challenge else { return false }
        session.challenge = challenge
        return sent?.isLast != true
    }

    func unauthorized(_ request: Request) -> RegistryError {
        let credential = try? session.credential(for: request.repository)
        return .unauthorized(registry: session.registry.name, action: request.action, anonymous: credential == nil)
    }

    static func scopes(of request: Request) -> RegistryScopes {
        guard !request.repository.path.isEmpty else { return RegistryScopes() }
        var scopes = RegistryScopes([RegistryScope(request.repository, writes: request.writes)])
        for other in request.alsoReads where other.registry == request.repository.registry {
            scopes.insert(RegistryScope(other, writes: false))
        }
        return scopes
    }

    private func bearer(_ token: String, isLast: Bool = true) throws -> Authorization {
        guard token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw RegistryError.malformed(registry: session.registry.name, problem: "its token is no token")
        }
        return Authorization("Bearer \(token)", isLast: isLast)
    }

    /// Asks the token server, again when that may help.
    private func fetch(_ question: TokenRequest) throws -> RegistryToken {
        let name = session.registry.name
        let isSafe = question.realm.scheme == "https" || question.realm.isLoopback || session.settings.allowsPlainHTTP
        guard isSafe else { throw RegistryError.plainHTTP(registry: question.realm.authority) }
        var request = question.request
        request.tls = try session.tls(question.realm.authority)
        request.headers += [
            HTTPHeader("User-Agent", session.settings.userAgent), HTTPHeader("Accept", "application/json"),
        ]
        var plan = RetryPlan(retries: session.settings.retries)
        while true {
            let asked = ContinuousClock.now
            let answer: HTTPAnswer
            do { answer = try http.send(request, limit: TokenRequest.answerLimit) } catch let error as HTTPError {
                try wait(after: error, &plan)
                continue
            }
            let status = answer.response.status
            if answer.response.isSuccess {
                if let token = question.token(in: answer.body, asked: asked) { return token }
                throw RegistryError.malformed(registry: name, problem: "its token server gives no token")
            }
            if RetryPlan.isPassing(status), let seconds = plan.wait(RetryAfter.seconds(answer.response["Retry-After"]))
            {
                try sleep(seconds)
                continue
            }
            if status == 401 || status == 403 {
                throw RegistryError.unauthorized(
                    registry: name, action: TokenRequest.action, anonymous: question.credential == nil)
            }
            throw RegistryError.refusal(
                session.scrubbed(answer), registry: session.registry, action: TokenRequest.action)
        }
    }
}
