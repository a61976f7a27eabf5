// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioExport

@Suite struct DirectorySealTests {
    private func seal(_ path: String) throws -> Digest {
        var seal = DirectorySeal("dir")
        return try seal.seal(try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY))
    }

    @Test func modesBecomePlainAndTheDigestTellsTheContent() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("sub"), mode: 0o700)
        _ = try scratch.write([1], to: "sub/run")
        _ = try scratch.write([2], to: "text")
        chmod(scratch.file("sub/run"), 0o4710)
        chmod(scratch.file("text"), 0o666)
        symlink("../text", scratch.file("sub/link"))
        let listing =
            "d 755 sub\0l 777 sub/link\0../text\0f 755 \(Digest.sha256(of: [1]).hex) sub/run\0"
            + "f 644 \(Digest.sha256(of: [2]).hex) text\0"
        #expect(try seal(scratch.path) == Digest.sha256(of: Array(listing.utf8)))
        #expect(
            try treeListing(scratch.path)
                == ["d 755 sub", "l sub/link -> ../text", "f 755 1 sub/run", "f 644 1 text"])
    }

    @Test func whatIsNoContentIsRefused() throws {
        let scratch = try Scratch()
        mkfifo(scratch.file("fifo"), 0o600)
        #expect(throws: ServiceError(.invalid, "'dir/fifo' in the artifact is a device, socket or pipe")) {
            try seal(scratch.path)
        }
        unlink(scratch.file("fifo"))
        symlink("/etc", scratch.file("link"))
        #expect(throws: ServiceError(.invalid, "the link 'dir/link' leads out of the artifact, to '/etc'")) {
            try seal(scratch.path)
        }
        unlink(scratch.file("link"))
        try Directory.create(scratch.file((0...DirectorySeal.mostLevels).map { _ in "d" }.joined(separator: "/")))
        #expect(throws: ServiceError(.limit, "the directory 'dir' is more than 128 levels deep")) {
            try seal(scratch.path)
        }
    }

    @Test(arguments: [
        ("a", 0, true), ("a/b", 0, true), ("./a/./b", 0, true), ("..", 0, false), ("..", 1, true), ("../a", 1, true),
        ("../../a", 1, false), ("./../a", 1, true), ("a/..", 1, false), ("a/../b", 0, false), ("/a", 3, false),
        ("", 0, false), ("..a/b..", 0, true), (".", 0, true),
    ])
    func linksStayInside(_ target: String, _ levels: Int, _ stays: Bool) {
        #expect(DirectorySeal.staysInside(Array(target.utf8), levels: levels) == stays)
    }
}
