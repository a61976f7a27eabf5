// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Somebody's wish that long work ends. Loops over files ask between blocks, and then fail with ECANCELED, so that the
/// wish needs no error of its own in every module on the way up.
package struct Cancellation: Sendable {
    private let ask: @Sendable () -> Bool

    package init(_ ask: @escaping @Sendable () -> Bool) { self.ask = ask }

    /// Never comes.
    package static let never = Cancellation { false }

    package var isRequested: Bool { ask() }

    /// Throws when the wish is there; `action` and `path` say what it stopped.
    package func check(_ action: String, _ path: String) throws(SystemError) {
        if ask() { throw SystemError(action, path, .cancelled) }
    }
}
