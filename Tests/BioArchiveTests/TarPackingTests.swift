// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct TarPackingTests {
    static let long = path(String(repeating: "directory/", count: 20) + "name")
    static let unsplittable = path(String(repeating: "n", count: 180))
    static let foreign = path("caf") + [0xE9]

    /// One of everything a tar here can hold.
    static func members() -> [(TarMember, [UInt8])] {
        func file(_ name: [UInt8], _ body: [UInt8], mode: UInt32 = 0o644) -> (TarMember, [UInt8]) {
            (TarMember(path: name, kind: .file, mode: mode, size: Int64(body.count), mtime: 1), body)
        }
        func empty(_ name: [UInt8], _ kind: TarMember.Kind, mode: UInt32 = 0o755) -> (TarMember, [UInt8]) {
            (TarMember(path: name, kind: kind, mode: mode, mtime: 1_700_000_000), [])
        }
        return [
            empty(path("d"), .directory), empty(path("d/readonly"), .directory, mode: 0o555),
            file(path("d/zero"), []), file(path("d/block"), noise(512)), file(path("d/under"), noise((1 << 20) - 1)),
            file(path("d/exact"), noise(1 << 20)), file(path("d/over"), noise((1 << 20) + 1)),
            file(path("d/suid"), path("x"), mode: 0o4755),
            empty(path("d/link"), .symlink(path("../elsewhere")), mode: 0o777),
            empty(path("d/longlink"), .symlink(path("/") + long), mode: 0o777),
            empty(path("d/hard"), .hardLink(path("d/block")), mode: 0o644),
            file(long, path("long")), file(unsplittable, path("pax")), file(foreign, path("latin")),
            file(path("d/") + unsplittable + foreign, path("pax latin")), file(path("d/ünï"), path("utf8")),
            empty(path(String(repeating: "e", count: 100)), .directory),
        ]
    }

    static func archive(_ members: [(TarMember, [UInt8])]) throws -> [UInt8] {
        let sink = CollectedBytes()
        _ = try TarPacking(Pipeline(.none, threads: 1)).write(MemberList(members), into: sink)
        return sink.bytes
    }

    @Test func ourOwnReaderReadsItBack() throws {
        let found = try readAll(try Self.archive(Self.members()))
        #expect(found.map(\.member) == Self.members().map(\.0))
        #expect(found.map(\.body) == Self.members().map(\.1))
    }

    @Test func theSizeIsKnownBeforehand() throws {
        #expect(try TarRecipe.size(of: MemberList(Self.members())) == Int64(try Self.archive(Self.members()).count))
        #expect(try TarRecipe.size(of: MemberList([])) == 1024)
    }

    @Test func anEmptyArchiveIsTwoZeroBlocks() throws {
        #expect(try Self.archive([]) == [UInt8](repeating: 0, count: 1024))
        #expect(try readAll(try Self.archive([])).isEmpty)
    }

    @Test(arguments: [["tar"], ["bsdtar"]]) func realTarsExtractIt(tool: [String]) throws {
        let scratch = try Scratch()
        let archive = try scratch.write(try Self.archive(Self.members()), to: "a.tar")
        try Directory.create(scratch.file("out"))
        let result = try Tool.run(tool + ["-xpf", archive, "-C", scratch.file("out")])
        #expect(result.code == 0)
        // GNU tar says that it does not know the record that keeps other readers from decoding a name; it keeps it too.
        let complaints = result.errorText.split(separator: "\n")
        #expect(complaints.allSatisfy { $0 == "tar: Ignoring unknown extended header keyword 'hdrcharset'" })
        for (member, body) in Self.members() {
            let file = Array(scratch.file("out/").utf8) + member.path
            let made = try FileDescriptor.open(scratch.file("out"))
            switch member.kind {
            case .file, .hardLink:
                let opened = try made.openBeneath(member.path)
                if member.kind == .file { #expect(try opened.readToEnd(limit: 1 << 22) == body) }
                #expect(try opened.status().mode == member.mode)
                #expect(try opened.status().modified == 1)
            case .directory: #expect(try made.openBeneath(member.path).status().mode == member.mode)
            case .symlink(let target):
                let read = try Tool.run(["readlink", "-n", String(decoding: file, as: UTF8.self)])
                #expect(read.output == target)
            }
        }
    }

    @Test func pythonListsIt() throws {
        let scratch = try Scratch()
        let archive = try scratch.write(try Self.archive(Self.members()), to: "a.tar")
        let script = """
            import sys, tarfile, os
            for m in tarfile.open(sys.argv[1], encoding='utf-8', errors='surrogateescape'):
                kind = 'd' if m.isdir() else 'l' if m.issym() else 'h' if m.islnk() else 'f'
                line = '%s %o %d %d %d:%d [%s%s] ' % (kind, m.mode, m.size, m.mtime, m.uid, m.gid, m.uname, m.gname)
                sys.stdout.buffer.write(line.encode() + os.fsencode(m.name) + b' ' + os.fsencode(m.linkname) + b'\\n')
            """
        let listed = try Tool.run(["python3", "-X", "utf8", "-c", script, archive])
        #expect(listed.errorText == "")
        var expected: [UInt8] = []
        for (member, _) in Self.members() {
            var (kind, link): (String, [UInt8]) = ("f", [])
            switch member.kind {
            case .file: break
            case .directory: kind = "d"
            case .symlink(let target): (kind, link) = ("l", target)
            case .hardLink(let target): (kind, link) = ("h", target)
            }
            expected += path(
                "\(kind) \(String(member.mode, radix: 8)) \(member.size) \(member.mtime) 0:0 [] ")
            expected += member.path + path(" ") + link + path("\n")
        }
        #expect(listed.output == expected)
    }

    @Test func usesPaxOnlyWhenItMust() throws {
        func hasPax(_ name: [UInt8], _ kind: TarMember.Kind = .file) throws -> Bool {
            try Self.archive([(TarMember(path: name, kind: kind, mode: 0o644), [])])[156] == UInt8(ascii: "x")
        }
        #expect(try !hasPax(path(String(repeating: "n", count: 100))))
        #expect(try hasPax(path(String(repeating: "n", count: 101))))
        #expect(try !hasPax(path(String(repeating: "p", count: 155) + "/" + String(repeating: "n", count: 100))))
        #expect(try hasPax(path(String(repeating: "p", count: 156) + "/" + String(repeating: "n", count: 100))))
        #expect(try !hasPax(path(String(repeating: "n", count: 99)), .directory))
        #expect(try hasPax(path(String(repeating: "n", count: 100)), .directory))
        #expect(try !hasPax(path("l"), .symlink(path(String(repeating: "t", count: 100)))))
        #expect(try hasPax(path("l"), .symlink(path(String(repeating: "t", count: 101)))))
        #expect(try !hasPax(Self.foreign))
    }

    @Test(arguments: [0, 99, 101]) func bodiesMustHaveTheAnnouncedSize(delivered: Int) {
        let error = ArchiveError.bodySize(path: path("f"), announced: 100, delivered: Int64(delivered))
        #expect(throws: error) {
            try Self.archive([(TarMember(path: path("f"), kind: .file, mode: 0o644, size: 100), noise(delivered))])
        }
    }

    @Test func refusesNamesNoReaderWouldTake() {
        for name in ["/a", "a/", "./a", "a/../b", "", "a//b"] {
            #expect(throws: ArchiveError.self) {
                try Self.archive([(TarMember(path: path(name), kind: .file, mode: 0o644), [])])
            }
        }
        #expect(throws: ArchiveError.malformed("a time before 1970 or after 2242")) {
            try Self.archive([(TarMember(path: path("a"), kind: .file, mode: 0o644, mtime: -1), [])])
        }
    }

    @Test func sizesFromEightGibibytesGoIntoPax() throws {
        let scratch = try Scratch()
        let size: Int64 = 1 << 33
        let file = try FileDescriptor.open(scratch.file("big"), O_RDWR | O_CREAT)
        #expect(ftruncate(file.rawValue, off_t(size)) == 0)
        let members = OneFile(
            member: TarMember(path: path("big"), kind: .file, mode: 0o644, size: size), path: scratch.file("big"))
        var feed = TarFeed(members)
        var head = [UInt8](repeating: 0xFF, count: 2048)
        var runs: [ContentRun] = []
        #expect(try head.withUnsafeMutableBytes { try feed.fill($0, runs: &runs) } == 2048)
        #expect(Array(head[512..<531]) == path("19 size=8589934592\n"))
        #expect(head[1024 + 124..<1024 + 136].elementsEqual(path("00000000000") + [0]))
        #expect(head[1536...].allSatisfy { $0 == 0 })
    }

    // MARK: - Packing

    @Test(arguments: ["none", "gzip", "gzip:fast", "zstd", "xz"], [1, 2, 3, 8])
    func tellsBothDigestsAndChecksContents(name: String, threads: Int) throws {
        let compression = try Compression(parsing: name)
        let plain = try Self.archive(Self.members())
        let sink = CollectedBytes()
        let packing = TarPacking(Pipeline(compression, threads: threads), digestsPlain: true)
        let packed = try packing.write(MemberList(Self.members(), checked: true), into: sink)
        #expect(packed.plainDigest == Digest.sha256(of: plain))
        #expect(packed.plainSize == Int64(plain.count))
        #expect(packed.digest == Digest.sha256(of: sink.bytes))
        #expect(packed.size == Int64(sink.bytes.count))
        #expect(try sink.bytes == compressed(plain, compression))
    }

    /// Contents that end everywhere in a piece, and rooms of every size.
    @Test func roomsOfAnySizeGiveTheSameBytesAndRuns() throws {
        let plain = try Self.archive(Self.members())
        for size in [511, 512, 513, 4096, 70_001, 1 << 20] {
            var feed = TarFeed(MemberList(Self.members(), checked: true))
            var made: [UInt8] = []
            var contents = [[UInt8]](repeating: [], count: Self.members().count)
            var room = [UInt8](repeating: 0, count: size)
            while true {
                var runs: [ContentRun] = []
                let count = try room.withUnsafeMutableBytes { try feed.fill($0, runs: &runs) }
                for run in runs { contents[run.member] += room[run.range] }
                made += room[..<count]
                if count < size { break }
            }
            #expect(made == plain)
            #expect(contents == Self.members().map(\.1))
        }
    }

    @Test(arguments: [1, 2, 8], [0, 1, 5 << 20]) func aBodyWithAnotherDigestIsRefused(threads: Int, size: Int) {
        let before = TarMember(path: path("a"), kind: .file, mode: 0o644, size: 3 << 20)
        let wrong = TarMember(path: path("b"), kind: .file, mode: 0o644, size: Int64(size))
        var members = MemberList(
            [(before, noise(3 << 20)), (wrong, noise(size)), (before, noise(3 << 20))], checked: true)
        members.digests[1] = Digest.blake2b256(of: path("other"))
        #expect(throws: MemberList.Changed(member: 1)) {
            try TarPacking(Pipeline(.gzipFast, threads: threads)).write(members, into: CollectedBytes())
        }
    }

    @Test func aFileThatGotShorterIsRefused() throws {
        let scratch = try Scratch()
        _ = try scratch.write(noise(99), to: "short")
        let member = TarMember(path: path("f"), kind: .file, mode: 0o644, size: 100)
        #expect(throws: MemberList.Changed(member: 0)) {
            try TarPacking(Pipeline(.gzip, threads: 2))
                .write(OneFile(member: member, path: scratch.file("short")), into: CollectedBytes())
        }
    }

    @Test(arguments: [1, 2, 8]) func aFullDiskEndsIt(threads: Int) throws {
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        let member = TarMember(path: path("f"), kind: .file, mode: 0o644, size: 20 << 20)
        let members = MemberList([(member, noise(20 << 20))])
        #expect(throws: ArchiveError.system(SystemError("write", "full", .noSpace))) {
            try TarPacking(Pipeline(.gzipFast, threads: threads))
                .write(members, into: try FileSink(full, path: "full"))
        }
    }
}

/// Members with their bodies in memory.
struct MemberList: TarMembers {
    struct Changed: Error, Hashable { let member: Int }

    private let members: [(TarMember, [UInt8])]
    private var position = 0
    var digests: [Digest?]

    /// With `checked` the contents of files have digests.
    init(_ members: [(TarMember, [UInt8])], checked: Bool = false) {
        self.members = members
        digests = members.map { checked && $0.0.kind == .file ? Digest.blake2b256(of: $0.1) : nil }
    }

    mutating func next() -> TarItem? {
        guard position < members.count else { return nil }
        defer { position += 1 }
        return TarItem(members[position].0, .bytes(members[position].1), digest: digests[position])
    }

    mutating func nextMember() -> TarMember? { next()?.member }

    var changed: @Sendable (Int) -> any Error { { Changed(member: $0) } }
}

/// One file of the disk.
private struct OneFile: TarMembers {
    let member: TarMember
    let path: String
    private var isGiven = false

    init(member: TarMember, path: String) {
        self.member = member
        self.path = path
    }

    mutating func next() throws -> TarItem? {
        if isGiven { return nil }
        isGiven = true
        return TarItem(member, .file(try FileDescriptor.open(path)))
    }

    mutating func nextMember() throws -> TarMember? { try next()?.member }

    var changed: @Sendable (Int) -> any Error { { MemberList.Changed(member: $0) } }
}
