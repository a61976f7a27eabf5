// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import BioTestSupport
import Testing

@Suite struct TarWriterTests {
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
        var writer = TarWriter(into: MemorySink())
        for (member, body) in members {
            var source = MemorySource(body)
            try writer.add(member, body: &source)
        }
        return try writer.finish().bytes
    }

    @Test func ourOwnReaderReadsItBack() throws {
        let found = try readAll(try Self.archive(Self.members()))
        #expect(found.map(\.member) == Self.members().map(\.0))
        #expect(found.map(\.body) == Self.members().map(\.1))
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
        struct Zeros: ByteSource {
            var left: Int64
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
                let count = Int(min(Int64(buffer.count), left))
                left -= Int64(count)
                return count
            }
        }
        struct Head: ByteSink {
            var head: [UInt8] = []
            var count: Int64 = 0
            mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
                if head.count < 2048 { head += bytes.prefix(2048 - head.count) }
                count += Int64(bytes.count)
            }
        }
        let size: Int64 = 1 << 33
        var writer = TarWriter(into: Head())
        var body = Zeros(left: size)
        try writer.add(TarMember(path: path("big"), kind: .file, mode: 0o644, size: size), body: &body)
        let sink = try writer.finish()
        #expect(sink.count == size + 1536 + 1024)
        #expect(Array(sink.head[512..<531]) == path("19 size=8589934592\n"))
    }
}
