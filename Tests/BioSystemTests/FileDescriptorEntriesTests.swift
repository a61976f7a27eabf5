// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct FileDescriptorEntriesTests {
    private func name(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func nothingIsReplacedOrFollowed() throws {
        let scratch = try Scratch()
        let directory = try FileDescriptor.open(scratch.path, O_RDONLY | O_DIRECTORY)
        try directory.makeSymlink(name("link"), to: name("nowhere"))
        for taken in ["link", "directory"] {
            if taken == "directory" { try directory.makeDirectory(name(taken), mode: 0o700) }
            #expect(throws: Errno.exists) { _ = try directory.makeFile(name(taken), mode: 0o600) }
            #expect(throws: Errno.exists) { try directory.makeDirectory(name(taken), mode: 0o700) }
            #expect(throws: Errno.exists) { try directory.makeSymlink(name(taken), to: name("x")) }
        }
        #expect(try FileStatus.ofLink(scratch.file("nowhere")) == nil)
    }

    @Test func directoriesOpenBeneathAndLinksDoNot() throws {
        let scratch = try Scratch()
        let directory = try FileDescriptor.open(scratch.path, O_RDONLY | O_DIRECTORY)
        try directory.makeDirectory(name("d"), mode: 0o755)
        try directory.makeSymlink(name("l"), to: name("d"))
        #expect(try directory.openBeneath(name("d"), O_RDONLY | O_DIRECTORY).status().kind == .directory)
        for path in ["l", "d/../..", "/etc", "l/x"] {
            #expect(throws: SystemError.self) { _ = try directory.openBeneath(name(path)) }
        }
    }

    @Test func linksAndTimesAreOfTheEntryItself() throws {
        let scratch = try Scratch()
        let directory = try FileDescriptor.open(scratch.path, O_RDONLY | O_DIRECTORY)
        let file = try directory.makeFile(name("f"), mode: 0o600)
        try file.setModified(1_000)
        try directory.makeLink(name("g"), to: name("f"), in: directory)
        try directory.makeSymlink(name("l"), to: name("f"))
        try directory.setModified(of: name("l"), 2_000)
        #expect(try FileStatus.ofLink(scratch.file("g"))?.linkCount == 2)
        #expect(try FileStatus.ofLink(scratch.file("f"))?.modified == 1_000)
        #expect(try FileStatus.ofLink(scratch.file("l"))?.modified == 2_000)
    }
}
