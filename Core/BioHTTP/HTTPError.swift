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
        case .cancelled: "cancelled"
        case .libraryMissing(let text): "a library cannot be used: \(text)"
        case .failed(let peer, let text): "no answer from '\(peer)': \(text)"
        }
    }

    package var hint: String? {
        switch self {
        case .libraryMissing: "install it (Debian: libcurl4)"
        default: nil
        }
    }
}
