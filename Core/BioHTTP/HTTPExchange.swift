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
    /// libcurl does not copy them.
    private let authorities: PEMText?
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
        authorities = try client.authorities(request.tls)
        handle = Self.start(request, client, connections, state, authorities)
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

    /// Goes on until `isEnough`, which is asked after each step, or until the response has come whole. For a body that is
    /// read piece by piece: one step delivers a bounded part of it.
    /// - Returns: false when nothing more comes; `finish` tells how it ended.
    package func advance(until isEnough: () -> Bool) throws -> Bool {
        guard let handle else { return false }
        state.isComplete = true
        // The reader's time is not the server's.
        quietSince = .now
        while bio_exchange_perform(handle) != 0 {
            if isEnough() { return true }
            try wait(handle)
        }
        return isEnough()
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
        let text = Self.harmless(String(cString: bio_exchange_text(handle)))
        switch bio_exchange_how_ended(handle) {
        case BIO_EXCHANGE_DONE: return state.response
        case BIO_EXCHANGE_NOT_CONNECTED:
            let number = bio_exchange_error_number(handle)
            guard number != 0 else {
                throw text.contains("proxy") ? HTTPError.unknownProxy(peer: peer) : .failed(peer: peer, text)
            }
            throw HTTPError.notConnected(peer: peer, Errno(rawValue: number))
        case BIO_EXCHANGE_NO_HOST: throw HTTPError.unknownHost(peer: peer)
        case BIO_EXCHANGE_CONNECT_SLOW: throw HTTPError.connectTimedOut(peer: peer, seconds: client.limits.connect)
        case BIO_EXCHANGE_CUT: throw HTTPError.cut(peer: peer)
        case BIO_EXCHANGE_MALFORMED: throw HTTPError.malformed(peer: peer)
        case BIO_EXCHANGE_NO_PROXY_HOST: throw HTTPError.unknownProxy(peer: peer)
        case BIO_EXCHANGE_PROXY_REFUSED:
            throw HTTPError.proxyRefused(peer: peer, status: Int(bio_exchange_proxy_status(handle)))
        case BIO_EXCHANGE_NO_TLS: throw HTTPError.noTLS(peer: peer, text)
        case BIO_EXCHANGE_DISTRUSTED: throw HTTPError.certificate(peer: peer, Self.fault(of: handle, text))
        case BIO_EXCHANGE_OWN_CERTIFICATE: throw HTTPError.ownCertificate(text)
        case BIO_EXCHANGE_AUTHORITIES: throw HTTPError.authorities(text)
        default: throw HTTPError.failed(peer: peer, text)
        }
    }

    /// libcurl's words may name a proxy as the environment has it, with who goes there.
    private static func harmless(_ text: String) -> String {
        text.split(separator: " ").map { $0.contains("@") ? "…" : $0 }.joined(separator: " ")
    }

    private static func fault(of handle: OpaquePointer, _ text: String) -> CertificateFault {
        switch bio_exchange_distrust(handle) {
        case BIO_DISTRUST_EXPIRED: .expired
        case BIO_DISTRUST_NOT_YET_VALID: .notYetValid
        case BIO_DISTRUST_UNKNOWN_AUTHORITY: .unknownAuthority
        case BIO_DISTRUST_OTHER_NAME: .otherName
        case BIO_DISTRUST_REVOKED: .revoked
        default: .other(text)
        }
    }
}
