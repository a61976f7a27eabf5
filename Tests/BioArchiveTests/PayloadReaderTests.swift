// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

/// All members with their bodies, or the error.
func readAll(
    _ bytes: [UInt8], limits: PayloadReader.Limits = PayloadReader.Limits(), threads: Int = 1
) throws(ArchiveError) -> [(member: TarMember, body: [UInt8])] {
    var reader = try PayloadReader(MemorySource(bytes), limits: limits, decoderThreads: threads)
    var found: [(TarMember, [UInt8])] = []
    while let member = try reader.next() { found.append((member, try reader.body(limit: 1 << 26))) }
    return found
}

func path(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Leaves an ENOMEM behind at every read.
private struct PoorSource: ByteSource {
    private var source: MemorySource

    init(_ source: MemorySource) { self.source = source }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        defer { errno = ENOMEM }
        return try source.read(into: buffer)
    }
}

@Suite struct PayloadReaderTests {
    private static let honest = RawTar.archive { tar in
        tar.directory("a/")
        tar.file("a/one", "first")
        tar.file("a/empty")
        tar.symlink("a/link", to: "/elsewhere/../x")
        tar.hardLink("a/hard", to: "a/one")
        tar.file("a/suid", "s", mode: 0o4755)
    }

    /// libarchive ends the program when a name cannot be converted and errno says ENOMEM, whoever left that there.
    @Test func somebodyElsesWantOfMemoryIsNotTheArchives() throws {
        let names: [[UInt8]] = [path("\u{E4}"), path("\u{1F600}/\u{301}")]
        let bytes = RawTar.archive { tar in
            for name in names {
                tar.pax([("path", name), ("linkpath", name)])
                tar.header(RawTar.Header("x", type: "2", link: "y"))
            }
        }
        var reader = try PayloadReader(PoorSource(MemorySource(bytes)))
        for name in names {
            errno = ENOMEM
            #expect(try reader.next()?.path == name)
        }
        errno = ENOMEM
        #expect(try reader.next() == nil)
    }

    @Test func handsOutMembersInOrderWithTheirBodies() throws {
        let found = try readAll(Self.honest)
        #expect(
            found.map(\.member.path) == ["a", "a/one", "a/empty", "a/link", "a/hard", "a/suid"].map(path))
        #expect(
            found.map(\.member.kind) == [
                .directory, .file, .file, .symlink(path("/elsewhere/../x")), .hardLink(path("a/one")), .file,
            ])
        #expect(found.map(\.body) == [[], path("first"), [], [], [], path("s")])
        #expect(found[5].member.mode == 0o4755)
    }

    @Test func skipsBodiesNobodyReads() throws {
        var reader = try PayloadReader(MemorySource(Self.honest))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 6)
    }

    @Test(arguments: [
        ["xz", "-c"], ["xz", "-c", "--block-size=4096", "-T2"], ["xz", "-c", "-C", "crc32"],
        ["gzip", "-c"], ["zstd", "-c", "-q"], ["cat"],
    ])
    func takesOffTheCompression(command: [String]) throws {
        var big = RawTar()
        big.file("big", String(repeating: "0123456789abcdef", count: 40_000))
        big.end()
        let packed = try Tool.run(command, input: big.bytes)
        #expect(packed.code == 0)
        for threads in [1, 3] {
            let found = try readAll(packed.output, threads: threads)
            #expect(found.count == 1)
            #expect(found.first?.body.count == 640_000)
        }
    }

    @Test(arguments: [["gzip", "-c"], ["zstd", "-c", "-q"]])
    func readsMembersEndToEnd(command: [String]) throws {
        let split = 700
        let first = try Tool.run(command, input: Array(Self.honest[..<split]))
        let second = try Tool.run(command, input: Array(Self.honest[split...]))
        #expect(try readAll(first.output + second.output).count == 6)
    }

    @Test func keepsLongAndOddNamesAsBytes() throws {
        let long = path(String(repeating: "d/", count: 80) + "name")
        let odd = path("caf") + [0xE9, 0xFF]
        let decomposed = path("e\u{301}")
        let bytes = RawTar.archive { tar in
            tar.gnuLong("L", long)
            var gnu = RawTar.Header("short", size: 0)
            gnu.magic = RawTar.gnuMagic
            tar.header(gnu)
            tar.pax([("path", long + path("2"))])
            tar.header(RawTar.Header("short"))
            var raw = RawTar.Header("")
            raw.name = odd
            tar.header(raw)
            tar.pax([("path", decomposed), ("linkpath", decomposed)])
            tar.header(RawTar.Header("short", type: "2", link: "x"))
            tar.pax([("hdrcharset", path("BINARY")), ("path", odd)])
            tar.header(RawTar.Header("short"))
            var split = RawTar.Header("tail")
            split.prefix = path("pre/fix")
            tar.header(split)
        }
        let found = try readAll(bytes).map(\.member)
        #expect(found.map(\.path) == [long, long + path("2"), odd, decomposed, odd, path("pre/fix/tail")])
        #expect(found[3].kind == .symlink(decomposed))
    }

    @Test func dropsALeadingDotSlash() throws {
        #expect(try readAll(RawTar.archive { $0.file("./a") }).first?.member.path == path("a"))
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let error: ArchiveError

        init(_ name: String, _ error: ArchiveError, end: Bool = true, _ build: (inout RawTar) -> Void) {
            testDescription = name
            var tar = RawTar()
            build(&tar)
            if end { tar.end() }
            bytes = tar.bytes
            self.error = error
        }
    }

    static let names: [Refusal] = [
        Refusal("absolute", .memberAbsolute(path: path("/etc/passwd"))) { $0.file("/etc/passwd") },
        Refusal("dot dot", .memberEscapes(path: path("a/../b"))) { $0.file("a/../b") },
        Refusal("leading dot dot", .memberEscapes(path: path("../b"))) { $0.file("../b") },
        Refusal("empty component", .memberName(path: path("a//b"), .emptyComponent)) { $0.file("a//b") },
        Refusal("dot component", .memberName(path: path("a/./b"), .dotComponent)) { $0.file("a/./b") },
        Refusal("the root itself", .memberName(path: path("./"), .empty)) { $0.directory("./") },
        Refusal("NUL in a field", .memberName(path: path("a\u{0}b"), .nul)) { $0.file("a\u{0}b") },
        Refusal("NUL in a long name", .memberName(path: path("a\u{0}b"), .nul)) {
            $0.gnuLong("L", path("a\u{0}b"))
            $0.file("x")
        },
        Refusal("NUL in a pax key", .tar(.paxKeyNUL, at: 0)) {
            $0.pax([("pa\u{0}th", path("a"))])
            $0.file("x")
        },
        Refusal("Solaris holes", .tar(.paxSparse, at: 0)) {
            $0.pax([("SUN.holesdata", path(" 0 1"))])
            $0.file("x")
        },
        Refusal("NUL in a pax name", .memberName(path: path("a\u{0}b"), .nul)) {
            $0.pax([("path", path("a\u{0}b"))])
            $0.file("x")
        },
        Refusal(
            "long component",
            .memberName(path: path(String(repeating: "c", count: 256)), .componentTooLong)
        ) {
            $0.gnuLong("L", path(String(repeating: "c", count: 256)))
            $0.file("x")
        },
        Refusal("long path", .memberName(path: path(String(repeating: "c/", count: 2049)), .tooLong)) {
            $0.gnuLong("L", path(String(repeating: "c/", count: 2049)))
            $0.directory("x")
        },
        Refusal("empty link target", .linkTarget(path: path("a"), target: [], .empty)) { $0.symlink("a", to: "") },
        Refusal("hard link out", .hardLinkOutside(path: path("a"), target: path("../../etc/shadow"))) {
            $0.hardLink("a", to: "../../etc/shadow")
        },
    ]

    static let kinds: [Refusal] = [
        Refusal("character device", .memberKind(path: path("d"), kind: "character device")) {
            $0.header(RawTar.Header("d", type: "3"))
        },
        Refusal("block device", .memberKind(path: path("d"), kind: "block device")) {
            $0.header(RawTar.Header("d", type: "4"))
        },
        Refusal("fifo", .memberKind(path: path("d"), kind: "fifo")) { $0.header(RawTar.Header("d", type: "6")) },
        Refusal("sparse", .memberKind(path: path("d"), kind: "sparse file")) {
            $0.header(RawTar.Header("d", type: "S"))
        },
        Refusal("unknown type", .memberKind(path: path("d"), kind: "member of tar type 'Z'")) {
            $0.header(RawTar.Header("d", type: "Z"))
        },
    ]

    static let shapes: [Refusal] = [
        Refusal("no end marker", .truncated, end: false) { $0.file("a", "x") },
        Refusal("one end block", .truncated, end: false) {
            $0.file("a", "x")
            $0.raw([UInt8](repeating: 0, count: 512))
        },
        Refusal("body cut", .truncated, end: false) {
            $0.header(RawTar.Header("a", size: 4096))
            $0.raw([UInt8](repeating: 1, count: 1024))
        },
        Refusal("header cut", .truncated, end: false) {
            $0.file("a", "x")
            $0.raw([UInt8](repeating: 0, count: 100))
        },
        Refusal("nothing", .truncated, end: false) { _ in },
        Refusal("member after the end", .trailing) {
            $0.file("a", "x")
            $0.end()
            $0.file("b", "y")
        },
        Refusal("garbage after the end", .trailing, end: false) {
            $0.file("a", "x")
            $0.end()
            $0.raw([1, 2, 3])
        },
        Refusal("directory with a body", .tar(.body, at: 0)) {
            $0.header(RawTar.Header("a/", type: "5", size: 512))
            $0.body([UInt8](repeating: 0, count: 512))
        },
        Refusal("file with a slash", .memberName(path: path("a/"), .fileWithSlash)) { $0.file("a/") },
        Refusal("two long names", .tar(.twoNames, at: 1024)) {
            $0.gnuLong("L", path("a"))
            $0.gnuLong("L", path("b"))
            $0.file("x")
        },
        Refusal("sparse by pax", .tar(.paxSparse, at: 0)) {
            $0.pax([("GNU.sparse.major", path("1"))])
            $0.file("x")
        },
        Refusal("global pax path", .tar(.paxGlobal, at: 0)) {
            $0.pax([("path", path("a"))], type: "g")
            $0.file("x")
        },
        Refusal("too many extensions", .tar(.extensionCount, at: 8192)) { tar in
            for _ in 0..<9 { tar.pax([("comment", path("a"))]) }
            tar.file("x")
        },
        Refusal("damaged pax", .tar(.paxLength, at: 0)) {
            $0.header(RawTar.Header("x", type: "x", size: 5))
            $0.body(path("99 a\n"))
        },
        Refusal("no magic", .tar(.noMark, at: 0), end: false) {
            $0.raw([UInt8](repeating: 0x41, count: 2048))
        },
    ]

    @Test(arguments: names + kinds + shapes) func refuses(_ row: Refusal) {
        #expect(throws: row.error) { try readAll(row.bytes) }
    }

    @Test func refusesABadChecksum() {
        var header = RawTar.Header("a")
        header.badChecksum = true
        var tar = RawTar()
        tar.header(header)
        tar.end()
        #expect(throws: ArchiveError.tar(.checksum, at: 0)) { try readAll(tar.bytes) }
    }

    @Test(arguments: [["xz", "-c"], ["gzip", "-c"], ["zstd", "-c", "-q"]])
    func refusesCutAndPaddedCompression(command: [String]) throws {
        let packed = try Tool.run(command, input: Self.honest).output
        for cut in [7, packed.count / 2, packed.count - 1] {
            for threads in [1, 3] {
                #expect(throws: ArchiveError.truncated) { try readAll(Array(packed[..<cut]), threads: threads) }
            }
        }
        for threads in [1, 3] {
            #expect(throws: ArchiveError.trailing) { try readAll(packed + [0xAA], threads: threads) }
        }
        var flipped = packed
        flipped[packed.count / 2] ^= 0x40
        #expect(throws: ArchiveError.self) { try readAll(flipped) }
    }

    @Test func refusesASecondXZStream() throws {
        let packed = try Tool.run(["xz", "-c"], input: Self.honest).output
        #expect(throws: ArchiveError.trailing) { try readAll(packed + packed) }
    }

    @Test func paddingAfterTheEndIsLimited() throws {
        let padding = [UInt8](repeating: 0, count: (1 << 20) - 10_240)
        #expect(try readAll(Self.honest + padding).count == 6)
        #expect(throws: ArchiveError.trailing) {
            try readAll(Self.honest + padding + [UInt8](repeating: 0, count: 20_480))
        }
    }

    /// Very little compressed input that decodes to very much.
    @Test func canBeCancelledBetweenDecodedPieces() throws {
        let bomb = RawTar.archive { tar in
            tar.header(RawTar.Header("zeros", size: 64 << 20))
            tar.body([UInt8](repeating: 0, count: 64 << 20))
        }
        let packed = try compressed(bomb, .zstd(level: 3))
        #expect(packed.count < 1 << 16)
        let asked = Counter()
        let cancellation = Cancellation { asked.next() > 3 }
        #expect(throws: ArchiveError.cancelled) {
            var reader = try PayloadReader(MemorySource(packed), cancellation: cancellation)
            while try reader.next() != nil {}
        }
    }

    @Test func keepsTheLimits() {
        #expect(throws: ArchiveError.tooLarge(.members, limit: 5)) {
            try readAll(Self.honest, limits: PayloadReader.Limits(members: 5))
        }
        #expect(throws: ArchiveError.tooLarge(.totalBytes, limit: 5)) {
            try readAll(Self.honest, limits: PayloadReader.Limits(totalBytes: 5))
        }
        #expect(throws: ArchiveError.tooLarge(.bodyBytes, limit: 3)) {
            var reader = try PayloadReader(MemorySource(Self.honest))
            _ = try reader.next()
            _ = try reader.next()
            _ = try reader.body(limit: 3)
        }
    }

    @Test func readsWhatGNUTarWrites() throws {
        let scratch = try Scratch()
        let name = String(repeating: "n", count: 120)
        try Directory.create(scratch.file("t/deep"))
        _ = try scratch.write(path("body"), to: "t/deep/\(name)")
        let made = try Tool.run(["tar", "-C", scratch.path, "-cJf", scratch.file("t.tar.xz"), "t"])
        #expect(made.code == 0)
        let file = try FileDescriptor.open(scratch.file("t.tar.xz"))
        var reader = try PayloadReader(try FileSource(file, path: scratch.file("t.tar.xz")))
        var paths: [[UInt8]] = []
        while let member = try reader.next() { paths.append(member.path) }
        #expect(paths == ["t", "t/deep", "t/deep/\(name)"].map(path))
    }

    @Test(arguments: [
        ("happyhumans-possums-8.1.4-20160427165340-x86_64-linux.hart", Int64(216), 6),
        ("core-cacerts-2017.01.17-20170209064044-x86_64-windows.hart", Int64(209), 15),
    ])
    func readsRealPayloads(name: String, offset: Int64, members: Int) throws {
        let file = try FileDescriptor.open(try Vectors.path("hart/" + name))
        var reader = try PayloadReader(try FileSource(file, from: offset, path: name))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == members)
    }
}

/// Counts calls, whichever thread they come from.
final class Counter: Sendable {
    private let count = Atomic(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
