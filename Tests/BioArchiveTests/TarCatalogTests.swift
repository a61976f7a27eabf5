// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct TarCatalogTests {
    private func catalog(
        _ bytes: [UInt8], limits: TarCatalog.Limits = .init(), cancellation: Cancellation = .never
    ) throws -> TarCatalog {
        let scratch = try Scratch()
        let file = try FileDescriptor.open(try scratch.write(bytes, to: "tar"))
        return try TarCatalog(file, path: "tar", limits: limits, cancellation: cancellation)
    }

    @Test func saysWhereBodiesLie() throws {
        let bytes = RawTar.archive { tar in
            tar.directory("./")
            tar.directory("a/")
            tar.file("./a/one", "first")
            tar.symlink("a/two", to: "one")
            tar.hardLink("a/three", to: "a/one")
            tar.file("last", String(repeating: "x", count: 1000))
        }
        let catalog = try catalog(bytes)
        let one = try #require(catalog["a/one".utf8])
        #expect(one.kind == .file && one.size == 5)
        #expect(Array(bytes[Int(one.offset)..<Int(one.offset + 5)]) == Array("first".utf8))
        #expect(catalog["a/two".utf8]?.kind == .symlink(Array("one".utf8)))
        #expect(catalog["a/three".utf8]?.kind == .hardLink(Array("a/one".utf8)))
        #expect(catalog["a".utf8]?.kind == .directory)
        #expect(catalog["last".utf8]?.size == 1000)
        #expect(catalog["none".utf8] == nil)
    }

    /// GNU's and pax's long names and sizes, prefixes and binary numbers.
    @Test func readsWhatOthersWrite() throws {
        let long = Array(repeating: "directory", count: 30).joined(separator: "/") + "/file"
        for format in ["gnu", "pax", "ustar"] {
            let scratch = try Scratch()
            let name = format == "ustar" ? String(long.suffix(200).drop { $0 != "/" }.dropFirst()) : long
            try Directory.create(scratch.file("in/\(name)".split(separator: "/").dropLast().joined(separator: "/")))
            _ = try scratch.write(Array("text".utf8), to: "in/\(name)")
            let outcome = try Tool.run([
                "tar", "--format=\(format)", "-C", scratch.file("in"), "-cf", scratch.file("tar"), ".",
            ])
            #expect(outcome.code == 0, "\(outcome.errorText)")
            let bytes = try contents(of: scratch.file("tar"))
            let entry = try #require(try catalog(bytes)[name.utf8], "\(format)")
            #expect(Array(bytes[Int(entry.offset)..<Int(entry.offset + entry.size)]) == Array("text".utf8))
        }
        var binary = RawTar.Header("large", size: 3)
        binary.patches[124] = [0x80] + [UInt8](repeating: 0, count: 10) + [3]
        let bytes = RawTar.archive { tar in
            tar.header(binary)
            tar.body([1, 2, 3])
            tar.pax([("size", Array("2".utf8)), ("path", Array("pax".utf8)), ("mtime", Array("1.5".utf8))])
            tar.header(.init("short", size: 2))
            tar.body([4, 5])
        }
        #expect(try catalog(bytes)["large".utf8]?.size == 3)
        #expect(try catalog(bytes)["pax".utf8]?.size == 2)
    }

    @Test func readsWhatThisProjectWrites() throws {
        let path = Array(String(repeating: "a/", count: 120).utf8) + Array("b".utf8)
        let bytes = try tar(of: [(TarMember(path: path, kind: .file, mode: 0o644, size: 1), [7])])
        let entry = try #require(try catalog(bytes)[path])
        #expect(bytes[Int(entry.offset)] == 7)
    }

    private static func path(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(arguments: [
        ("", ArchiveError.truncated),
        ("absolute", .memberAbsolute(path: path("/x"))),
        ("escapes", .memberEscapes(path: path("a/../../x"))),
        ("twice", .duplicate(path: path("x"))),
        ("twice with a dot", .duplicate(path: path("x"))),
        ("a directory's name", .duplicate(path: path("x"))),
        ("checksum", .tar(.checksum, at: 0)),
        ("no mark", .tar(.noMark, at: 0)),
        ("size", .tar(.sizeNumber, at: 0)),
        ("body of a link", .tar(.body, at: 0)),
        ("body too long", .truncated),
        ("no end", .truncated),
        ("half an end", .trailing),
        ("sparse", .memberKind(path: path("x"), kind: "member of a kind that cannot be read")),
        ("pax sparse", .tar(.paxSparse, at: 0)),
        ("global path", .tar(.paxGlobal, at: 0)),
        ("pax length", .tar(.paxLength, at: 0)),
        ("two names", .tar(.twoNames, at: 1024)),
        ("alone", .tar(.extensionAlone, at: 1024)),
        ("extensions", .tar(.extensionCount, at: 8 * 1024)),
        ("large extension", .tar(.extensionSize, at: 0)),
        ("extensions of the largest size", .tar(.extensionSize, at: 1024)),
        ("long target", .linkTarget(path: path("x"), target: longTarget, .tooLong)),
        ("long hard link", .linkTarget(path: path("x"), target: longTarget, .tooLong)),
    ])
    func refuses(what: String, error: ArchiveError) throws {
        var bytes = RawTar.archive { Self.write(what, into: &$0) }
        if what.isEmpty { bytes = [] }
        if what == "no end" { bytes.removeLast(1024) }
        if what == "half an end" { bytes = Array(bytes.dropLast(512)) + [UInt8](repeating: 1, count: 512) }
        #expect(throws: error) { _ = try catalog(bytes) }
    }

    private static let longTarget = [UInt8](repeating: 0x79, count: 4096)

    private static func write(_ what: String, into tar: inout RawTar) {
        switch what {
        case "extensions of the largest size":
            tar.pax([("comment", path("x"))])
            var header = RawTar.Header("x", type: "L")
            header.patches[124] = [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)
            tar.header(header)
        case "long target", "long hard link":
            tar.gnuLong("K", longTarget)
            tar.header(.init("x", type: what == "long target" ? "2" : "1"))
        case "absolute": tar.file("/x")
        case "escapes": tar.file("a/../../x")
        case "twice":
            tar.file("x", "1")
            tar.file("x", "2")
        case "twice with a dot":
            tar.file("x", "1")
            tar.hardLink("./x", to: "y")
        case "a directory's name":
            tar.directory("x/")
            tar.file("x")
        case "checksum":
            var header = RawTar.Header("x")
            header.badChecksum = true
            tar.header(header)
        case "no mark":
            var header = RawTar.Header("x")
            header.magic = [UInt8](repeating: 0, count: 8)
            tar.header(header)
        case "size":
            var header = RawTar.Header("x")
            header.patches[124] = Array("-0000000001".utf8)
            tar.header(header)
        case "body of a link": tar.header(.init("x", type: "2", size: 5, link: "y"))
        case "body too long": tar.header(.init("x", size: 1 << 32))
        case "sparse": tar.header(.init("x", type: "S"))
        case "pax sparse": tar.pax([("GNU.sparse.major", path("1"))])
        case "global path": tar.pax([("path", path("x"))], type: "g")
        case "pax length": tar.paxBody(path("99 path=x\n"))
        case "two names":
            tar.gnuLong("L", path("x"))
            tar.pax([("path", path("y"))])
            tar.file("z")
        case "alone": tar.gnuLong("L", path("x"))
        case "extensions":
            for _ in 0..<9 { tar.pax([("comment", path("x"))]) }
        case "large extension": tar.header(.init("x", type: "x", size: 2 << 20))
        default: break
        }
    }

    @Test func hasLimits() throws {
        let bytes = RawTar.archive { tar in
            for index in 0..<10 { tar.file("file\(index)") }
        }
        _ = try catalog(bytes, limits: .init(members: 10, pathBytes: 50))
        #expect(throws: ArchiveError.tooLarge(.members, limit: 9)) { _ = try catalog(bytes, limits: .init(members: 9)) }
        #expect(throws: ArchiveError.tooLarge(.pathBytes, limit: 49)) {
            _ = try catalog(bytes, limits: .init(pathBytes: 49))
        }
        #expect(throws: ArchiveError.cancelled) { _ = try catalog(bytes, cancellation: Cancellation { true }) }
        let links = RawTar.archive { tar in
            tar.symlink("a", to: "0123456789")
            tar.hardLink("b", to: "a")
        }
        _ = try catalog(links, limits: .init(pathBytes: 13))
        #expect(throws: ArchiveError.tooLarge(.pathBytes, limit: 12)) {
            _ = try catalog(links, limits: .init(pathBytes: 12))
        }
    }

    /// A sparse file may be as long as a number goes; the padding of its last body would lead beyond.
    @Test func theLargestBodyHasNoRoomForItsPadding() throws {
        // Of the usual file systems that in memory alone has such files.
        let path = "/dev/shm/bio-test-\(getpid())"
        let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL)
        unlink(path)
        var header = RawTar.Header("x")
        let size = Int64.max - 512
        header.patches[124] = [0x80, 0, 0, 0] + withUnsafeBytes(of: size.bigEndian) { Array($0) }
        var tar = RawTar()
        tar.header(header)
        try file.writeAll(tar.bytes)
        let isLong = ftruncate(file.rawValue, off_t(Int64.max)) == 0
        try #require(isLong)
        #expect(throws: ArchiveError.truncated) { _ = try TarCatalog(file, path: "tar") }
    }
}
