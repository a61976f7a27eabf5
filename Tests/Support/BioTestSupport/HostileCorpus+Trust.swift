// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioStore

extension HostileCorpus {
    /// The bytes of a header by its lines, and what follows it.
    private static func split(_ artifact: [UInt8]) -> (lines: [[UInt8]], payload: [UInt8]) {
        var rest = artifact[...]
        var lines: [[UInt8]] = []
        while lines.count < 5, let end = rest.firstIndex(of: 0x0A) {
            lines.append(Array(rest[..<end]))
            rest = rest[(end + 1)...]
        }
        return (lines, Array(rest))
    }

    private static func joined(_ lines: [[UInt8]], _ payload: [UInt8], end: String = "\n") -> [UInt8] {
        lines.flatMap { $0 + bytes(end) } + payload
    }

    /// The artifact with another header.
    private static func header(
        _ name: String, _ what: String, _ change: @escaping @Sendable (inout [[UInt8]]) -> Void,
        error: @escaping @Sendable (String) -> HartError
    ) -> HostileArtifact {
        artifact(name, what, error: error) { artifact, _ in
            var (lines, payload) = split(artifact)
            change(&lines)
            return joined(lines, payload)
        }
    }

    private static func artifact(
        _ name: String, _ what: String, info: HostileArtifact.Elsewhere = .same,
        error: @escaping @Sendable (String) -> HartError,
        _ change: @escaping @Sendable ([UInt8], [UInt8]) throws -> [UInt8]
    ) -> HostileArtifact {
        HostileArtifact(name, what, .header, .artifact(change), info: info) { .hart(error($0)) }
    }

    /// What the payload became; both digests are in the message, so the whole error is made of the bytes.
    private static func altered(
        _ name: String, _ what: String, info: HostileArtifact.Elsewhere = .unseen,
        _ change:
            @escaping @Sendable (_ header: [[UInt8]], _ payload: [UInt8], _ other: [UInt8]) -> (
                [[UInt8]], [UInt8]
            )
    ) -> HostileArtifact {
        let honest = (try? PackageFixture(HostileArtifact.ident).payload()) ?? []
        var second = PackageFixture(HostileArtifact.ident)
        second.files = [PackageFixture.File("bin/other", "other")]
        let other = (try? second.payload()) ?? []
        let (_, payload) = change([], honest, other)
        let (expected, computed) = (Digest.blake2b256(of: honest), Digest.blake2b256(of: payload))
        return artifact(
            name, what, info: info, error: { .altered(path: $0, expected: expected, computed: computed) }
        ) { artifact, other in
            let (lines, payload) = split(artifact)
            let changed = change(lines, payload, split(other).payload)
            return joined(changed.0, changed.1)
        }
    }

    static let headers: [HostileArtifact] = forms + signatures

    private static let forms: [HostileArtifact] = [
        artifact("empty-file", "an empty file", error: { .notAHart(path: $0) }) { _, _ in [] },
        artifact("bare-payload", "a payload without its header", error: { .notAHart(path: $0) }) {
            artifact, _ in split(artifact).payload
        },
        artifact("carriage-returns", "lines that only a carriage return ends", error: { .notAHart(path: $0) }) {
            artifact, _ in
            let (lines, payload) = split(artifact)
            return joined(lines, payload, end: "\r")
        },
        header("other-format", "a later format", { $0[0] = bytes("HART-2") }) {
            .unsupportedFormat(path: $0, found: "HART-2")
        },
        header("format-case", "the format in small letters", { $0[0] = bytes("hart-1") }) { .notAHart(path: $0) },
        header("format-twice", "the format's line twice", { $0.insert($0[0], at: 0) }) {
            .signerUnreadable(path: $0, text: "HART-1")
        },
        header("signer-twice", "the signer's line twice", { $0.insert($0[1], at: 1) }) {
            .unsupportedHash(path: $0, found: "acme-20260101000000")
        },
        header("hash-twice", "the hash's line twice", { $0.insert($0[2], at: 2) }) { .signatureUndecodable(path: $0) },
        header("signature-twice", "the signature's line twice", { $0.insert($0[3], at: 3) }) {
            .headerNotClosed(path: $0)
        },
        header("signer-path", "a signer that is a path", { $0[1] = bytes("../../etc/evil-20260101000000") }) {
            .signerUnreadable(path: $0, text: "../../etc/evil-20260101000000")
        },
        header("signer-nul", "a NUL in the signer", { $0[1] = bytes("acme\u{0}-20260101000000") }) {
            .signerUnreadable(path: $0, text: "acme\u{0}-20260101000000")
        },
        header("other-hash", "a hash that nobody uses", { $0[2] = bytes("MD5") }) {
            .unsupportedHash(path: $0, found: "MD5")
        },
        header("signature-text", "a signature that is no base64", { $0[3] = bytes("not base64") }) {
            .signatureUndecodable(path: $0)
        },
        header(
            "signature-short", "a signature of the signature alone", { $0[3] = Array($0[3].prefix(84)) + bytes("==") }
        ) { .signatureUndecodable(path: $0) },
        header("line-long", "a line of more than 4096 bytes", { $0[1] = [UInt8](repeating: 0x61, count: 5000) }) {
            .headerLineTooLong(path: $0, line: 2, limit: 4096)
        },
        header("not-closed", "text in the line that closes the header", { $0[4] = bytes("x") }) {
            .headerNotClosed(path: $0)
        },
        artifact(
            "header-cut", "a header that is cut", error: { .headerIncomplete(path: $0, line: 4) }
        ) { artifact, _ in joined(Array(split(artifact).lines.prefix(3)), bytes("abc")) },
    ]

    private static let signatures: [HostileArtifact] = [
        header("other-signer", "the name of another key", { $0[1] = bytes("mallory-20260101000000") }) {
            HartError.signatureInvalid(path: $0, signer: mallory)
        }.seenByInfo(.unseen),
        header("unknown-signer", "a key that is not there", { $0[1] = bytes("nobody-20260101000000") }) {
            let name = nobody
            return .keyMissing(path: $0, name, keyPath: "KEYS/\(name).pub")
        }.seenByInfo(.unseen),
        artifact(
            "signature-damaged", "a signature with a wrong bit", info: .unseen,
            error: { .signatureInvalid(path: $0, signer: acme) }
        ) { artifact, _ in
            var (lines, payload) = split(artifact)
            lines[3][2] = lines[3][2] == 0x41 ? 0x42 : 0x41
            return joined(lines, payload)
        },
        HostileArtifact(
            "signed-text", "a good signature of something that is no digest", .header,
            .signedText([UInt8](repeating: 0x7A, count: 64)), info: .unseen
        ) { .hart(.signedTextUnreadable(path: $0, signer: acme)) },
        HostileArtifact(
            "other-origin", "a good signature by the key of another origin", .header, .signedBy("mallory"),
            info: .unseen, verify: .unseen
        ) { .hart(.signerNotOrigin(path: $0, signer: mallory, ident: ident)) },
        altered("spliced-payload", "the header of one artifact before the payload of another") { lines, _, other in
            (lines, other)
        },
        altered(
            "second-header", "a second header before the payload",
            info: .other {
                .hart(.payload(path: $0, .truncated))
            }
        ) { lines, payload, _ in (lines, bytes("HART-1\n") + payload) },
        altered(
            "payload-bit", "a wrong bit in the payload",
            info: .other {
                .hart(.payload(path: $0, .malformed("the xz stream is corrupt")))
            }
        ) { lines, payload, _ in
            var payload = payload
            payload[payload.count / 2] ^= 0x40
            return (lines, payload)
        },
        altered("payload-cut", "a payload that is cut", info: .other { .hart(.payload(path: $0, .truncated)) }) {
            lines, payload, _ in (lines, payload.dropLast(20))
        },
        altered("payload-longer", "bytes behind the payload", info: .other { .hart(.payload(path: $0, .trailing)) }) {
            lines, payload, _ in (lines, payload + bytes("more"))
        },
    ]

    private static func key(_ origin: String) -> KeyName {
        guard let name = try? KeyName(name: origin, revision: "20260101000000") else {
            preconditionFailure("a key's name")
        }
        return name
    }

    static var acme: KeyName { key("acme") }
    static var mallory: KeyName { key("mallory") }
    static var nobody: KeyName { key("nobody") }

    static var ident: QualifiedIdent {
        guard let ident = try? QualifiedIdent(parsing: HostileArtifact.ident) else { preconditionFailure("an ident") }
        return ident
    }
}
