// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// Why there was no response. `peer` is whom it was about: the path of a socket, or a host. A response that says no is none.
package enum HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody takes connections there: the socket is not there, or refuses, or may not be used.
    case notConnected(peer: String, Errno)
    case unknownHost(peer: String)
    /// Connecting took longer than that.
    case connectTimedOut(peer: String, seconds: Int)
    /// Not a byte went either way for that long.
    case stalled(peer: String, seconds: Int)
    /// The connection ended before the response did.
    case cut(peer: String)
    /// What came is no HTTP.
    case malformed(peer: String)
    /// The response's body is longer than was asked for.
    case tooLarge(peer: String, limit: Int)
    /// Whoever answers there cannot show that he is who was meant.
    case certificate(peer: String, CertificateFault)
    /// It speaks no TLS, or none that both sides know.
    case noTLS(peer: String, String)
    /// The client's own certificate or key.
    case ownCertificate(String)
    /// A file of certificate authorities.
    case authorities(String)
    case unknownProxy(peer: String)
    /// The proxy makes no way to the host.
    case proxyRefused(peer: String, status: Int)
    case cancelled
    /// libcurl cannot be loaded.
    case libraryMissing(String)
    /// What else libcurl says.
    case failed(peer: String, String)

    package var description: String {
        switch self {
        case .notConnected(let peer, let errno): "cannot connect to '\(peer)': \(errno)"
        case .unknownHost(let peer): "cannot find the host '\(peer)'"
        case .connectTimedOut(let peer, let seconds):
            "'\(peer)' did not take the connection within \(seconds) s"
        case .stalled(let peer, let seconds): "'\(peer)' has been silent for \(seconds) s"
        case .cut(let peer): "'\(peer)' closed the connection before it had answered"
        case .malformed(let peer): "what '\(peer)' answers is no HTTP"
        case .tooLarge(let peer, let limit): "'\(peer)' answers with more than \(limit) bytes"
        case .certificate(let peer, let fault): "the certificate of '\(peer)' is not to be trusted: \(fault)"
        case .noTLS(let peer, let text): "'\(peer)' cannot be spoken to over TLS: \(text)"
        case .ownCertificate(let text): "the client certificate or its key cannot be used: \(text)"
        case .authorities(let text): "the certificate authorities cannot be used: \(text)"
        case .unknownProxy(let peer): "cannot use the proxy that leads to '\(peer)'"
        case .proxyRefused(let peer, let status): "the proxy makes no way to '\(peer)': \(status)"
        case .cancelled: "cancelled"
        case .libraryMissing(let text): "a library cannot be used: \(text)"
        case .failed(let peer, let text): "no answer from '\(peer)': \(text)"
        }
    }

    package var hint: String? {
        switch self {
        case .libraryMissing: "install it (Debian: libcurl4)"
        case .certificate(_, .unknownAuthority):
            "name the authority that signed it: --registry-ca-cert-path FILE (a PEM file)"
        case .certificate(_, .notYetValid): "look at this machine's clock (date), then at the server's certificate"
        case .certificate(_, .expired): "have the server's certificate renewed, or look at this machine's clock (date)"
        case .certificate(_, .otherName): "use the name that the certificate was made for"
        case .authorities: "PEM files hold them: -----BEGIN CERTIFICATE-----"
        case .noTLS(_, let text) where text.contains("alert"):
            "it may want a certificate of its clients: --registry-client-cert and --registry-client-key"
        case .ownCertificate: "both are PEM files, and belong together; the key has no passphrase"
        case .unknownProxy, .proxyRefused: "look at HTTPS_PROXY, http_proxy, ALL_PROXY and NO_PROXY"
        default: nil
        }
    }
}
