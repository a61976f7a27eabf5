// SPDX-License-Identifier: Apache-2.0

package import BioHTTP

/// One connection to a registry: requests one after the other, by one thread at a time. Several clients of one session
/// work side by side.
package final class RegistryClient {
    package let session: RegistrySession
    let http: HTTPClient

    package init(_ session: RegistrySession) {
        self.session = session
        http = HTTPClient(limits: session.settings.limits, cancellation: session.settings.cancellation)
    }

    /// A request to `/v2/<repository>/<path>`, or to an absolute URL that the registry gave (an upload's location). It is
    /// authenticated, sent again as the settings allow when that cannot do harm (`isRepeatable`), and follows
    /// redirections; credentials do not go to another host.
    package struct Request: Sendable {
        package enum Target: Hashable, Sendable {
            case path(String)
            /// As a `Location` header had it: absolute, or relative to the registry.
            case location(String)
        }

        package var method: String
        /// Its path may be empty, for `.location("/v2/")`: no scope is asked for then.
        package var repository: Repository
        package var target: Target
        package var headers: [HTTPHeader] = []
        package var body: [UInt8] = []
        /// `push`, besides `pull`, of `repository`.
        package var writes = false
        /// Repositories that are read as well (mounts).
        package var alsoReads: [Repository] = []
        package var isRepeatable = true
        /// Bytes of the answer's body that are taken.
        package var limit = 4 << 20
        /// For errors: "ask for the manifest".
        package var action: String

        package init(_ method: String, _ repository: Repository, _ target: Target, action: String) {
            self.method = method
            self.repository = repository
            self.target = target
            self.action = action
        }
    }

    /// The answer, whatever its status but 401, 408, 429 and 5xx, which have been dealt with: those throw in the end.
    package func send(_ request: Request) throws -> HTTPAnswer {
        session.scrubbed(try exchange(request) { try http.send($0, limit: request.limit) })
    }

    /// As `send`, with a body that `push` gives piece by piece into the exchange: sent once, never repeated here. Whatever
    /// the status is, redirections and 401 too, it is told to the caller, and a cut connection as `RegistryError.http`:
    /// only he knows what can be sent again. After a 401 what was known of tokens is put right, so that the next request
    /// ends better.
    package func send(
        _ request: Request, length: Int64?, push: (HTTPExchange) throws -> Void
    ) throws -> HTTPAnswer {
        if session.scheme == nil { try findScheme(request) }
        let url = try address(of: request)
        let isRegistry = url.origin == (try base()).origin
        let authorization = isRegistry ? try authorization(for: request) : nil
        let body = CollectedBody(limit: request.limit, peer: url.authority)
        do {
            let plain = try httpRequest(request, url, authorization, body: .pushed(length: length))
            let exchange = try http.begin(plain) { try body.take($1) }
            try push(exchange)
            let response = try exchange.finish()
            session.show(warningsOf: response)
            if isRegistry, response.status == 401 { _ = learn(from: response, base: url, sent: authorization) }
            return session.scrubbed(HTTPAnswer(response, body: body.bytes))
        } catch let error as HTTPError { throw RegistryError.http(error) }
    }
}

/// An answer's body, bounded.
private final class CollectedBody {
    private(set) var bytes: [UInt8] = []
    private let limit: Int
    private let peer: String

    init(limit: Int, peer: String) {
        self.limit = limit
        self.peer = peer
    }

    func take(_ more: UnsafeRawBufferPointer) throws {
        guard more.count <= limit - bytes.count else { throw HTTPError.tooLarge(peer: peer, limit: limit) }
        bytes.append(contentsOf: more)
    }
}
