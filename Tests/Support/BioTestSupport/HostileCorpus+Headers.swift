// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioHart
import BioStore

extension HostileCorpus {
    // MARK: - Tar headers

    /// A header at the end of the honest package, its field at `offset` replaced.
    private static func field(
        _ name: String, _ what: String, _ fault: TarFault, at offset: Int, _ bytes: [UInt8], type: Character = "0"
    ) -> HostileArtifact {
        HostileArtifact(name, what, .tarHeader, payload: .tar(fault, at: end)) { tar, prefix in
            var header = RawTar.Header(prefix + "/x", type: type)
            header.patches = [offset: bytes]
            tar.header(header)
        }
    }

    static let tarHeaders: [HostileArtifact] = [
        HostileArtifact("checksum", "a wrong checksum", .tarHeader, payload: .tar(.checksum, at: end)) { tar, prefix in
            var header = RawTar.Header(prefix + "/x")
            header.badChecksum = true
            tar.header(header)
        },
        HostileArtifact(
            "checksum-signed", "a checksum of signed bytes, as few old programs make it", .tarHeader,
            payload: .tar(.checksum, at: end)
        ) { tar, prefix in
            var header = RawTar.Header(prefix + "/x")
            header.name += [0xFF]
            var block = RawTar()
            block.header(header)
            var bytes = block.bytes
            let sum = bytes.enumerated().reduce(0) {
                $0 + (148..<156 ~= $1.offset ? 32 : Int(Int8(bitPattern: $1.element)))
            }
            let digits = String(sum, radix: 8)
            bytes.replaceSubrange(
                148..<156,
                with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8) + [0, 0x20])
            tar.raw(bytes)
        },
        field("no-mark", "a header of the time before POSIX", .noMark, at: 257, [UInt8](repeating: 0, count: 8)),
        field("size-text", "a size that is text", .sizeNumber, at: 124, bytes("12 apples\u{0}\u{0}\u{0}")),
        field(
            "size-negative", "a negative size in base 256", .sizeNumber, at: 124, [UInt8](repeating: 0xFF, count: 12)),
        field(
            "size-overflow", "a size in base 256 beyond 63 bits", .sizeNumber, at: 124,
            [0x80, 0, 0, 1] + [UInt8](repeating: 0, count: 8)),
        field(
            "size-largest", "the largest size of 63 bits, which overflows when rounded to blocks", .sizeNumber, at: 124,
            [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)),
        field("mode-text", "a mode that is text", .modeNumber, at: 100, bytes("rwxr-xr-")),
        field("time-text", "a time that is text", .timeNumber, at: 136, bytes("yesterday\u{0}\u{0}\u{0}")),
        field(
            "time-negative", "a negative time in base 256", .timeNumber, at: 136, [UInt8](repeating: 0xFF, count: 12)),
        HostileArtifact(
            "time-far", "a time after 2242 in base 256", .tarHeader,
            payload: .memberTime(path: own("x"), seconds: 1 << 40)
        ) { tar, prefix in
            var header = RawTar.Header(prefix + "/x")
            header.patches = [136: [0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]]
            tar.header(header)
        },
        HostileArtifact("directory-body", "a directory with a body", .tarHeader, payload: .tar(.body, at: end)) {
            tar, prefix in
            tar.header(RawTar.Header(prefix + "/d/", type: "5", size: 512))
            tar.body([UInt8](repeating: 0x41, count: 512))
        },
        HostileArtifact("link-body", "a symbolic link with a body", .tarHeader, payload: .tar(.body, at: end)) {
            tar, prefix in
            tar.header(RawTar.Header(prefix + "/l", type: "2", size: 3, link: "bin"))
            tar.body(bytes("abc"))
        },
        HostileArtifact("hard-link-body", "a hard link with a body", .tarHeader, payload: .tar(.body, at: end)) {
            tar, prefix in
            tar.header(RawTar.Header(prefix + "/h", type: "1", size: 3, link: prefix + "/bin/hello"))
            tar.body(bytes("abc"))
        },
        HostileArtifact(
            "file-with-target", "a file with a link's target", .tarHeader, payload: .tar(.link, at: end)
        ) { tar, prefix in tar.header(RawTar.Header(prefix + "/x", link: "/etc/passwd")) },
        HostileArtifact(
            "directory-with-target", "a directory with a link's target", .tarHeader, payload: .tar(.link, at: end)
        ) { tar, prefix in tar.header(RawTar.Header(prefix + "/d/", type: "5", link: "/etc")) },
    ]

    // MARK: - Pax and GNU headers

    /// A pax header with these records, before a file.
    private static func pax(
        _ name: String, _ what: String, _ fault: TarFault, type: Character = "x", _ records: [(String, String)]
    ) -> HostileArtifact {
        let fields = records.map { (key: $0.0, value: bytes($0.1)) }
        return HostileArtifact(name, what, .extensions, payload: .tar(fault, at: end)) { tar, prefix in
            tar.pax(fields, type: type)
            tar.file(prefix + "/x")
        }
    }

    private static func paxText(_ name: String, _ what: String, _ fault: TarFault, _ text: String) -> HostileArtifact {
        HostileArtifact(name, what, .extensions, payload: .tar(fault, at: end)) { tar, prefix in
            tar.paxBody(bytes(text))
            tar.file(prefix + "/x")
        }
    }

    private static func paxTime(_ name: String, _ what: String, _ text: String, _ seconds: Int64) -> HostileArtifact {
        HostileArtifact(name, what, .extensions, payload: .memberTime(path: own("x"), seconds: seconds)) {
            tar, prefix in
            tar.pax([("mtime", bytes(text))])
            tar.file(prefix + "/x")
        }
    }

    static let extensions: [HostileArtifact] = paxRecords + gnuNames

    private static let paxRecords: [HostileArtifact] = [
        paxText("pax-length-text", "a record whose length is no number", .paxLength, "abc path=x\n"),
        paxText("pax-length-negative", "a record with a negative length", .paxLength, "-9 path=x\n"),
        paxText("pax-length-huge", "a record that is longer than its header", .paxLength, "9999999 path=x\n"),
        paxText("pax-length-short", "a record that ends within its own length", .paxLength, "2 path=x\n"),
        paxText("pax-length-other", "a record that ends within its value", .paxRecord, "9 path=xyz\n"),
        paxText("pax-no-value", "a record without `=`", .paxRecord, "8 path\n\n"),
        paxText("pax-no-key", "a record without a key", .paxRecord, "5 =x\n"),
        paxText("pax-no-end", "a record without its line feed", .paxRecord, "9 path=xy"),
        pax("pax-key-nul", "a NUL in a key", .paxKeyNUL, [("pa\u{0}th", "x")]),
        pax("pax-size-text", "a size that is text", .paxSize, [("size", "much")]),
        pax("pax-size-negative", "a negative size", .paxSize, [("size", "-1")]),
        pax("pax-size-huge", "a size of twenty digits", .paxSize, [("size", "99999999999999999999")]),
        pax("pax-size-twice", "two sizes of one member", .paxSize, [("size", "0"), ("size", "512")]),
        pax("pax-time-text", "a time that is text", .paxTime, [("mtime", "yesterday")]),
        pax("pax-time-huge", "a time of twenty digits", .paxTime, [("mtime", "99999999999999999999")]),
        paxTime("pax-time-negative", "a time before 1970", "-5", -5),
        paxTime("pax-time-far", "a time after 2242", "1000000000000.5", 1_000_000_000_000),
        pax("pax-charset", "names in a character set that is not known", .paxCharset, [("hdrcharset", "EBCDIC")]),
        pax("pax-sparse-0.0", "a sparse file, pax format 0.0", .paxSparse, [("GNU.sparse.size", "4096")]),
        pax("pax-sparse-0.1", "a sparse file, pax format 0.1", .paxSparse, [("GNU.sparse.map", "0,1")]),
        pax("pax-sparse-1.0", "a sparse file, pax format 1.0", .paxSparse, [("GNU.sparse.major", "1")]),
        pax("pax-sparse-sun", "a sparse file of Solaris", .paxSparse, [("SUN.holesdata", " 0 1")]),
        pax("pax-sparse-star", "a sparse file of star", .paxSparse, [("SCHILY.realsize", "4096")]),
        pax("pax-volume", "a file of several volumes", .paxVolume, [("GNU.volume.filename", "x")]),
        pax("pax-dumpdir", "a directory of an incremental backup", .paxVolume, [("GNU.dumpdir", "Yx")]),
        pax("pax-global-path", "a global header that names members", .paxGlobal, type: "g", [("path", "x")]),
        pax("pax-global-link", "a global header that gives targets", .paxGlobal, type: "g", [("linkpath", "/x")]),
        pax("pax-global-size", "a global header that sizes members", .paxGlobal, type: "g", [("size", "1")]),
        pax("pax-global-time", "a global header that dates members", .paxGlobal, type: "g", [("mtime", "1")]),
        pax("pax-path-twice", "two paths of one member", .twoNames, [("path", "a"), ("path", "b")]),
        pax("pax-target-twice", "two targets of one link", .twoTargets, [("linkpath", "a"), ("linkpath", "b")]),
        HostileArtifact(
            "pax-target-file", "a link's target for a file", .extensions, payload: .tar(.link, at: end + 1024)
        ) { tar, prefix in
            tar.pax([("linkpath", bytes("/etc/passwd"))])
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "pax-empty", "a pax header without records", .extensions, payload: .tar(.extensionEmpty, at: end)
        ) {
            tar, prefix in
            tar.paxBody([])
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "pax-alone", "a pax header at the end, without its member", .extensions,
            payload: .tar(.extensionAlone, at: end)
        ) { tar, _ in tar.pax([("path", bytes("x"))]) },
        HostileArtifact(
            "pax-many", "nine headers before one member", .extensions,
            payload: .tar(.extensionCount, at: end + 8 * 1024)
        ) { tar, prefix in
            for _ in 0..<9 { tar.pax([("comment", bytes("x"))]) }
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "pax-huge", "a header of more than 1 MiB", .extensions, payload: .tar(.extensionSize, at: end)
        ) { tar, prefix in
            tar.pax([("comment", [UInt8](repeating: 0x78, count: 1 << 20))])
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "pax-huge-together", "two headers of more than 1 MiB together", .extensions,
            payload: .tar(.extensionSize, at: end + 512 + 614_912)
        ) { tar, prefix in
            for _ in 0..<2 { tar.pax([("comment", [UInt8](repeating: 0x78, count: 614_880))]) }
            tar.file(prefix + "/x")
        },
    ]

    private static let gnuNames: [HostileArtifact] = [
        HostileArtifact(
            "gnu-huge", "a GNU long name of more than 1 MiB", .extensions, payload: .tar(.extensionSize, at: end)
        ) { tar, prefix in
            tar.gnuLong("L", [UInt8](repeating: 0x6E, count: 1 << 20))
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "gnu-open", "a GNU long name without its closing NUL", .extensions,
            payload: .tar(.longNameOpen, at: end)
        ) { tar, prefix in
            var header = RawTar.Header("././@LongLink", type: "L", size: 4)
            header.magic = RawTar.gnuMagic
            tar.header(header)
            tar.body(bytes("name"))
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "gnu-twice", "two GNU long names of one member", .extensions, payload: .tar(.twoNames, at: end + 1024)
        ) { tar, prefix in
            tar.gnuLong("L", own("a"))
            tar.gnuLong("L", own("b"))
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "gnu-and-pax", "a GNU long name and a pax path of one member", .extensions,
            payload: .tar(.twoNames, at: end + 1024)
        ) { tar, prefix in
            tar.gnuLong("L", own("a"))
            tar.pax([("path", own("b"))])
            tar.file(prefix + "/x")
        },
        HostileArtifact(
            "gnu-target-twice", "two GNU long targets of one link", .extensions,
            payload: .tar(.twoTargets, at: end + 1024)
        ) { tar, prefix in
            tar.gnuLong("K", bytes("a"))
            tar.gnuLong("K", bytes("b"))
            tar.symlink(prefix + "/l", to: "x")
        },
        HostileArtifact(
            "gnu-alone", "a GNU long name at the end, without its member", .extensions,
            payload: .tar(.extensionAlone, at: end)
        ) { tar, _ in tar.gnuLong("L", own("x")) },
    ]
}
