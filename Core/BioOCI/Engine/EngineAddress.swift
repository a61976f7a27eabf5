// SPDX-License-Identifier: Apache-2.0

/// Where a Docker engine listens.
package struct EngineAddress: Hashable, Sendable, CustomStringConvertible {
    /// The path of its unix socket.
    package let socket: String

    package static let standardSocket = "/var/run/docker.sock"

    package init(socket: String) { self.socket = socket }

    /// What `DOCKER_HOST` says: `unix://` and an absolute path. Nil and empty: the place where Docker listens by itself.
    package init(dockerHost: String?) throws(EngineError) {
        guard let dockerHost, !dockerHost.isEmpty else {
            self.init(socket: Self.standardSocket)
            return
        }
        let scheme = "unix://"
        guard dockerHost.utf8.starts(with: scheme.utf8) else { throw .unsupportedHost(dockerHost) }
        let path = String(dockerHost.dropFirst(scheme.count))
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { throw .unsupportedHost(dockerHost) }
        self.init(socket: path)
    }

    package var description: String { "unix://\(socket)" }
}

/// How long an engine is waited for, in seconds.
package struct EngineLimits: Hashable, Sendable {
    /// For answers to small questions.
    package var answer: Int
    /// Silence while an image is loaded: unpacking a large layer takes its time.
    package var work: Int

    package init(answer: Int = 30, work: Int = 300) {
        self.answer = answer
        self.work = work
    }

    /// What `BIO_ENGINE_TIMEOUT` says: seconds of silence while an image is loaded. Nil and empty: 300.
    package init(timeout: String?) throws(EngineError) {
        guard let timeout, !timeout.isEmpty else {
            self.init()
            return
        }
        guard let seconds = Int(timeout), 1...86400 ~= seconds else { throw .badTimeout(timeout) }
        self.init(answer: min(30, seconds), work: seconds)
    }
}
