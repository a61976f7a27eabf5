// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct DirectoryTests {
    @Test func createsEveryMissingParent() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("a/b/c"))
        try Directory.create(scratch.file("a/b/c"))
        #expect(try FileStatus.of(scratch.file("a/b/c"))?.kind == .directory)
    }

    @Test func refusesToCreateOverAFile() throws {
        let scratch = try Scratch()
        let path = try scratch.write([], to: "file")
        #expect(throws: SystemError("create directory", path, .exists)) { try Directory.create(path) }
    }

    @Test func listsNamesInByteOrder() throws {
        let scratch = try Scratch()
        for name in ["b", "a", "B", ".hidden", "ä"] { _ = try scratch.write([], to: name) }
        #expect(
            try Directory.names(scratch.path).map { String(decoding: $0, as: UTF8.self) }
                == [".hidden", "B", "a", "b", "ä"])
    }

    @Test func removesTreesWithoutFollowingLinks() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("tree/closed/deep"))
        try Directory.create(scratch.file("outside"))
        _ = try scratch.write([1], to: "outside/kept")
        _ = try scratch.write([1], to: "tree/closed/deep/file")
        #expect(symlink(scratch.file("outside"), scratch.file("tree/link")) == 0)
        #expect(chmod(scratch.file("tree/closed"), 0o500) == 0)
        try Directory.remove(scratch.file("tree"))
        #expect(try FileStatus.ofLink(scratch.file("tree")) == nil)
        #expect(try FileStatus.of(scratch.file("outside/kept"))?.size == 1)
    }

    @Test func removesNothingQuietly() throws {
        let scratch = try Scratch()
        try Directory.remove(scratch.file("never"))
    }

    @Test func removesWhatHasNamesThatAreNotUTF8AndWhatIsReadOnly() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("tree"))
        let root = try FileDescriptor.open(scratch.file("tree"))
        try root.makeDirectory([0xFF], mode: 0o755)
        let odd = try root.openBeneath([0xFF])
        _ = try odd.makeFile([0xFE], mode: 0o600)
        try odd.makeSymlink([0x6C], to: Array("/etc".utf8))
        try odd.setMode(0o555)
        try Directory.remove(scratch.file("tree"))
        #expect(try FileStatus.ofLink(scratch.file("tree")) == nil)
    }
}
