// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct AtomicFileTests {
    private func names(_ path: String) throws -> [String] {
        try Directory.names(path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func appearsWholeWithItsMode() throws {
        let scratch = try Scratch()
        let path = scratch.file("file")
        try AtomicFile.write([1, 2, 3], to: path, mode: 0o640)
        #expect(try contents(of: path) == [1, 2, 3])
        #expect(try FileStatus.of(path)?.mode == 0o640)
        #expect(try names(scratch.path) == ["file"])
    }

    @Test func leavesNothingWhenItIsNotCommitted() throws {
        let scratch = try Scratch()
        do {
            let file = try AtomicFile(scratch.file("file"))
            try file.descriptor.writeAll([1])
        }
        #expect(try names(scratch.path).isEmpty)
    }

    /// So a kill leaves nothing of it.
    @Test(arguments: [true, false]) func hasNoNameBeforeItIsWhole(replaces: Bool) throws {
        let scratch = try Scratch()
        if replaces { _ = try scratch.write([0], to: "file") }
        let before = try names(scratch.path)
        let file = try AtomicFile(scratch.file("file"))
        try file.descriptor.writeAll([1])
        #expect(try names(scratch.path) == before)
        try file.commit(mode: 0o400)
        #expect(try names(scratch.path) == ["file"])
        #expect(try contents(of: scratch.file("file")) == [1])
        #expect(try FileStatus.of(scratch.file("file"))?.mode == 0o400)
    }

    @Test func replacesOnlyWhenAllowed() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1], to: "file")
        #expect(throws: SystemError("create", path, .exists)) {
            try AtomicFile.write([2], to: path, replacing: false)
        }
        #expect(try contents(of: path) == [1])
        try AtomicFile.write([2], to: path)
        #expect(try contents(of: path) == [2])
        #expect(try names(scratch.path) == ["file"])
    }

    @Test func saysWhereItCannotBeMade() throws {
        #expect(throws: SystemError("create", "/nowhere/file", .noSuchFile)) {
            try AtomicFile.write([], to: "/nowhere/file")
        }
    }

    /// A kill between the two names that replacing takes leaves the first; one that is in use is locked.
    @Test func whatAKillLeftGoesWithTheNextReplacement() throws {
        let scratch = try Scratch()
        let (mine, held) = (".bio-draft-abcdefghij012345", ".bio-draft-0123456789abcdef")
        let others = [".bio-config", ".bio-export-abcdef", ".bio-draft-abcdef", ".bio-draft-ABCDEFGHIJ012345", "file"]
        for name in others + [mine, held] { _ = try scratch.write([1], to: name) }
        let lock = try LockFile(scratch.file(held), cancellation: .never)
        chmod(scratch.file(mine), 0o400)
        try AtomicFile.write([2], to: scratch.file("file"))
        #expect(try Set(names(scratch.path)) == Set(others + [held]))
        withExtendedLifetime(lock) {}
    }
}
