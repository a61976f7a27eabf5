// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CCurl

/// One request and its response.
///
/// A pushed body goes from the caller's memory into the socket within `push`: no thread, no copy that waits. What ends the
/// exchange early (an answer, an error) is told by `finish`, which is called in any case; without it the end of the object
/// closes the connection.
package final class HTTPExchange {
    private let client: HTTPClient
    private let connections: Connections
    private let peer: String
    private let state: ExchangeState
    private var handle: OpaquePointer?
    private let began = ContinuousClock.now
    private var quietSince = ContinuousClock.now
    private var moved: Int64 = 0
    private static let roundMilliseconds: CInt = 50

    init(
        _ client: HTTPClient, _ request: HTTPRequest,
        receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws(HTTPError) {
        self.client = client
        connections = try client.connect()
        peer = HTTPClient.peer(of: request.url, client.socket)
        state = ExchangeState(request.body, receive: receive)
        handle = Self.start(request, client, connections, state)
        guard handle != nil else { throw .failed(peer: peer, "out of memory") }
    }

    deinit {
        if let handle { bio_exchange_free(handle) }
    }

    /// Bytes of the request's body that libcurl took.
    package var bytesSent: Int64 { state.given }

    /// Sends `bytes` as the next ones of the body.
    /// - Returns: false when no more are wanted: the server has answered already. `finish` tells what.
    package func push(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
        guard let handle, bytes.count > 0 else { return handle != nil }
        state.pending = bytes
        defer { state.pending = UnsafeRawBufferPointer(start: nil, count: 0) }
        // The sender's time is not the server's.
        quietSince = .now
        if state.isPaused {
            state.isPaused = false
            bio_exchange_resume(handle)
        }
        while bio_exchange_perform(handle) != 0 {
            if state.pending.count == 0 { return true }
            try wait(handle)
        }
        return false
    }

    /// Ends the body and waits for the response; its own body has gone to the receiver then.
    package func finish() throws -> HTTPResponse {
        guard let handle else { preconditionFailure("an exchange ends once") }
        defer {
            bio_exchange_free(handle)
            self.handle = nil
        }
        state.isComplete = true
        quietSince = .now
        if state.isPaused {
            state.isPaused = false
            bio_exchange_resume(handle)
        }
        while bio_exchange_perform(handle) != 0 { try wait(handle) }
        return try outcome(handle)
    }

    private func wait(_ handle: OpaquePointer) throws(HTTPError) {
        if client.cancellation.isRequested { throw .cancelled }
        bio_exchange_wait(handle, Self.roundMilliseconds)
        let now = bio_exchange_moved(handle)
        if now != moved {
            moved = now
            quietSince = .now
        } else if ContinuousClock.now - quietSince > .seconds(client.limits.stall) {
            throw .stalled(peer: peer, seconds: client.limits.stall)
        }
        if let whole = client.limits.whole, ContinuousClock.now - began > .seconds(whole) {
            throw .stalled(peer: peer, seconds: whole)
        }
    }

    private func outcome(_ handle: OpaquePointer) throws -> HTTPResponse {
        if let thrown = state.thrown { throw thrown }
        let text = String(cString: bio_exchange_text(handle))
        switch bio_exchange_how_ended(handle) {
        case BIO_EXCHANGE_DONE: return state.response
        case BIO_EXCHANGE_NOT_CONNECTED:
            let number = bio_exchange_error_number(handle)
            guard number != 0 else { throw HTTPError.failed(peer: peer, text) }
            throw HTTPError.notConnected(peer: peer, Errno(rawValue: number))
        case BIO_EXCHANGE_NO_HOST: throw HTTPError.unknownHost(peer: peer)
        case BIO_EXCHANGE_CONNECT_SLOW: throw HTTPError.connectTimedOut(peer: peer, seconds: client.limits.connect)
        case BIO_EXCHANGE_CUT: throw HTTPError.cut(peer: peer)
        case BIO_EXCHANGE_MALFORMED: throw HTTPError.malformed(peer: peer)
        default: throw HTTPError.failed(peer: peer, text)
        }
    }
}

extension HTTPExchange {
    private static func start(
        _ request: HTTPRequest, _ client: HTTPClient, _ connections: Connections, _ state: ExchangeState
    ) -> OpaquePointer? {
        let headers = request.headers.map { Array("\($0.name): \($0.value)".utf8CString) }
        let lines = headers.map { line in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: line.count)
            copy.initialize(from: line, count: line.count)
            return UnsafePointer(copy)
        }
        defer { for line in lines { line.deallocate() } }
        let pointers: [UnsafePointer<CChar>?] = lines
        // SAFETY: unretained, because the exchange holds its state as long as C may call.
        let context = Unmanaged.passUnretained(state).toOpaque()
        func begin(_ method: UnsafePointer<CChar>, _ url: UnsafePointer<CChar>, _ socket: UnsafePointer<CChar>?)
            -> OpaquePointer?
        {
            pointers.withUnsafeBufferPointer { headers in
                var plan = bio_exchange_plan(
                    method: method, url: url, socket_path: socket, headers: headers.baseAddress,
                    header_count: headers.count, body_length: length(of: request.body),
                    is_repeatable: request.body == .none ? 1 : 0,
                    connect_milliseconds: Int64(client.limits.connect) * 1000, calls: ExchangeState.calls,
                    context: context)
                return bio_exchange_new(connections.handle, &plan)
            }
        }
        return request.method.withCString { method in
            request.url.withCString { url in
                guard let socket = client.socket else { return begin(method, url, nil) }
                return socket.withCString { begin(method, url, $0) }
            }
        }
    }

    private static func length(of body: HTTPRequest.Body) -> Int64 {
        switch body {
        case .none: Int64(BIO_LENGTH_NONE)
        case .bytes(let bytes): Int64(bytes.count)
        case .pushed(let length): length ?? Int64(BIO_LENGTH_OPEN)
        }
    }
}
