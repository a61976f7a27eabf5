// SPDX-License-Identifier: Apache-2.0

/// What the user learns when a command fails; the only error `main` knows.
package struct CommandFailure: Error, Hashable, Sendable {
    package enum Kind: CaseIterable, Hashable, Sendable {
        case usage, failure, packageNotFound, trust, plugin, remote, interrupted
        /// What was compared differs: the result tells how.
        case different
        /// Whoever read standard output went away: nothing is said about it.
        case outputClosed

        package var exitCode: ExitCode {
            switch self {
            case .usage: .usage
            case .failure, .outputClosed: .failure
            case .packageNotFound: .packageNotFound
            case .trust: .trustRefused
            case .plugin: .pluginUnusable
            case .remote: .remoteRefused
            case .different: .different
            case .interrupted: .interrupted
            }
        }
    }

    package let kind: Kind
    /// Lower case, no final period, path or ident named.
    package let message: String
    /// Next steps, each one line.
    package let hints: [String]

    package init(_ kind: Kind, _ message: String, hints: [String] = []) {
        self.kind = kind
        self.message = message
        self.hints = hints
    }

    package init(_ kind: Kind, _ message: String, hint: String?) {
        self.init(kind, message, hints: hint.map { [$0] } ?? [])
    }

    package static let interrupted = CommandFailure(.interrupted, "interrupted")

    package static let different = CommandFailure(.different, "different")

    package var exitCode: ExitCode { kind.exitCode }

    /// Nothing is said about it.
    package var isSilent: Bool { kind == .outputClosed || kind == .different }
}
