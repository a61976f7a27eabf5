// SPDX-License-Identifier: Apache-2.0

import BioHTTP

extension RegistryClient {
    /// The loop around every request: address, authorization, redirections, and another attempt where that helps and does
    /// no harm. `perform` makes one exchange.
    func exchange<R: RegistryReply>(_ request: Request, _ perform: (HTTPRequest) throws -> R) throws -> R {
        var plan = RetryPlan(retries: request.isRepeatable ? session.settings.retries : 0)
        var route = Route()
        while true {
            let reply: R
            do { reply = try attempt(request, &route, perform) } catch let error as HTTPError {
                try wait(after: error, &plan)
                route = Route()
                continue
            }
            let status = reply.response.status
            session.show(warningsOf: reply.response)
            if status == 401, route.isAtRegistry {
                let mayHelp = learn(from: reply.response, base: try route.place(base()), sent: route.authorization)
                route.refusals += 1
                Self.drain(reply)
                guard mayHelp, route.refusals <= Self.refusalLimit else { throw unauthorized(request) }
                guard let next = try authorization(for: request) else { throw unauthorized(request) }
                route.next = next
            } else if Self.isRedirection(status, request.method) {
                try follow(reply.response, request, &route)
                Self.drain(reply)
            } else if RetryPlan.isPassing(status) {
                let asked = RetryAfter.seconds(reply.response["Retry-After"])
                let answer = Self.drain(reply)
                guard let seconds = plan.wait(asked) else { throw refusal(answer, request) }
                try sleep(seconds)
                route = Route()
            } else if status >= 500 || status == 401 {
                throw refusal(Self.drain(reply), request)
            } else {
                return reply
            }
        }
    }

    /// The answer with what came of its body: the status has said what counts.
    @discardableResult
    private static func drain(_ reply: some RegistryReply) -> HTTPAnswer {
        (try? reply.whole()) ?? HTTPAnswer(reply.response, body: [])
    }

    func refusal(_ answer: HTTPAnswer, _ request: Request) -> RegistryError {
        .refusal(session.scrubbed(answer), registry: session.registry, action: request.action)
    }

    /// Where a request has come to.
    struct Route {
        /// Where it was sent to; nil: where it goes by itself.
        var redirected: HTTPURL?
        var redirections = 0
        var isAtRegistry = true
        var authorization: Authorization?
        /// What was got after a 401, for the next attempt.
        var next: Authorization?
        /// 401s so far.
        var refusals = 0

        func place(_ base: HTTPURL) -> HTTPURL { redirected ?? base }
    }

    /// One exchange; also by http when https is not spoken, as far as that is allowed.
    private func attempt<R: RegistryReply>(
        _ request: Request, _ route: inout Route, _ perform: (HTTPRequest) throws -> R
    ) throws -> R {
        let schemes = session.scheme.map { [$0] } ?? (mayBePlain ? ["https", "http"] : ["https"])
        for scheme in schemes {
            let isLast = scheme == schemes.last
            let url = try route.redirected ?? address(of: request, scheme)
            route.isAtRegistry = url.origin == (try base(scheme)).origin
            route.authorization = route.isAtRegistry ? try route.next ?? authorization(for: request) : nil
            route.next = nil
            let body = HTTPRequest.Body.bytes(request.body)
            let hasBody = ["POST", "PUT", "PATCH"].contains(request.method)
            let plain = try httpRequest(request, url, route.authorization, body: hasBody ? body : .none)
            do {
                let reply = try perform(plain)
                if session.scheme == nil, route.redirected == nil { session.scheme = scheme }
                return reply
            } catch let error as HTTPError where !isLast && Self.meansPlain(error, port: url.port) {
                continue
            } catch HTTPError.noTLS(_, let text) where isLast && text.contains("wrong version number") {
                throw RegistryError.plainHTTP(registry: url.authority)
            }
        }
        preconditionFailure("the last scheme returns or throws")
    }

    /// Whether there may be somebody who speaks http.
    private static func meansPlain(_ error: HTTPError, port: Int?) -> Bool {
        switch error {
        // Who sends alerts speaks TLS.
        case .noTLS(_, let text): !text.contains("alert")
        // Then http has another port.
        case .notConnected, .connectTimedOut: port == nil
        default: false
        }
    }

    private var mayBePlain: Bool {
        session.settings.allowsPlainHTTP || HTTPURL("https://\(session.registry.endpoint)/")?.isLoopback == true
    }

    /// Asks what needs no answer, to learn how the registry is spoken to.
    func findScheme(_ request: Request) throws {
        var question = Request("HEAD", request.repository, .location("/v2/"), action: request.action)
        question.writes = request.writes
        question.alsoReads = request.alsoReads
        _ = try send(question)
    }

    // MARK: -

    func base(_ scheme: String? = nil) throws -> HTTPURL {
        guard let url = HTTPURL("\(scheme ?? session.scheme ?? "https")://\(session.registry.endpoint)/v2/") else {
            throw RegistryError.malformed(registry: session.registry.name, problem: "it is no name of a host")
        }
        return url
    }

    func address(of request: Request, _ scheme: String? = nil) throws -> HTTPURL {
        let base = try base(scheme)
        switch request.target {
        case .path(let path):
            guard let url = base.resolve("/v2/\(request.repository.path)/\(path)") else {
                throw RegistryError.malformed(registry: session.registry.name, problem: "no address has such a path")
            }
            return url
        case .location(let text):
            guard let url = base.resolve(text) else {
                throw RegistryError.malformed(registry: session.registry.name, problem: "its location is no address")
            }
            try checkSafety(from: base, to: url, request)
            return url
        }
    }

    func httpRequest(
        _ request: Request, _ url: HTTPURL, _ authorization: Authorization?, body: HTTPRequest.Body
    ) throws -> HTTPRequest {
        var plain = HTTPRequest(request.method, url.text, headers: request.headers, body: body)
        plain.headers.append(HTTPHeader("User-Agent", session.settings.userAgent))
        if let authorization { plain.headers.append(HTTPHeader("Authorization", authorization.value)) }
        plain.tls = try session.tls(url.authority)
        return plain
    }

    private static let redirectionLimit = 5
    /// Other connections may leave tokens that have just ended.
    private static let refusalLimit = 4

    /// A GET may be answered elsewhere; a request that changes something only where the server says that it stays what it
    /// is.
    private static func isRedirection(_ status: Int, _ method: String) -> Bool {
        switch status {
        case 307, 308: true
        case 301, 302, 303: method == "GET" || method == "HEAD"
        default: false
        }
    }

    private func follow(_ response: HTTPResponse, _ request: Request, _ route: inout Route) throws {
        let from = try route.redirected ?? address(of: request)
        guard let text = response["Location"], let to = from.resolve(text) else {
            throw wrongWay(request, "it does not say where to")
        }
        route.redirections += 1
        if route.redirections > Self.redirectionLimit { throw wrongWay(request, "again and again") }
        try checkSafety(from: from, to: to, request)
        route.redirected = to
    }

    /// What began over https does not go on where everybody can listen.
    private func checkSafety(from: HTTPURL, to: HTTPURL, _ request: Request) throws {
        if from.scheme == "https", to.scheme == "http" { throw wrongWay(request, Self.downgrade) }
        if to.scheme == "http", !to.isLoopback, !session.settings.allowsPlainHTTP {
            throw RegistryError.plainHTTP(registry: to.authority)
        }
    }

    static let downgrade = "from https to http"

    private func wrongWay(_ request: Request, _ problem: String) -> RegistryError {
        .redirect(registry: session.registry.name, action: request.action, problem: problem)
    }

    /// Waits before the next attempt, or throws the error when there is none.
    func wait(after error: HTTPError, _ plan: inout RetryPlan) throws {
        let isPassing =
            switch error {
            case .cut: true
            // Waited for long enough already: once more is enough.
            case .stalled: plan.failures == 0
            // A registry that has spoken before may be starting again.
            case .notConnected, .connectTimedOut: session.scheme != nil
            default: false
            }
        guard isPassing, let seconds = plan.wait(nil) else { throw RegistryError.http(error) }
        try sleep(seconds)
    }

    func sleep(_ seconds: Double) throws {
        do throws(HTTPError) { try RetryPlan.sleep(seconds, session.settings.cancellation) } catch {
            throw RegistryError.http(error)
        }
    }
}
