// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct LockedDirectoryTests {
    @Test func removesOnlyWhatNobodyUses() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file(".work-dead/deep"))
        try Directory.create(scratch.file(".other-dead"))
        let alive = try #require(try LockedDirectory(in: scratch.path, prefix: ".work-"))
        #expect(try LockedDirectory.removeAbandoned(in: scratch.path, prefix: ".work-") == [scratch.file(".work-dead")])
        #expect(try FileStatus.of(alive.path)?.mode == 0o700)
        #expect(try FileStatus.of(scratch.file(".other-dead")) != nil)
    }

    /// In a shared directory it could not be removed.
    @Test(.enabled(if: geteuid() == 0)) func whatAnotherUserLeftStays() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file(".work-theirs"))
        try #require(lchown(scratch.file(".work-theirs"), 65534, 65534) == 0)
        #expect(try LockedDirectory.removeAbandoned(in: scratch.path, prefix: ".work-").isEmpty)
        #expect(try FileStatus.of(scratch.file(".work-theirs")) != nil)
    }

    @Test func goesWithAllThatIsInIt() throws {
        let scratch = try Scratch()
        var directory = try LockedDirectory(in: scratch.path, prefix: ".work-")
        let path = try #require(directory?.path)
        try Directory.create(path + "/deep/deeper")
        directory = nil
        #expect(try FileStatus.of(path) == nil)
    }

    @Test func isNotMadeWithoutItsParent() throws {
        let scratch = try Scratch()
        #expect(try LockedDirectory(in: scratch.file("nowhere"), prefix: ".work-") == nil)
        #expect(try LockedDirectory.removeAbandoned(in: scratch.file("nowhere"), prefix: ".work-").isEmpty)
    }
}
