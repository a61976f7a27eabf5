// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct FileStatusTests {
    @Test func tellsLinksFromWhatTheyLeadTo() throws {
        let scratch = try Scratch()
        _ = try scratch.write([1, 2], to: "file")
        #expect(symlink("file", scratch.file("link")) == 0)
        #expect(symlink("nothing", scratch.file("dangling")) == 0)
        #expect(try FileStatus.of(scratch.file("link"))?.kind == .file)
        #expect(try FileStatus.ofLink(scratch.file("link"))?.kind == .symlink)
        #expect(try FileStatus.of(scratch.file("dangling")) == nil)
        #expect(try FileStatus.ofLink(scratch.file("dangling"))?.kind == .symlink)
        #expect(try FileStatus.of(scratch.file("file/below")) == nil)
    }

    @Test func knowsSetIdBits() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1], to: "file")
        #expect(chmod(path, 0o4755) == 0)
        #expect(try FileStatus.of(path)?.mode == 0o4755)
    }
}
