// SPDX-License-Identifier: Apache-2.0

import BioArchive
import Testing

@Suite struct MemberTreeTests {
    private func file(_ path: String) -> TarMember { TarMember(path: Array(path.utf8), kind: .file, mode: 0o644) }

    @Test func tellsTheDirectoriesThatAreImplied() throws {
        var tree = MemberTree()
        #expect(try tree.admit(file("a/b/c")).implied == [Array("a".utf8), Array("a/b".utf8)])
        #expect(try tree.admit(file("a/b/d")).implied.isEmpty)
        #expect(try tree.admit(TarMember(path: Array("a".utf8), kind: .directory, mode: 0o755)).isThere)
        #expect(tree.implied == [Array("a/b".utf8)])
    }

    @Test func impliedDirectoriesCountAsMembers() throws {
        var tree = MemberTree(limits: .init(members: 3))
        _ = try tree.admit(file("a/b"))
        #expect(throws: ArchiveError.tooLarge(.members, limit: 3)) { try tree.admit(file("c/d")) }
    }

    @Test func theBytesOfAllPathsAreLimited() throws {
        var tree = MemberTree(limits: .init(pathBytes: 10))
        _ = try tree.admit(file("abc/def"))
        #expect(throws: ArchiveError.tooLarge(.pathBytes, limit: 10)) { try tree.admit(file("g")) }
    }

    @Test func hardLinksNeedAnEarlierFile() throws {
        var tree = MemberTree()
        let link = TarMember(path: Array("l".utf8), kind: .hardLink(Array("f".utf8)), mode: 0o644)
        #expect(throws: ArchiveError.hardLinkOutside(path: link.path, target: Array("f".utf8))) { try tree.admit(link) }
        _ = try tree.admit(file("f"))
        _ = try tree.admit(link)
    }
}
