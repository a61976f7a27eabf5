// SPDX-License-Identifier: Apache-2.0

import BioHart
import BioStore

extension HostileCorpus {
    /// What is odd and does no harm: installed as it is.
    package struct Oddity: Sendable, CustomStringConvertible {
        package let name: String
        package let what: String
        package let why: String
        let recipe: HostileArtifact.Recipe

        init(_ name: String, _ what: String, _ why: String, _ recipe: HostileArtifact.Recipe) {
            self.name = name
            self.what = what
            self.why = why
            self.recipe = recipe
        }

        package var description: String { name }

        /// As `HostileArtifact.write`.
        package func write(into directory: String, keys: TestKeys) throws -> String {
            try HostileArtifact(name, what, .package, recipe) { .hart(.notAHart(path: $0)) }
                .write(into: directory, keys: keys)
        }
    }

    package static let accepted: [Oddity] = [
        Oddity(
            "case-collision", "`README` and `readme`", "Linux tells them apart",
            .members { tar, prefix in
                tar.file(prefix + "/README", "large")
                tar.file(prefix + "/readme", "small")
            }),
        Oddity(
            "unicode-collision", "`é` in one and in two code points", "Linux compares bytes",
            .members { tar, prefix in
                tar.file(prefix + "/caf\u{E9}")
                tar.file(prefix + "/cafe\u{301}")
            }),
        Oddity(
            "not-utf8", "a name that is not UTF-8", "a name is bytes; messages show it escaped",
            .members { tar, prefix in
                var header = RawTar.Header("")
                header.name = bytes(prefix) + [0x2F, 0xFF, 0xE9]
                tar.header(header)
            }),
        Oddity(
            "control-characters", "control characters in a name", "messages and receipts escape them",
            .members { tar, prefix in tar.file(prefix + "/a\u{1B}[2J\n\rb") }),
        Oddity(
            "set-user-id", "a file that runs as its owner", "the owner is who installs; packages may have such files",
            .members { tar, prefix in tar.file(prefix + "/bin/su", "x", mode: 0o4755) }),
        Oddity(
            "vendor-keys", "pax records of other programs", "they say nothing that is unpacked",
            .members { tar, prefix in
                tar.pax([("SCHILY.xattr.user.x", bytes("y")), ("ACME.key", bytes("v")), ("comment", bytes("c"))])
                tar.file(prefix + "/x")
            }),
        Oddity(
            "global-comment", "a global pax header with a comment", "git archive writes one",
            .members { tar, prefix in
                tar.pax([("comment", bytes("0123456789"))], type: "g")
                tar.file(prefix + "/x")
            }),
        Oddity(
            "charset-binary", "pax names in the character set BINARY", "GNU tar writes it for names that are not UTF-8",
            .members { tar, prefix in
                tar.pax([("hdrcharset", bytes("BINARY")), ("path", own("") + [0xFE])])
                tar.file(prefix + "/x")
            }),
        Oddity(
            "carriage-return-lines", "a header whose lines end in CRLF", "upstream trims them, and nothing is hidden",
            .artifact { artifact, _ in
                var changed: [UInt8] = []
                var lines = 0
                for byte in artifact {
                    if byte == 0x0A && lines < 5 {
                        changed.append(0x0D)
                        lines += 1
                    }
                    changed.append(byte)
                }
                return changed
            }),
        Oddity(
            "other-name", "a header that says `BART-1`", "the format's name is not signed, and both mean the same",
            .artifact { artifact, _ in bytes("BART") + artifact.dropFirst(4) }),
    ]
}
