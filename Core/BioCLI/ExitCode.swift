// SPDX-License-Identifier: Apache-2.0

/// Everything a `bio` process can end with.
package enum ExitCode: Int32, CaseIterable, Hashable, Sendable {
    case done = 0
    case failure = 1
    case packageNotFound = 3
    case trustRefused = 4
    case pluginUnusable = 5
    case remoteRefused = 6
    case different = 7
    case usage = 64
    case interrupted = 130

    /// One line for the help text.
    package var meaning: String {
        switch self {
        case .done: "done"
        case .failure: "failed; the message says why"
        case .packageNotFound: "a package is not there"
        case .trustRefused: "a signature, a key or a hash is refused"
        case .pluginUnusable: "a plugin could not be used"
        case .remoteRefused: "a remote service refused"
        case .different: "what was compared differs"
        case .usage: "the command line is wrong"
        case .interrupted: "interrupted"
        }
    }
}
