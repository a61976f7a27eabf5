// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc
import Synchronization

/// The wish of the user, or of the system, that the program ends. Long work asks `isRequested` between its steps, waits
/// on `descriptor` beside what it waits for, and leaves nothing half-made; a second signal kills the process.
package struct Interruption: Sendable {
    private let ask: @Sendable () -> CInt
    /// Becomes readable when the wish comes, and stays so; -1 where there is none. Owned by the process.
    package let descriptor: CInt

    private init(descriptor: CInt, ask: @escaping @Sendable () -> CInt) {
        self.descriptor = descriptor
        self.ask = ask
    }

    /// Catches SIGINT, SIGTERM and SIGHUP from here on. Call once, in `main`.
    package static func install() -> Interruption {
        Interruption(descriptor: bio_interrupt_install()) { bio_interrupt_signal() }
    }

    /// Never comes.
    package static let none = Interruption(descriptor: -1) { 0 }

    /// Comes when the flag is set; for tests.
    package static func when(_ flag: InterruptionFlag) -> Interruption {
        Interruption(descriptor: -1) { flag.isSet ? SIGINT : 0 }
    }

    package var isRequested: Bool { ask() != 0 }

    /// By which signal the wish came; 0 while it has not.
    package var signal: CInt { ask() }

    /// Throws when the wish is there.
    package func check() throws(CommandFailure) {
        if isRequested { throw .interrupted }
    }
}

/// A wish that a program makes itself.
package final class InterruptionFlag: Sendable {
    private let value = Atomic<Bool>(false)

    package init() {}

    package func set() { value.store(true, ordering: .releasing) }
    package var isSet: Bool { value.load(ordering: .acquiring) }
}
