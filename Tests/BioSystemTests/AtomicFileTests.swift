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
        let held = try LockFile(in: scratch.path, prefix: ".bio-")
        for name in [".bio-abcdef", ".bio-export-abcdef", ".bio-abcde_", "file"] {
            _ = try scratch.write([1], to: name)
        }
        chmod(scratch.file(".bio-abcdef"), 0o400)
        try AtomicFile.write([2], to: scratch.file("file"))
        let name = String(held.path.split(separator: "/").last ?? "")
        #expect(try Set(names(scratch.path)) == [name, ".bio-export-abcdef", ".bio-abcde_", "file"])
    }
}
