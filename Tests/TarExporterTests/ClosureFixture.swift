// SPDX-License-Identifier: Apache-2.0

import BioTestSupport

/// The packages that the tests export: small, and with one of everything that a package may hold.
enum ClosureFixture {
    static let libc = PackageFixture(
        "core/libc/2.36/20260101000000",
        files: [.init("lib/libc.so.6", "the C library\n", mode: 0o755)],
        extra: { tar, prefix in tar.symlink("\(prefix)/lib/libc.so", to: "libc.so.6") })

    static let library = PackageFixture(
        "acme/lib/1.2.0/20260102000000", tdeps: [libc.ident],
        files: [.init("lib/libacme.so", "a library\n", mode: 0o644)])

    static let olderApp = PackageFixture("acme/app/2.0.1/20250103000000", tdeps: [library.ident, libc.ident])

    static let app = PackageFixture(
        "acme/app/2.0.1/20260103000000", tdeps: [library.ident, libc.ident],
        files: [
            .init("bin/app", "#!/bin/sh\necho app\n", mode: 0o755), .init("etc/secret", "secret\n", mode: 0o600),
            .init("data/empty", ""), .init("hooks/run", "#!/bin/sh\nexec app\n", mode: 0o755),
        ], extra: strangeMembers)

    static let tool = PackageFixture("acme/tool/0.9/20260104000000", tdeps: [libc.ident])

    static let bio = PackageFixture(
        "biome/bio/2.1.0/20260105000000",
        files: [.init("bin/bio", "the package manager\n", mode: 0o755), .init("lib/note", "not a program\n")],
        extra: { tar, prefix in
            tar.symlink("\(prefix)/bin/hab", to: "bio")
            tar.symlink("\(prefix)/bin/note", to: "../lib/note")
            tar.symlink("\(prefix)/bin/sh", to: "/bin/sh")
        })
    static let otherBio = PackageFixture(
        "acme/mybio/3.0/20260106000000", files: [.init("bin/bio", "another package manager\n", mode: 0o755)])
    static let supervisor = PackageFixture(
        "biome/bio-sup/2.1.0/20260105000000", tdeps: [libc.ident],
        files: [.init("bin/bio-sup", "the supervisor\n", mode: 0o755)])
    static let launcher = PackageFixture(
        "biome/bio-launcher/2.1.0/20260105000000", files: [.init("bin/bio-launch", "the launcher\n", mode: 0o755)])
    static let busybox = PackageFixture(
        "core/busybox-static/1.36.1/20260101000000", files: [.init("bin/busybox", "a shell\n", mode: 0o755)],
        extra: { tar, prefix in tar.symlink("\(prefix)/bin/sh", to: "busybox") })

    static let base = [bio, supervisor, launcher, busybox]

    /// Dependencies first.
    static let all = [libc, library, olderApp, app, tool] + base

    /// What a payload may hold beside plain files.
    private static let strangeMembers: @Sendable (inout RawTar, String) -> Void = { tar, prefix in
        tar.file("\(prefix)/bin/setuid", "runs as root\n", mode: 0o4755)
        tar.file("\(prefix)/bin/setgid", "runs as its group\n", mode: 0o2711)
        tar.directory("\(prefix)/var/", mode: 0o1777)
        tar.directory("\(prefix)/locked/", mode: 0o555)
        tar.file("\(prefix)/locked/file", "nobody writes me\n", mode: 0o444)
        tar.hardLink("\(prefix)/bin/twin", to: "\(prefix)/bin/app")
        tar.symlink("\(prefix)/data/absolute", to: "/etc/hostname")
        tar.symlink("\(prefix)/data/relative", to: "../bin/app")
        tar.symlink("\(prefix)/data/dangling", to: "nothing here")
        tar.member("\(prefix)/data/far", type: "2", link: Array(repeatElement("../far/", count: 30).joined().utf8))
        tar.member("\(prefix)/data/big", body: bigFile)
        tar.member("\(prefix)/data/with space and\nnew line", body: Array("odd\n".utf8))
        tar.member(Array("\(prefix)/data/latin-".utf8) + [0xE9, 0xFF], body: Array("no UTF-8\n".utf8))
        tar.member(Array("\(prefix)/data/h\u{E9}t\u{E9} \u{2603}".utf8), body: Array("UTF-8\n".utf8))
        let long = "data/" + String(repeating: "l", count: 90)
        tar.member("\(prefix)/\(long)", body: Array("over 100 bytes\n".utf8))
        // 255 bytes is the longest component there is; the path is then too long for the two fields of a header.
        let longest = "data/" + String(repeating: "directory/", count: 12) + String(repeating: "n", count: 255)
        tar.member("\(prefix)/\(longest)", body: Array("over 255 bytes\n".utf8), mode: 0o640)
    }

    /// 3 MiB that gzip cannot make small, the same on every machine.
    static let bigFile: [UInt8] = {
        var state: UInt64 = 42
        let block = (0..<65536).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        return Array(repeatElement(block, count: 48).joined())
    }()
}

extension PackageFixture {
    init(
        _ ident: String, tdeps: [String] = [], files: [File],
        extra: @escaping @Sendable (inout RawTar, String) -> Void
    ) {
        self.init(ident, tdeps: tdeps, files: files)
        self.extra = extra
    }
}

extension RawTar {
    /// A member whose name or link may be longer than the fields of a header, as GNU tar writes it.
    mutating func member(
        _ path: [UInt8], type: Character = "0", body: [UInt8] = [], mode: Int = 0o644, link: [UInt8] = []
    ) {
        if path.count > 100 { gnuLong("L", path) }
        if link.count > 100 { gnuLong("K", link) }
        var header = Header("", type: type, size: body.count, mode: mode, mtime: 1_234_567_890)
        header.name = Array(path.prefix(100))
        header.link = Array(link.prefix(100))
        self.header(header)
        self.body(body)
    }

    mutating func member(
        _ path: String, type: Character = "0", body: [UInt8] = [], mode: Int = 0o644, link: [UInt8] = []
    ) {
        member(Array(path.utf8), type: type, body: body, mode: mode, link: link)
    }
}
