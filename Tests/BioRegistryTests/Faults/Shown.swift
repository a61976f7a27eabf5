// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What was told to whoever shows it.
final class Shown: Sendable {
    private let texts: Mutex<[String]> = Mutex([])

    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
