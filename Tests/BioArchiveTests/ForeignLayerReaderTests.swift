// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import BioTestSupport
import Testing

@Suite struct ForeignLayerReaderTests {
    private func read(
        _ bytes: [UInt8], limits: PayloadReader.Limits = .init(), cancellation: Cancellation = .never
    ) throws(ArchiveError) -> (members: [LayerMember], diffID: Digest) {
        var reader = try ForeignLayerReader(MemorySource(bytes), limits: limits, cancellation: cancellation)
        var members: [LayerMember] = []
        while let member = try reader.next() {
            var count: Int64 = 0
            while let block = try reader.nextBlock() { count += Int64(block.count) }
            #expect(count == member.size)
            members.append(member)
        }
        return (members, try reader.diffID())
    }

    private func paths(_ tar: [UInt8]) throws -> [String] {
        try read(tar).members.map { String(decoding: $0.path, as: UTF8.self) }
    }

    private static let mixed = RawTar.archive { tar in
        tar.directory("./")
        tar.directory("etc/")
        tar.file("./etc/passwd", "root")
        tar.file("/etc//./group", "x")
        tar.file("etc/.wh.shadow")
        tar.file("var/.wh..wh..opq")
        tar.file("var/.wh..wh.plnk")
        tar.hardLink("etc/again", to: "./etc/passwd")
        tar.symlink("bin", to: "usr/bin")
        var device = RawTar.Header("dev/null", type: "3", mode: 0o666)
        device.patches = [329: Array("0000001\u{0}0000003\u{0}".utf8), 108: Array("0001750".utf8)]
        tar.header(device)
        tar.header(RawTar.Header("run/pipe", type: "6"))
        tar.header(RawTar.Header("contiguous", type: "7"))
    }

    @Test func namesAreCleanedAndWhiteoutsToldApart() throws {
        let members = try read(Self.mixed).members
        #expect(
            members.map { String(decoding: $0.path, as: UTF8.self) } == [
                "", "etc", "etc/passwd", "etc/group", "etc/shadow", "var", "etc/again", "bin", "dev/null", "run/pipe",
                "contiguous",
            ])
        #expect(
            members.map(\.kind) == [
                .directory, .directory, .file, .file, .whiteout, .opaque, .hardLink(path("etc/passwd")),
                .symlink(path("usr/bin")), .characterDevice(major: 1, minor: 3), .fifo, .file,
            ])
        #expect(members[8].uid == 0o1750 && members[8].mode == 0o666)
    }

    @Test(arguments: [Compression.none, .gzip, .gzipFast, .zstd(level: 3)])
    func theDiffIDIsOfTheTar(_ compression: Compression) throws {
        let (members, diffID) = try read(compressed(Self.mixed, compression))
        #expect(members.count == 11 && diffID == .sha256(of: Self.mixed))
    }

    /// Engines do not look behind the end, and the diff id counts all of it.
    @Test func whatStandsBehindTheEndIsHashed() throws {
        let tar = Self.mixed + [UInt8](repeating: 0, count: 3 << 20) + [1, 2, 3]
        #expect(try read(tar).diffID == .sha256(of: tar))
    }

    @Test func theEndNeedsNoMarker() throws {
        let tar = RawTar.archive { $0.file("a", "b") }
        #expect(try paths(tar.dropLast(1024)) == ["a"])
        #expect(try paths(tar.dropLast(512)) == ["a"])
        #expect(try paths([UInt8](repeating: 0, count: 1024)) == [])
        // As umoci insert writes it: one byte of 512.
        #expect(try paths(tar.dropLast(1024 + 511)) == ["a"])
        #expect(throws: ArchiveError.truncated) { try read(tar.dropLast(1024 + 512)) }
        #expect(throws: ArchiveError.truncated) { try read(tar.dropLast(1024 + 512 + 100)) }
    }

    @Test func oldHeadersAreRead() throws {
        let tar = RawTar.archive { tar in
            var old = RawTar.Header("old")
            old.magic = [UInt8](repeating: 0, count: 8)
            tar.header(old)
            var early = RawTar.Header("early")
            early.patches = [136: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]]
            early.magic = RawTar.gnuMagic
            tar.header(early)
        }
        let members = try read(tar).members
        #expect(members.map(\.path) == [path("old"), path("early")])
        #expect(members[1].mtime == -2)
    }

    @Test func namesThatLeadOutAreRefused() {
        for name in ["../a", "a/../../b", "/.."] {
            #expect(throws: ArchiveError.memberEscapes(path: path(name))) {
                try read(RawTar.archive { $0.file(name) })
            }
        }
        #expect(throws: ArchiveError.memberEscapes(path: path("../etc/passwd"))) {
            try read(RawTar.archive { $0.hardLink("a", to: "../etc/passwd") })
        }
        for name in ["a/.wh.", "a/.wh..", "a/.wh..."] {
            #expect(throws: ArchiveError.memberName(path: path(name), .whiteoutOfNothing)) {
                try read(RawTar.archive { $0.file(name) })
            }
        }
    }

    @Test func otherKindsAreRefused() {
        #expect(throws: ArchiveError.memberKind(path: path("a"), kind: "sparse file")) {
            try read(RawTar.archive { $0.header(RawTar.Header("a", type: "S")) })
        }
        // An ordinary payload has neither devices nor an open end.
        #expect(throws: ArchiveError.memberKind(path: path("a"), kind: "fifo")) {
            try readAll(RawTar.archive { $0.header(RawTar.Header("a", type: "6")) })
        }
    }

    @Test func limitsHold() throws {
        let tar = RawTar.archive { tar in for index in 0..<5 { tar.file("file-\(index)", "text") } }
        #expect(throws: ArchiveError.tooLarge(.members, limit: 4)) { try read(tar, limits: .init(members: 4)) }
        #expect(throws: ArchiveError.tooLarge(.pathBytes, limit: 20)) { try read(tar, limits: .init(pathBytes: 20)) }
        let bomb = try compressed(tar + [UInt8](repeating: 0, count: 8 << 20), .gzip)
        #expect(throws: ArchiveError.tooLarge(.totalBytes, limit: 1 << 20)) {
            try read(bomb, limits: .init(totalBytes: 1 << 20))
        }
        #expect(throws: ArchiveError.cancelled) { try read(bomb, cancellation: Cancellation { true }) }
    }

    @Test func whatIsNoLayerIsRefused() throws {
        #expect(throws: ArchiveError.self) { try read([]) }
        #expect(throws: ArchiveError.self) { try read([UInt8](repeating: 0x61, count: 2048)) }
        let gzip = try compressed(Self.mixed, .gzip)
        #expect(throws: ArchiveError.self) { try read(Array(gzip.dropLast(4))) }
        #expect(throws: ArchiveError.self) { try read(compressed(gzip, .gzip)) }
    }
}
