// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@Suite struct DirectoryTests {
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
