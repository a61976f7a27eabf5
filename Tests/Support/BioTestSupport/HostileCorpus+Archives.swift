// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioHart
import BioPackage
import BioStore

extension HostileCorpus {
    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    // MARK: - The archive as a whole

    private static func tar(
        _ name: String, _ what: String, _ error: ArchiveError,
        _ change: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> HostileArtifact {
        HostileArtifact(name, what, .archive, payload: error, .tar(change))
    }

    static let archives: [HostileArtifact] = [
        tar("no-end", "no end marker", .truncated) { $0.dropLast(1024) },
        tar("half-end", "half an end marker", .truncated) { $0.dropLast(512) },
        tar("cut-header", "a header that is cut", .truncated) { $0.dropLast(1024 + 700) },
        tar("cut-body", "a body that is cut", .truncated) { tar in
            var more = RawTar()
            more.header(RawTar.Header(prefix + "/x", size: 4096))
            return tar.dropLast(1024) + more.bytes + zeros(512)
        },
        tar("empty-archive", "an archive without members", .truncated) { _ in [] },
        tar("text", "a text instead of an archive", .tar(.noMark, at: 0)) { _ in
            [UInt8](repeating: 0x61, count: 2048)
        },
        tar("garbage-behind", "garbage behind the end marker", .trailing) { $0 + [1, 2, 3] },
        tar("member-behind", "a member behind the end marker", .trailing) { tar in
            tar + RawTar.archive { $0.file(prefix + "/evil", "x") }
        },
        tar("member-between", "a member between the two blocks of the end marker", .trailing) { tar in
            tar.dropLast(512) + RawTar.archive { $0.file(prefix + "/evil", "x") }
        },
        tar("padding", "more than 1 MiB of zeros behind the end marker", .trailing) { $0 + zeros(2 << 20) },
        HostileArtifact(
            "size-beyond", "a file of 2 TiB that is not there", .archive,
            payload: .tooLarge(.totalBytes, limit: 1 << 40),
            info: .other { .hart(.payload(path: $0, .tooLarge(.totalBytes, limit: 64 << 30))) },
            .members { tar, prefix in
                tar.pax([("size", bytes("2199023255552"))])
                tar.file(prefix + "/x")
            }),
        HostileArtifact(
            "bomb", "little that decodes to very much (the limit here: 1 MiB)", .archive,
            payload: .tooLarge(.totalBytes, limit: 1 << 20), info: .unseen,
            limits: HartArchive.Limits(payload: .init(totalBytes: 1 << 20)),
            .members { tar, prefix in
                tar.header(RawTar.Header(prefix + "/zeros", size: 4 << 20))
                tar.body(zeros(4 << 20))
            }),
        HostileArtifact(
            "many-members", "very many members (the limit here: 100)", .archive,
            payload: .tooLarge(.members, limit: 100), info: .unseen,
            limits: HartArchive.Limits(payload: .init(members: 100)),
            .members { tar, prefix in for number in 0..<200 { tar.file("\(prefix)/\(number)") } }),
        HostileArtifact(
            "long-paths", "very many long paths (the limit here: 10,000 bytes)", .archive,
            payload: .tooLarge(.pathBytes, limit: 10_000), info: .unseen,
            limits: HartArchive.Limits(payload: .init(pathBytes: 10_000)),
            .members { tar, prefix in
                for number in 0..<20 {
                    tar.pax([("path", own("\(number)/" + String(repeating: "directory/", count: 90) + "x"))])
                    tar.file(prefix + "/x")
                }
            }),
    ]

    // MARK: - Compression

    private static func payload(
        _ name: String, _ what: String, _ error: ArchiveError,
        _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) -> HostileArtifact {
        HostileArtifact(name, what, .compression, payload: error, .payload(change))
    }

    private static func packed(_ compression: Compression) throws -> [UInt8] {
        try HostileArtifact.compressed(PackageFixture(HostileArtifact.ident).tar(), compression)
    }

    /// An xz stream header with this check, and a block header with one filter, both with right checksums.
    private static func xz(check: UInt8, filter: [UInt8]) -> [UInt8] {
        let flags: [UInt8] = [0, check]
        var block: [UInt8] = [0, 0] + filter
        block += zeros((4 - block.count % 4) % 4)
        block[0] = UInt8(block.count / 4)
        return [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0] + flags + CRC32.bytes(of: flags) + block + CRC32.bytes(of: block)
            + zeros(64)
    }

    static let compression: [HostileArtifact] = [
        payload("xz-cut", "an xz stream that is cut", .truncated) { $0.dropLast(9) },
        payload("xz-cut-first", "an xz stream that ends behind its first bytes", .truncated) { $0.prefix(8) + [] },
        payload("xz-behind", "garbage behind an xz stream", .trailing) { $0 + bytes("garbage") },
        payload("xz-twice", "two xz streams", .trailing) { $0 + $0 },
        payload("xz-padding", "zeros behind an xz stream", .trailing) { $0 + zeros(4) },
        payload("xz-damaged", "an xz stream with a wrong bit", .malformed("the xz stream is corrupt")) { payload in
            var payload = payload
            payload[payload.count / 2] ^= 0x40
            return payload
        },
        payload(
            "xz-filter", "an xz filter that nobody knows",
            .malformed("the xz stream needs filters or options that are not known")
        ) { _ in xz(check: 4, filter: [0x3F, 1, 0]) },
        payload(
            "xz-check", "an xz check that nobody knows", .malformed("the xz stream has a check that is not known")
        ) { _ in xz(check: 2, filter: [0x21, 1, 0]) },
        payload(
            "xz-dictionary", "an xz dictionary of 4 GiB", .tooLarge(.decoderMemory, limit: 256 << 20)
        ) { _ in xz(check: 4, filter: [0x21, 1, 40]) },
        payload("gzip-cut", "a gzip member that is cut", .truncated) { _ in try packed(.gzip).dropLast(9) },
        payload("gzip-behind", "garbage behind a gzip member", .trailing) { _ in try packed(.gzip) + bytes("garbage") },
        payload("gzip-sum", "a wrong checksum of a gzip member", .malformed("the gzip checksum is wrong")) { _ in
            var payload = try packed(.gzip)
            payload[payload.count - 8] ^= 1
            return payload
        },
        payload("gzip-damaged", "a gzip member that is none", .malformed("the gzip member is corrupt")) { _ in
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0xFF, count: 64)
        },
        payload("zstd-cut", "a zstd frame that is cut", .truncated) { _ in try packed(.zstd(level: 3)).dropLast(9) },
        payload("zstd-behind", "garbage behind a zstd frame", .trailing) { _ in
            try packed(.zstd(level: 3)) + bytes("garbage")
        },
        payload(
            "zstd-damaged", "a zstd frame with a block of a reserved type", .malformed("Data corruption detected")
        ) { _ in [0x28, 0xB5, 0x2F, 0xFD, 0, 0x38, 0xFF, 0xFF, 0xFF] + zeros(64) },
        payload(
            "zstd-window", "a zstd window of 2 GiB", .tooLarge(.decoderMemory, limit: 256 << 20)
        ) { _ in [0x28, 0xB5, 0x2F, 0xFD, 0, 0xA8] + zeros(64) },
        payload(
            "zstd-dictionary", "a zstd frame that needs a dictionary", .malformed("Dictionary mismatch")
        ) { _ in [0x28, 0xB5, 0x2F, 0xFD, 0x21, 7, 0] + zeros(64) },
        HostileArtifact(
            "gzip-bomb", "a bomb that is gzip where xz is expected (the limit here: 1 MiB)", .compression,
            payload: .tooLarge(.totalBytes, limit: 1 << 20), info: .unseen,
            limits: HartArchive.Limits(payload: .init(totalBytes: 1 << 20)),
            .payload { _ in try bomb(.gzip) }),
        HostileArtifact(
            "zstd-bomb", "a bomb that is zstd where xz is expected (the limit here: 1 MiB)", .compression,
            payload: .tooLarge(.totalBytes, limit: 1 << 20), info: .unseen,
            limits: HartArchive.Limits(payload: .init(totalBytes: 1 << 20)),
            .payload { _ in try bomb(.zstd(level: 3)) }),
    ]

    private static func bomb(_ compression: Compression) throws -> [UInt8] {
        var fixture = PackageFixture(HostileArtifact.ident)
        fixture.extra = { tar, prefix in
            tar.header(RawTar.Header(prefix + "/zeros", size: 4 << 20))
            tar.body(zeros(4 << 20))
        }
        return try HostileArtifact.compressed(fixture.tar(), compression)
    }

    // MARK: - What a package is made of

    static let packages: [HostileArtifact] = [
        HostileArtifact(
            "two-packages", "a second package", .package,
            .members { tar, _ in tar.file("hab/pkgs/acme/other/1/2/x", "x") }
        ) { .hart(.memberOutsidePrefix(path: $0, member: bytes("hab/pkgs/acme/other/1/2/x"))) },
        HostileArtifact(
            "other-release", "another release of the package", .package,
            .members { tar, _ in tar.directory("hab/pkgs/acme/hello/1.0.0/20260101000001/") }
        ) { .hart(.memberOutsidePrefix(path: $0, member: bytes("hab/pkgs/acme/hello/1.0.0/20260101000001"))) },
        HostileArtifact(
            "outside-pkgs", "a member beside `pkgs`", .package, .members { tar, _ in tar.directory("hab/svc/") }
        ) { .hart(.memberOutsidePrefix(path: $0, member: bytes("hab/svc"))) },
        HostileArtifact("other-top", "a member beside `hab`", .package, .members { tar, _ in tar.directory("etc/") }) {
            .hart(.memberOutsidePrefix(path: $0, member: bytes("etc")))
        },
        HostileArtifact(
            "file-before", "a file before the package, where a directory above it is", .package,
            .tar { tar in RawTar.archive { $0.file("hab", "x") }.dropLast(1024) + tar }
        ) { .hart(.prefixKind(path: $0, member: bytes("hab"), kind: "file")) },
        HostileArtifact(
            "directories-before", "more directories before the package than lie above it", .package,
            .tar { tar in
                RawTar.archive { for name in "abcdef" { $0.directory("hab/\(name)/") } }.dropLast(1024) + tar
            }
        ) { .hart(.memberOutsidePrefix(path: $0, member: bytes("hab/f"))) },
        HostileArtifact(
            "link-above", "a symbolic link in place of a directory above the package", .package,
            .members { tar, _ in tar.symlink("hab/pkgs", to: "/tmp") }
        ) { .hart(.prefixKind(path: $0, member: bytes("hab/pkgs"), kind: "symbolic link")) },
        HostileArtifact(
            "no-package", "directories and no package in them", .package,
            .tar { _ in RawTar.archive { $0.directory("hab/") } }
        ) { .hart(.metafileMissing(path: $0, .ident)) },
        HostileArtifact(
            "bad-ident", "a directory that cannot be an ident", .package,
            .tar { _ in RawTar.archive { $0.directory("hab/pkgs/acme/hel lo/1/2/") } }
        ) {
            .hart(
                .badPrefix(path: $0, .piece(.name, value: "hel lo", text: "acme/hel lo/1/2", fault: .space)))
        },
        HostileArtifact(
            "no-ident", "no IDENT", .package, .fixture { $0.metafiles = ["IDENT": nil] }
        ) { .hart(.metafileMissing(path: $0, .ident)) },
        HostileArtifact(
            "no-target", "no TARGET", .package, .fixture { $0.metafiles = ["TARGET": nil] }
        ) { .hart(.metafileMissing(path: $0, .target)) },
        HostileArtifact(
            "metafile-link", "a metafile that is a symbolic link", .package,
            .members { tar, prefix in tar.symlink(prefix + "/DEPS", to: "/etc/passwd") }
        ) { .hart(.metafileKind(path: $0, .deps, kind: "symbolic link")) },
        HostileArtifact(
            "metafile-directory", "a metafile that is a directory", .package,
            .members { tar, prefix in tar.directory(prefix + "/TDEPS/") }
        ) { .hart(.metafileKind(path: $0, .tdeps, kind: "directory")) },
        HostileArtifact(
            "metafile-hard-link", "a metafile that is a hard link", .package,
            .members { tar, prefix in tar.hardLink(prefix + "/DEPS", to: prefix + "/IDENT") }
        ) { .hart(.metafileKind(path: $0, .deps, kind: "hard link")) },
        HostileArtifact(
            "metafile-binary", "a metafile that is no text", .package,
            .fixture { $0.metafiles = ["SVC_USER": "hab\u{0}root"] }
        ) { .hart(.metadata(path: $0, .notText(.svcUser, line: 1))) },
        HostileArtifact(
            "metafile-account", "a user that would add a line to `passwd`", .package,
            .fixture { $0.metafiles = ["SVC_USER": "hab:x:0:0"] }
        ) { .hart(.metadata(path: $0, .badValue(.svcUser, text: "hab:x:0:0", expected: "one account name"))) },
    ]
}

/// The CRC-32 of xz and gzip.
private enum CRC32 {
    /// Of `bytes`, little-endian.
    static func bytes(of bytes: [UInt8]) -> [UInt8] {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
        }
        return withUnsafeBytes(of: (~sum).littleEndian) { Array($0) }
    }
}
