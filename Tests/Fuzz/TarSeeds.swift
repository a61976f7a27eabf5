// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioTestSupport

/// Tars that get far, each with something of its own.
enum TarSeeds {
    static var all: [[UInt8]] {
        let package = "hab/pkgs/acme/hello/1.0/20260101000000"
        return [
            RawTar.archive { tar in
                tar.directory("a/")
                tar.file("a/one", "first")
                tar.symlink("a/link", to: "/elsewhere/../x")
                tar.hardLink("a/hard", to: "a/one")
            },
            RawTar.archive { tar in
                tar.directory(package + "/")
                tar.file(package + "/IDENT", "acme/hello/1.0/20260101000000\n")
                tar.file(package + "/TARGET", "x86_64-linux\n")
            },
            RawTar.archive { tar in
                tar.gnuLong("L", Array(String(repeating: "d/", count: 60).utf8) + [0x6E])
                var gnu = RawTar.Header("short")
                gnu.magic = RawTar.gnuMagic
                tar.header(gnu)
            },
            RawTar.archive { tar in
                tar.gnuLong("K", Array(repeating: 0x74, count: 120))
                tar.symlink("l", to: "t")
            },
            RawTar.archive { tar in
                tar.pax([("path", Array("long/name".utf8)), ("size", Array("3".utf8)), ("mtime", Array("1.5".utf8))])
                tar.header(RawTar.Header("short", size: 3))
                tar.body([1, 2, 3])
            },
            RawTar.archive { tar in
                tar.pax([("comment", Array("x".utf8))], type: "g")
                tar.pax([("linkpath", Array("target".utf8)), ("hdrcharset", Array("BINARY".utf8))])
                tar.header(RawTar.Header("l", type: "2", link: "x"))
            },
            RawTar.archive { tar in
                var split = RawTar.Header("tail", mode: 0o4755, mtime: 1_700_000_000)
                split.prefix = Array("pre/fix".utf8)
                tar.header(split)
            },
        ]
    }

    static var compressed: [[UInt8]] {
        let compressions: [Compression] = [.xz, .gzip, .gzipFast, .zstd(level: 3)]
        return compressions.compactMap { try? BioTestSupport.compressed(all[0], $0) } + [all[0]]
    }

    static var texts: [[UInt8]] {
        let long = String(repeating: "a/", count: 130)
        return ["d\ta\nf\ta/b\tbody\tx\nl\ta/l\t../x\nh\ta/h\ta/b\n", "f\t\(long)\tbody\nl\t\(long)l\t\(long)\n"]
            .map { Array($0.utf8) }
    }
}
