// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@Suite struct LockFileTests {
    @Test func aTemporaryOneGoesWithItsHolder() throws {
        let scratch = try Scratch()
        var lock: LockFile? = try LockFile(in: scratch.path, prefix: ".running-")
        let path = try #require(lock?.path)
        #expect(try FileStatus.of(path)?.mode == 0o600)
        #expect(try LockFile.removeAbandoned(path) == false)
        lock = nil
        #expect(try FileStatus.of(path) == nil)
        #expect(try LockFile.removeAbandoned(path))
    }

    @Test func whatAKillLeftIsRemoved() throws {
        let scratch = try Scratch()
        let path = try scratch.write([], to: ".running-abcdef")
        #expect(try LockFile.removeAbandoned(path))
        #expect(try FileStatus.of(path) == nil)
    }

    @Test func waitingCanBeCancelled() throws {
        let scratch = try Scratch()
        let path = scratch.file("lock")
        let held = try LockFile(path, cancellation: .never)
        #expect(try FileStatus.of(path)?.mode == 0o600)
        #expect(throws: SystemError("lock", path, .cancelled)) {
            _ = try LockFile(path, cancellation: Cancellation { true })
        }
        withExtendedLifetime(held) {}
    }

    @Test func theNextOneGetsItAfterwards() throws {
        let scratch = try Scratch()
        for _ in 0..<2 { _ = try LockFile(scratch.file("lock"), cancellation: Cancellation { true }) }
        #expect(try FileStatus.of(scratch.file("lock")) != nil)
    }
}
