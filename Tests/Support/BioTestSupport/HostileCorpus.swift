// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioHart
import BioPackage
import BioStore

/// Every trick that is known, one row each.
package enum HostileCorpus {
    package static let all: [HostileArtifact] =
        headers + compression + archives + tarHeaders + extensions + names + kinds + links + duplicates + packages

    static let prefix = HostileArtifact.prefix
    static let end = HostileArtifact.end

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// A member of the package, as the archive names it.
    static func own(_ path: String) -> [UInt8] { bytes("\(prefix)/\(path)") }

    // MARK: - Names

    static let names: [HostileArtifact] = [
        .init("absolute", "an absolute path", .names, payload: .memberAbsolute(path: bytes("/etc/passwd"))) {
            tar, _ in tar.file("/etc/passwd", "x")
        },
        .init(
            "absolute-pax", "an absolute path in a pax header", .names,
            payload: .memberAbsolute(path: bytes("/etc/shadow"))
        ) { tar, prefix in
            tar.pax([("path", bytes("/etc/shadow"))])
            tar.file(prefix + "/x")
        },
        .init(
            "absolute-prefix", "an absolute path, parted between prefix and name", .names,
            payload: .memberAbsolute(path: bytes("/etc/cron.d/x"))
        ) { tar, _ in
            var header = RawTar.Header("cron.d/x")
            header.prefix = bytes("/etc")
            tar.header(header)
        },
        .init("dot-dot", "`..` in a path", .names, payload: .memberEscapes(path: own("../x"))) { tar, prefix in
            tar.file(prefix + "/../x", "x")
        },
        .init(
            "dot-dot-first", "`..` at the start of a path", .names,
            payload: .memberEscapes(path: bytes("../../root/.profile"))
        ) { tar, _ in tar.file("../../root/.profile", "x") },
        .init(
            "dot-dot-prefix", "`..` that only prefix and name together make", .names,
            payload: .memberEscapes(path: bytes("hab/../x"))
        ) { tar, _ in
            var header = RawTar.Header("../x")
            header.prefix = bytes("hab")
            tar.header(header)
        },
        .init("dot", "`.` in a path", .names, payload: .memberName(path: own("./x"), .dotComponent)) { tar, prefix in
            tar.file(prefix + "/./x", "x")
        },
        .init(
            "empty-component", "two slashes in a row", .names, payload: .memberName(path: own("/x"), .emptyComponent)
        ) { tar, prefix in tar.file(prefix + "//x", "x") },
        .init("no-name", "a member without a name", .names, payload: .memberName(path: [], .empty)) { tar, _ in
            tar.file("", "x")
        },
        .init("root", "the root itself as a member", .names, payload: .memberName(path: bytes("./"), .empty)) {
            tar, _ in tar.directory("./")
        },
        .init(
            "no-name-pax", "an empty path in a pax header", .names, payload: .memberName(path: [], .empty)
        ) { tar, prefix in
            tar.pax([("path", [])])
            tar.file(prefix + "/x")
        },
        .init(
            "nul-field", "a NUL in the name field, with text behind it", .names,
            payload: .memberName(path: own("a\u{0}b"), .nul)
        ) { tar, prefix in tar.file(prefix + "/a\u{0}b") },
        .init("nul-pax", "a NUL in a pax path", .names, payload: .memberName(path: own("c\u{0}d"), .nul)) {
            tar, prefix in
            tar.pax([("path", own("c\u{0}d"))])
            tar.file(prefix + "/x")
        },
        .init("nul-gnu", "a NUL in a GNU long name", .names, payload: .memberName(path: own("e\u{0}f"), .nul)) {
            tar, prefix in
            tar.gnuLong("L", own("e\u{0}f"))
            tar.file(prefix + "/x")
        },
        .init(
            "file-with-slash", "a file whose name ends in a slash", .names,
            payload: .memberName(path: own("x/"), .fileWithSlash)
        ) { tar, prefix in tar.file(prefix + "/x/") },
        .init(
            "long-component", "a component of 256 bytes", .names,
            payload: .memberName(path: own(String(repeating: "n", count: 256)), .componentTooLong)
        ) { tar, prefix in
            tar.gnuLong("L", own(String(repeating: "n", count: 256)))
            tar.file(prefix + "/x")
        },
        .init(
            "long-path", "a path of more than 4095 bytes", .names,
            payload: .memberName(path: own(String(repeating: "n/", count: 2100) + "n"), .tooLong)
        ) { tar, prefix in
            tar.pax([("path", own(String(repeating: "n/", count: 2100) + "n"))])
            tar.file(prefix + "/x")
        },
        .init(
            "deep", "257 directories in each other", .names,
            payload: .memberName(path: own(String(repeating: "d/", count: 250) + "d"), .tooDeep)
        ) { tar, prefix in
            tar.pax([("path", own(String(repeating: "d/", count: 250) + "d"))])
            tar.file(prefix + "/x")
        },
    ]

    // MARK: - Kinds

    private static func kind(
        _ name: String, _ type: Character, _ what: String, _ noun: String, size: Int = 0
    ) -> HostileArtifact {
        HostileArtifact(name, what, .kinds, payload: .memberKind(path: own("k"), kind: noun)) { tar, prefix in
            tar.header(RawTar.Header(prefix + "/k", type: type, size: size))
            tar.body([UInt8](repeating: 0, count: size))
        }
    }

    static let kinds: [HostileArtifact] = [
        kind("character-device", "3", "a character device", "character device"),
        kind("block-device", "4", "a block device", "block device"),
        kind("fifo", "6", "a pipe with a name", "fifo"),
        kind("contiguous", "7", "a contiguous file of some old systems", "contiguous file"),
        kind("sparse-gnu", "S", "a sparse file of the old GNU format", "sparse file", size: 512),
        kind("multi-volume", "M", "a file that began on another tape", "file continued from another volume"),
        kind("volume-label", "V", "the label of a tape", "volume label"),
        kind("incremental", "D", "a directory of an incremental backup", "directory of an incremental backup"),
        kind("old-long-names", "N", "the list of long names of the oldest GNU tar", "member of tar type 'N'"),
        kind("solaris-header", "X", "an extended header of Solaris", "member of tar type 'X'"),
        kind("unknown-kind", "Z", "a type that nobody has", "member of tar type 'Z'"),
        kind("control-kind", "\u{1}", "a type that is a control character", "member of tar type '\\u{1}'"),
    ]

    // MARK: - Links

    static let links: [HostileArtifact] = [
        .init(
            "hard-link-out", "a hard link that leaves the package with `..`", .links,
            payload: .hardLinkOutside(path: own("h"), target: bytes("../../etc/shadow"))
        ) { tar, prefix in tar.hardLink(prefix + "/h", to: "../../etc/shadow") },
        .init(
            "hard-link-absolute", "a hard link to an absolute path", .links,
            payload: .hardLinkOutside(path: own("h"), target: bytes("/etc/shadow"))
        ) { tar, prefix in tar.hardLink(prefix + "/h", to: "/etc/shadow") },
        .init(
            "hard-link-other", "a hard link into another package", .links,
            payload: .hardLinkOutside(path: own("h"), target: bytes("hab/pkgs/acme/other/1/2/bin/x")), info: .unseen
        ) { tar, prefix in tar.hardLink(prefix + "/h", to: "hab/pkgs/acme/other/1/2/bin/x") },
        .init(
            "hard-link-nothing", "a hard link to what is not there", .links,
            payload: .hardLinkOutside(path: own("h"), target: own("none")), info: .unseen
        ) { tar, prefix in tar.hardLink(prefix + "/h", to: prefix + "/none") },
        .init(
            "hard-link-forward", "a hard link to what only comes later", .links,
            payload: .hardLinkOutside(path: own("h"), target: own("later")), info: .unseen
        ) { tar, prefix in
            tar.hardLink(prefix + "/h", to: prefix + "/later")
            tar.file(prefix + "/later", "x")
        },
        .init(
            "hard-link-itself", "a hard link to itself", .links,
            payload: .hardLinkOutside(path: own("h"), target: own("h")), info: .unseen
        ) { tar, prefix in tar.hardLink(prefix + "/h", to: prefix + "/h") },
        .init(
            "hard-link-symlink", "a hard link to a symbolic link", .links,
            payload: .hardLinkOutside(path: own("h"), target: own("l")), info: .unseen
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "/etc/shadow")
            tar.hardLink(prefix + "/h", to: prefix + "/l")
        },
        .init(
            "hard-link-directory", "a hard link to a directory", .links,
            payload: .hardLinkOutside(path: own("h"), target: own("bin")), info: .unseen
        ) { tar, prefix in tar.hardLink(prefix + "/h", to: prefix + "/bin") },
        .init(
            "hard-link-through", "a hard link through a symbolic link", .links,
            payload: .hardLinkOutside(path: own("h"), target: own("l/shadow")), info: .unseen
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "/etc")
            tar.hardLink(prefix + "/h", to: prefix + "/l/shadow")
        },
        .init(
            "link-without-target", "a symbolic link to nothing at all", .links,
            payload: .linkTarget(path: own("l"), target: [], .empty)
        ) { tar, prefix in tar.symlink(prefix + "/l", to: "") },
        .init(
            "link-target-nul", "a NUL in the target of a link, with text behind it", .links,
            payload: .memberName(path: own("l"), .nul)
        ) { tar, prefix in tar.symlink(prefix + "/l", to: "a\u{0}b") },
        .init(
            "link-target-long", "a target of more than 4095 bytes", .links,
            payload: .linkTarget(path: own("l"), target: [UInt8](repeating: 0x74, count: 4096), .tooLong)
        ) { tar, prefix in
            tar.gnuLong("K", [UInt8](repeating: 0x74, count: 4096))
            tar.symlink(prefix + "/l", to: "t")
        },
        .init(
            "write-through", "a file behind a symbolic link of the archive", .links,
            payload: .writeThroughSymlink(path: own("l/x"), link: own("l")), info: .unseen
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "/tmp")
            tar.file(prefix + "/l/x", "x")
        },
        .init(
            "write-through-chain", "a file behind two symbolic links, the second relative", .links,
            payload: .writeThroughSymlink(path: own("m/x"), link: own("m")), info: .unseen
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "/tmp")
            tar.symlink(prefix + "/m", to: "l/../..")
            tar.file(prefix + "/m/x", "x")
        },
    ]

    // MARK: - Members that contradict each other

    static let duplicates: [HostileArtifact] = [
        .init(
            "file-twice", "a file that is there twice", .duplicates, payload: .duplicate(path: own("bin/hello")),
            info: .unseen
        ) { tar, prefix in tar.file(prefix + "/bin/hello", "evil") },
        .init(
            "file-twice-spelled", "a file that is there twice, once with `./`", .duplicates,
            payload: .duplicate(path: own("bin/hello")), info: .unseen
        ) { tar, prefix in tar.file("./" + prefix + "/bin/hello", "evil") },
        .init(
            "directory-twice", "a directory that is there twice", .duplicates, payload: .duplicate(path: own("bin")),
            info: .unseen
        ) { tar, prefix in tar.directory(prefix + "/bin/") },
        .init(
            "link-twice", "a symbolic link that is there twice", .duplicates, payload: .duplicate(path: own("l")),
            info: .unseen
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "bin")
            tar.symlink(prefix + "/l", to: "/etc")
        },
        .init(
            "metafile-twice", "a metafile that is there twice", .duplicates, payload: .duplicate(path: own("IDENT")),
            info: .other { .hart(.metafileTwice(path: $0, .ident)) }
        ) { tar, prefix in tar.file(prefix + "/IDENT", "acme/evil/1/2") },
        .init(
            "hard-link-twice", "a hard link where a file is", .duplicates,
            payload: .duplicate(path: own("bin/hello")), info: .unseen
        ) { tar, prefix in tar.hardLink(prefix + "/bin/hello", to: prefix + "/IDENT") },
        .init(
            "file-then-directory", "a directory where a file is", .duplicates,
            payload: .memberReplaces(path: own("bin/hello"), kind: "file"), info: .unseen
        ) { tar, prefix in tar.directory(prefix + "/bin/hello/") },
        .init(
            "directory-then-link", "a symbolic link where a directory is", .duplicates,
            payload: .memberReplaces(path: own("bin"), kind: "directory"), info: .unseen
        ) { tar, prefix in tar.symlink(prefix + "/bin", to: "/tmp") },
        .init(
            "implied-then-link", "a symbolic link where a file's directory is", .duplicates,
            payload: .memberReplaces(path: own("lib"), kind: "directory"), info: .unseen
        ) { tar, prefix in
            tar.file(prefix + "/lib/x", "x")
            tar.symlink(prefix + "/lib", to: "/tmp")
        },
        .init(
            "link-then-file", "a file where a symbolic link is", .duplicates,
            payload: .memberReplaces(path: own("l"), kind: "symbolic link"), info: .unseen
        ) { tar, prefix in
            tar.symlink(prefix + "/l", to: "/etc/passwd")
            tar.file(prefix + "/l", "x")
        },
        .init(
            "beneath-file", "a member below a file", .duplicates,
            payload: .beneathFile(path: own("bin/hello/x"), file: own("bin/hello")), info: .unseen
        ) { tar, prefix in tar.file(prefix + "/bin/hello/x", "x") },
    ]
}
