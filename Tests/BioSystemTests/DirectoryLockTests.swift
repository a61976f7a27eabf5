// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@Suite struct DirectoryLockTests {
    @Test func oneHasItAndTheNextWaits() throws {
        let scratch = try Scratch()
        let lock = try DirectoryLock(scratch.path, cancellation: .never)
        let error = #expect(throws: SystemError.self) {
            _ = try DirectoryLock(scratch.path, cancellation: Cancellation { true })
        }
        #expect(error == SystemError("lock", scratch.path, .cancelled))
        withExtendedLifetime(lock) {}
    }

    @Test func isFreeOnceItsHolderIsGone() throws {
        let scratch = try Scratch()
        for _ in 0..<2 { _ = try DirectoryLock(scratch.path, cancellation: Cancellation { true }) }
        #expect(try Directory.names(scratch.path).isEmpty)
    }
}
