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

    /// Root may enter anything, so somebody else tries.
    @Test func theirOwnerRemovesDirectoriesThatNobodyMayEnter() async throws {
        let scratch = try Scratch()
        let tree = scratch.file("tree")
        try Directory.create(tree + "/shut/deep")
        _ = try scratch.write([1], to: "tree/shut/deep/file")
        for name in ["/shut/deep", "/shut", ""] { #expect(chmod(tree + name, 0) == 0) }
        #expect(chmod(scratch.path, 0o777) == 0)
        if geteuid() == 0 {
            #expect(chmod(tree, 0o700) == 0 && chmod(tree + "/shut", 0o700) == 0)
            for name in ["/shut/deep/file", "/shut/deep", "/shut", ""] {
                #expect(lchown(tree + name, 65534, 65534) == 0)
            }
            for name in ["/shut", ""] { #expect(chmod(tree + name, 0) == 0) }
        }
        await #expect(processExitsWith: .success) { [tree = tree as String] in
            if geteuid() == 0 { #expect(setgid(65534) == 0 && setuid(65534) == 0) }
            try Directory.remove(tree)
        }
        #expect(try FileStatus.ofLink(tree) == nil)
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
