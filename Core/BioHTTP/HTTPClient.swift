// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import CCurl
import Glibc

/// Exchanges with one server, or with whoever the URLs name. Connections stay open from one exchange to the next. One
/// thread at a time uses a client and its exchanges, not always the same.
package final class HTTPClient {
    package struct Limits: Hashable, Sendable {
        /// Seconds until a connection stands.
        package var connect: Int
        /// Seconds without a byte either way while the server is waited for. What the sender of a body takes to make it
        /// does not count.
        package var stall: Int
        /// Seconds from the request to the end of the response, for small questions; nil: any number.
        package var whole: Int?

        package init(connect: Int, stall: Int, whole: Int? = nil) {
            self.connect = connect
            self.stall = stall
            self.whole = whole
        }
    }

    package var limits: Limits
    package let socket: String?
    let cancellation: Cancellation
    private(set) var connections: Connections?
    private var believed: [[String]: PEMText] = [:]

    /// With `socket`, the path of a unix socket, that is spoken to whatever host the URLs name, and no proxy is used.
    package init(socket: String? = nil, limits: Limits, cancellation: Cancellation = .never) {
        self.socket = socket
        self.limits = limits
        self.cancellation = cancellation
    }

    /// Begins an exchange. `receive` gets the body of the response as it comes; what it throws ends the exchange.
    package func begin(
        _ request: HTTPRequest, receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws -> HTTPExchange {
        try HTTPExchange(self, request, receive: receive)
    }

    /// One exchange, its response's body in memory: at most `limit` bytes of it.
    package func send(_ request: HTTPRequest, limit: Int = 1 << 20) throws -> HTTPAnswer {
        let collected = Collected()
        let peer = Self.peer(of: request.url, socket)
        let exchange = try begin(request) { _, bytes in
            guard bytes.count <= limit - collected.bytes.count else {
                throw HTTPError.tooLarge(peer: peer, limit: limit)
            }
            collected.bytes.append(contentsOf: bytes)
        }
        let response = try exchange.finish()
        return HTTPAnswer(response, body: collected.bytes)
    }

    /// libcurl is loaded, and the socket looked at, when the first exchange begins.
    func connect() throws(HTTPError) -> Connections {
        if let connections { return connections }
        if let socket { try UnixSocket.probe(socket, seconds: limits.connect, cancellation) }
        let made = try Connections()
        connections = made
        return made
    }

    /// What `settings` want to be believed besides the system's authorities; the files are read once.
    func authorities(_ settings: TLSSettings) throws(HTTPError) -> PEMText? {
        guard !settings.authorities.isEmpty else { return nil }
        if let known = believed[settings.authorities] { return known }
        let read = try PEMText(ofAuthorities: settings.authorities)
        believed[settings.authorities] = read
        return read
    }

    /// Whom errors name: the socket, or the URL's host.
    static func peer(of url: String, _ socket: String?) -> String {
        if let socket { return socket }
        let authority = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).dropFirst(2).first
        let place = authority.map { $0.prefix { $0 != "/" } } ?? url[...]
        // Credentials are nobody's business.
        return String(place.split(separator: "@").last ?? place)
    }

    private final class Collected {
        var bytes: [UInt8] = []
    }
}

/// libcurl's open connections.
final class Connections {
    let handle: OpaquePointer

    init() throws(HTTPError) {
        var problem: UnsafePointer<CChar>?
        guard let handle = bio_connections_new(&problem) else {
            throw .libraryMissing(problem.map { String(cString: $0) } ?? "libcurl")
        }
        self.handle = handle
    }

    deinit { bio_connections_free(handle) }
}
