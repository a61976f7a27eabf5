// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

extension HTTPExchange {
    /// Gives libcurl the request. What the plan points to is copied there, but for a body in memory and the authorities,
    /// which `state` and the exchange keep. Nil when there is no memory.
    static func start(
        _ request: HTTPRequest, _ client: HTTPClient, _ connections: Connections, _ state: ExchangeState,
        _ authorities: PEMText?
    ) -> OpaquePointer? {
        let texts = CTexts()
        let headers = request.headers.map { texts.keep("\($0.name): \($0.value)") }
        let tls = bio_exchange_tls(
            authorities: authorities?.address, authority_bytes: authorities?.count ?? 0,
            certificate: request.tls.clientCertificate.flatMap(texts.keep),
            key: request.tls.clientKey.flatMap(texts.keep), accepts_anybody: request.tls.verifiesPeer ? 0 : 1)
        guard let method = texts.keep(request.method), let url = texts.keep(request.url) else { return nil }
        return headers.withUnsafeBufferPointer { headers in
            var plan = bio_exchange_plan(
                method: method, url: url, socket_path: client.socket.flatMap(texts.keep),
                headers: headers.baseAddress, header_count: headers.count, body_length: length(of: request.body),
                body: state.wholeBody,
                // Engines close connections as they like; registries keep theirs.
                wants_fresh_connection: client.socket != nil && request.body.isPushed ? 1 : 0,
                ignores_proxies: HTTPURL(request.url)?.isLoopback == true ? 1 : 0,
                connect_milliseconds: Int64(client.limits.connect) * 1000, tls: tls,
                aws_scope: request.signing.flatMap { texts.keep($0.scope) },
                aws_access_key: request.signing.flatMap { texts.keep($0.accessKey) },
                aws_secret_key: request.signing.flatMap { texts.keep($0.secretKey) }, calls: ExchangeState.calls,
                // SAFETY: unretained, because the exchange holds its state as long as C may call.
                context: Unmanaged.passUnretained(state).toOpaque())
            return withExtendedLifetime(texts) { bio_exchange_new(connections.handle, &plan) }
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

extension HTTPRequest.Body {
    fileprivate var isPushed: Bool { if case .pushed = self { true } else { false } }
}

/// Texts for C, which live as long as this. Some are secrets: they are wiped.
private final class CTexts {
    private var texts: [UnsafeMutablePointer<CChar>] = []

    func keep(_ text: String) -> UnsafePointer<CChar>? {
        guard let copy = strdup(text) else { return nil }
        texts.append(copy)
        return UnsafePointer(copy)
    }

    deinit {
        for text in texts {
            explicit_bzero(text, strlen(text))
            free(text)
        }
    }
}
