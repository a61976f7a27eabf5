// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioHTTP
import BioPackage
package import BioSystem
import Glibc

/// Why a Docker engine did not do what it was asked. `action` completes "to …": `load the image`.
package enum EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `DOCKER_HOST` names no unix socket.
    case unsupportedHost(String)
    /// `BIO_ENGINE_TIMEOUT` is no number of seconds.
    case badTimeout(String)
    /// No socket is there, or nobody listens.
    case absent(socket: String)
    case forbidden(socket: String, Errno)
    /// It says no, and why.
    case refused(action: String, status: Int, message: String)
    case silent(action: String, socket: String, seconds: Int)
    /// It closed the connection before it had answered.
    case died(action: String, socket: String)
    /// What it answers cannot be understood.
    case malformed(action: String, problem: String)
    /// The image it has after loading is not the one that was sent.
    case otherImage(name: String, expected: Digest, found: String)
    /// No image of that name is there; `known` are the names that are.
    case noImage(name: String, known: [String])
    /// An image must be named: so many are there.
    case unnamed(count: Int, known: [String])
    /// The tar of a layer was not as long as its members had announced.
    case layerLength(title: String, announced: Int64, delivered: Int64)
    case http(HTTPError)

    package var description: String {
        switch self {
        case .unsupportedHost(let text): "DOCKER_HOST is \(text.quoted), and only unix sockets can be used"
        case .badTimeout(let text):
            "BIO_ENGINE_TIMEOUT is \(text.quoted), which is no number of seconds from 1 to 86400"
        case .absent(let socket): "no Docker engine listens at \(socket.quoted)"
        case .forbidden(let socket, let errno):
            "the socket of the Docker engine, \(socket.quoted), cannot be used: \(errno)"
        case .refused(let action, let status, let message):
            "the Docker engine refuses to \(action): " + (message.isEmpty ? "HTTP status \(status)" : message)
        case .silent(let action, let socket, let seconds):
            "the Docker engine at \(socket.quoted) has been silent for \(seconds) s when it was to \(action)"
        case .died(let action, let socket):
            "the Docker engine at \(socket.quoted) closed the connection when it was to \(action)"
        case .malformed(let action, let problem):
            "what the Docker engine answers when it is to \(action) cannot be understood: \(problem)"
        case .otherImage(let name, let expected, let found):
            "the Docker engine has \(found) as \(name.quoted), and \(expected) was sent"
        case .noImage(let name, _): "the Docker engine has no image \(name.quoted)"
        case .unnamed(0, _): "the Docker engine has no image"
        case .unnamed(let count, _): "the Docker engine has \(count) images, and none was named"
        case .layerLength(let title, let announced, let delivered):
            "the layer \(title.quoted) has \(delivered) bytes where \(announced) were announced"
        case .http(let error): "\(error)"
        }
    }

    package var hint: String? {
        let elsewhere = "or write a file that it can load later: --to oci-archive:FILE"
        return switch self {
        case .unsupportedHost:
            "forward the engine's socket (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and set "
                + "DOCKER_HOST=unix:///tmp/docker.sock, \(elsewhere)"
        case .absent: "start it (systemctl start docker), name its socket (DOCKER_HOST=unix:///PATH), \(elsewhere)"
        case .forbidden(_, let errno) where ![EACCES, EPERM].contains(errno.rawValue):
            "name the engine's socket (DOCKER_HOST=unix:///PATH), \(elsewhere)"
        case .forbidden:
            "join the group that may use it (sudo usermod -aG docker USER, then log in again), \(elsewhere)"
        case .refused(_, _, let message) where message.contains("no space left"):
            "free some space where the engine keeps its images (docker system df, docker system prune)"
        case .silent: "look at its log (journalctl -u docker); BIO_ENGINE_TIMEOUT=SECONDS waits longer"
        case .died: "look at its log (journalctl -u docker), start it and try again"
        case .noImage(_, let known), .unnamed(_, let known):
            known.isEmpty ? nil : "there are \(Self.list(known))"
        case .http(let error): error.hint
        case .badTimeout, .refused, .malformed, .otherImage, .layerLength: nil
        }
    }
}

extension EngineError {
    private static func list(_ names: [String]) -> String {
        let shown = 10
        let more = names.count > shown ? ["\(names.count - shown) more"] : []
        return (names.prefix(shown).map(\.quoted) + more).joined(separator: ", ")
    }

    /// What an exchange's failure means when the server is an engine.
    static func told(by error: any Error, action: String) -> any Error {
        guard let error = error as? HTTPError else { return error }
        return switch error {
        case .notConnected(let socket, let errno) where [ENOENT, ENOTDIR, ECONNREFUSED].contains(errno.rawValue):
            EngineError.absent(socket: socket)
        case .notConnected(let socket, let errno): EngineError.forbidden(socket: socket, errno)
        case .connectTimedOut(let socket, let seconds), .stalled(let socket, let seconds):
            EngineError.silent(action: action, socket: socket, seconds: seconds)
        case .cut(let socket): EngineError.died(action: action, socket: socket)
        case .malformed: EngineError.malformed(action: action, problem: "it is no HTTP")
        case .tooLarge(_, let limit):
            EngineError.malformed(action: action, problem: "it is longer than \(limit) bytes")
        case .cancelled: SystemError(action, "the Docker engine", .cancelled)
        case .unknownHost, .libraryMissing, .failed, .certificate, .noTLS, .ownCertificate, .authorities, .unknownProxy,
            .proxyRefused:
            EngineError.http(error)
        }
    }
}
