// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import BioTestSupport
import Testing

/// A directory `outer/target` to extract into, with things beside it that must stay as they are.
private struct Enclosure: ~Copyable {
    let scratch: Scratch
    let target: String
    let before: [String]

    init() throws {
        let made = try Scratch()
        try Directory.create(made.file("outer/target"))
        try Directory.create(made.file("outer/etc"))
        _ = try made.write(path("secret"), to: "outer/etc/shadow")
        before = try Self.outside(made.path)
        target = made.file("outer/target")
        scratch = made
    }

    /// All below the enclosure but what is in the target.
    static func outside(_ path: String) throws -> [String] {
        try treeListing(path).filter { !$0.contains("outer/target/") }
    }

    func extract(_ bytes: [UInt8], limits: PayloadReader.Limits = PayloadReader.Limits()) throws -> [ExtractedEntry] {
        var entries: [ExtractedEntry] = []
        let directory = try FileDescriptor.open(target)
        var reader = try PayloadReader(MemorySource(bytes), limits: limits)
        try TreeExtractor.extract(&reader, into: directory, path: target) { entries.append($0) }
        return entries
    }

    func isUntouchedOutside() throws -> Bool {
        let secret = try contents(of: scratch.file("outer/etc/shadow"))
        return try Self.outside(scratch.path) == before && secret == path("secret")
    }
}

@Suite struct TreeExtractorTests {
    @Test func writesTheTreeAndTellsWhatItWrote() throws {
        let enclosure = try Enclosure()
        let entries = try enclosure.extract(
            RawTar.archive { tar in
                tar.file("implied/dir/file", "hello", mode: 0o600)
                tar.directory("shut/", mode: 0o555)
                tar.file("shut/suid", "s", mode: 0o6755)
                tar.directory("shut/sticky/", mode: 0o1777)
                tar.symlink("out", to: "../etc/shadow")
                tar.hardLink("shut/again", to: "implied/dir/file")
                tar.directory("implied/", mode: 0o711)
            })
        #expect(
            try treeListing(enclosure.target) == [
                "d 711 implied", "d 755 implied/dir", "f 600 5 implied/dir/file", "l out -> ../etc/shadow",
                "d 555 shut", "f 600 5 shut/again", "d 1777 shut/sticky", "f 6755 1 shut/suid",
            ])
        #expect(
            entries.map(\.path)
                == [
                    "implied/dir/file", "shut", "shut/suid", "shut/sticky", "out", "shut/again", "implied",
                    "implied/dir",
                ].map(path))
        #expect(entries[0].digest == Digest.blake2b256(of: path("hello")))
        #expect(entries[0].size == 5)
        #expect(entries[2].mode == 0o6755)
        #expect(entries[4].kind == .symlink(path("../etc/shadow")))
        #expect(entries.filter { $0.digest != nil }.count == 2)
        #expect(try enclosure.isUntouchedOutside())
    }

    @Test func keepsTimes() throws {
        let enclosure = try Enclosure()
        _ = try enclosure.extract(
            RawTar.archive { tar in
                var directory = RawTar.Header("d/", type: "5", mode: 0o755)
                directory.mtime = 1_000
                tar.header(directory)
                var file = RawTar.Header("d/f")
                file.mtime = 2_000
                tar.header(file)
                var link = RawTar.Header("d/l", type: "2", link: "f")
                link.mtime = 3_000
                tar.header(link)
            })
        for (name, time) in [("d", Int64(1_000)), ("d/f", 2_000), ("d/l", 3_000)] {
            #expect(try FileStatus.ofLink(enclosure.target + "/" + name)?.modified == time)
        }
    }

    @Test func acceptsNamesThatAreNotUTF8() throws {
        let enclosure = try Enclosure()
        let name = [0xFF, 0xFE] + path("/") + [0xE9]
        let entries = try enclosure.extract(
            RawTar.archive { tar in
                var header = RawTar.Header("")
                header.name = name
                tar.header(header)
            })
        #expect(entries.map(\.path) == [name, [0xFF, 0xFE]])
        #expect(try FileDescriptor.open(enclosure.target).openBeneath(name).status().size == 0)
    }

    @Test func streamsBigFiles() throws {
        let enclosure = try Enclosure()
        let body = noise(3 << 20)
        let packed = try Tool.run(
            ["xz", "-0c"],
            input: RawTar.archive { tar in
                tar.header(RawTar.Header("big", size: body.count))
                tar.body(body)
            })
        let entries = try enclosure.extract(packed.output)
        #expect(entries.first?.digest == Digest.blake2b256(of: body))
        #expect(try contents(of: enclosure.target + "/big") == body)
    }

    struct Attack: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let error: ArchiveError
        let bytes: [UInt8]

        init(_ name: String, _ error: ArchiveError, _ build: (inout RawTar) -> Void) {
            testDescription = name
            self.error = error
            bytes = RawTar.archive(build)
        }
    }

    static let attacks: [Attack] = [
        Attack("absolute", .memberAbsolute(path: path("/etc/shadow"))) { $0.file("/etc/shadow", "x") },
        Attack("dot dot", .memberEscapes(path: path("a/../../etc/shadow"))) { $0.file("a/../../etc/shadow", "x") },
        Attack("empty component", .memberName(path: path("a//b"), .emptyComponent)) { $0.file("a//b", "x") },
        Attack("NUL", .memberName(path: path("a\u{0}b"), .nul)) {
            $0.gnuLong("L", path("a\u{0}b"))
            $0.file("a", "x")
        },
        Attack("too long", .memberName(path: path(String(repeating: "n", count: 256)), .componentTooLong)) {
            $0.gnuLong("L", path(String(repeating: "n", count: 256)))
            $0.file("a", "x")
        },
        Attack("device", .memberKind(path: path("d"), kind: "block device")) {
            $0.header(RawTar.Header("d", type: "4"))
        },
        Attack("fifo", .memberKind(path: path("d"), kind: "fifo")) { $0.header(RawTar.Header("d", type: "6")) },
        Attack("hard link out", .hardLinkOutside(path: path("h"), target: path("../etc/shadow"))) {
            $0.hardLink("h", to: "../etc/shadow")
        },
        Attack("hard link to nothing", .hardLinkOutside(path: path("h"), target: path("nothing"))) {
            $0.hardLink("h", to: "nothing")
        },
        Attack("hard link to a link", .hardLinkOutside(path: path("h"), target: path("l"))) {
            $0.symlink("l", to: "../etc/shadow")
            $0.hardLink("h", to: "l")
        },
        Attack("hard link through a link", .hardLinkOutside(path: path("h"), target: path("l/shadow"))) {
            $0.symlink("l", to: "../etc")
            $0.hardLink("h", to: "l/shadow")
        },
        Attack("file through a link", .writeThroughSymlink(path: path("l/shadow"), link: path("l"))) {
            $0.symlink("l", to: "../etc")
            $0.file("l/shadow", "x")
        },
        Attack("directory through a link", .writeThroughSymlink(path: path("l/a/b"), link: path("l"))) {
            $0.symlink("l", to: "../etc")
            $0.directory("l/a/b/")
        },
        Attack("file over a link", .memberReplaces(path: path("l"), kind: "symbolic link")) {
            $0.symlink("l", to: "../etc/shadow")
            $0.file("l", "x")
        },
        Attack("duplicate file", .duplicate(path: path("a"))) {
            $0.file("a", "x")
            $0.file("a", "y")
        },
        Attack("duplicate directory", .duplicate(path: path("a"))) {
            $0.directory("a/")
            $0.directory("a/")
        },
        Attack("duplicate link", .duplicate(path: path("a"))) {
            $0.symlink("a", to: "x")
            $0.symlink("a", to: "../etc/shadow")
        },
        Attack("link over a directory", .memberReplaces(path: path("a"), kind: "directory")) {
            $0.directory("a/")
            $0.symlink("a", to: "../etc")
            $0.file("a/shadow", "x")
        },
        Attack("link over an implied directory", .memberReplaces(path: path("a"), kind: "directory")) {
            $0.file("a/b", "x")
            $0.symlink("a", to: "../etc")
        },
        Attack("directory over a file", .memberReplaces(path: path("a"), kind: "file")) {
            $0.file("a", "x")
            $0.directory("a/")
        },
        Attack("below a file", .beneathFile(path: path("a/b"), file: path("a"))) {
            $0.file("a", "x")
            $0.file("a/b", "x")
        },
        Attack("member after the end", .trailing) {
            $0.end()
            $0.file("b", "x")
        },
    ]

    @Test(arguments: attacks) func refuses(_ attack: Attack) throws {
        let enclosure = try Enclosure()
        #expect(throws: attack.error) { try enclosure.extract(attack.bytes) }
        #expect(try enclosure.isUntouchedOutside())
        #expect(!attack.error.description.isEmpty)
    }

    @Test(arguments: attacks) func refusesTheSameCompressed(_ attack: Attack) throws {
        let enclosure = try Enclosure()
        let packed = try Tool.run(["xz", "-0c"], input: attack.bytes).output
        #expect(throws: attack.error) { try enclosure.extract(packed) }
        #expect(try enclosure.isUntouchedOutside())
    }

    @Test func refusesCutAndPaddedArchives() throws {
        let plain = RawTar.archive { $0.file("a", String(repeating: "x", count: 5_000)) }
        let packed = try Tool.run(["xz", "-c"], input: plain).output
        for (bytes, error) in [
            (Array(packed.dropLast(9)), ArchiveError.truncated), (packed + packed, .trailing),
            (packed + path("garbage"), .trailing), (Array(plain.prefix(3_000)), .truncated),
            (Array(plain.dropLast(1024)), .truncated),
        ] {
            let enclosure = try Enclosure()
            #expect(throws: error) { try enclosure.extract(bytes) }
            #expect(try enclosure.isUntouchedOutside())
        }
    }

    @Test func writesNothingPastASizeLimit() throws {
        let enclosure = try Enclosure()
        #expect(throws: ArchiveError.tooLarge(.totalBytes, limit: 100)) {
            try enclosure.extract(
                RawTar.archive {
                    $0.file("a", String(repeating: "x", count: 60))
                    $0.file("b", String(repeating: "x", count: 60))
                }, limits: PayloadReader.Limits(totalBytes: 100))
        }
        #expect(try treeListing(enclosure.target) == ["f 644 60 a"])
    }

    @Test func neverOverwritesWhatIsThereAlready() throws {
        let enclosure = try Enclosure()
        try AtomicFile.write(path("old"), to: enclosure.target + "/a")
        #expect(throws: ArchiveError.self) { try enclosure.extract(RawTar.archive { $0.file("a", "new") }) }
        #expect(try contents(of: enclosure.target + "/a") == path("old"))
    }
}
