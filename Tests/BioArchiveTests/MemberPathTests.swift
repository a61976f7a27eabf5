// SPDX-License-Identifier: Apache-2.0

import BioArchive
import Testing

@Suite struct MemberPathTests {
    @Test(arguments: [("a", "a"), ("a/b/", "a/b"), ("./a", "a"), ("..a/b..", "..a/b.."), ("a/...", "a/...")])
    func makesPathsPlain(raw: String, plain: String) throws {
        #expect(try MemberPath.plain(path(raw)) == path(plain))
    }

    @Test func keepsTheLengthLimits() throws {
        let component = String(repeating: "c", count: 255)
        #expect(try MemberPath.plain(path(component)) == path(component))
        #expect(throws: ArchiveError.memberName(path: path(component + "c"), .componentTooLong)) {
            try MemberPath.plain(path(component + "c"))
        }
        let piece = String(repeating: "d", count: 15)
        let longest = String(repeating: piece + "/", count: 255) + piece
        #expect(try MemberPath.plain(path(longest)).count == 4095)
        #expect(throws: ArchiveError.memberName(path: path(longest + "f"), .tooLong)) {
            try MemberPath.plain(path(longest + "f"))
        }
        let deepest = String(repeating: "d/", count: 255) + "e"
        #expect(try MemberPath.plain(path(deepest)).count == 511)
        #expect(throws: ArchiveError.memberName(path: path("d/" + deepest), .tooDeep)) {
            try MemberPath.plain(path("d/" + deepest))
        }
    }

    @Test func showsNamesWithoutLettingThemDriveTheTerminal() {
        #expect(MemberPath.text(path("a\u{1B}[31m\nb")) == "a\\u{1b}[31m\\u{a}b")
        #expect(MemberPath.text([0x61, 0xFF]) == "a\u{FFFD}")
        #expect(MemberPath.text(path(String(repeating: "x", count: 300))).unicodeScalars.count == 257)
    }
}
