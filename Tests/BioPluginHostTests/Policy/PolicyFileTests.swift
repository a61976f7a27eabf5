// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

@Suite struct PolicyFileTests {
    private func file(_ text: String, _ authority: PolicyRule.Authority = .site) throws -> PolicyFile {
        try PolicyFile(parsing: Array(text.utf8), path: "/p", authority)
    }

    @Test func everyActionIsRead() throws {
        let digest = Digest.blake2b256(of: [1])
        let rules = try file(
            """
            # The site
            user-may-allow = true
            [[rule]]
            match = "org.example.*"
            action = "disable"
            reason = "not reviewed"
            [[rule]]
            match = "~third-party~"
            action = "require-signature"
            [[rule]]
            match = "com.acme.*"
            action = "allow"
            keys = ["acme", "other-20260101000000"]
            [[rule]]
            match = "com.acme.one"
            action = "pin"
            digest = "\(digest)"
            [[rule]]
            match = "com.acme.two"
            action = "allow-unsigned"
            [[rule]]
            match = "com.acme.three"
            action = "enable"
            reason = "ticket 4711"
            [[rule]]
            match = "*"
            action = "deny-tools"
            tools = ["gpg", "cc"]
            reason = "not here"
            [[rule]]
            match = "*"
            action = "deny-tools"
            reason = "nowhere"
            [[rule]]
            match = "*"
            action = "require-sandbox"
            """
        ).rules
        #expect(
            rules.map(\.action) == [
                .disable, .requireSignature, .allow(keys: ["acme", "other-20260101000000"]), .pin(digest),
                .allowUnsigned, .enable, .denyTools(["gpg", "cc"]), .denyTools(nil), .requireSandbox,
            ])
        #expect(rules.map(\.line) == [3, 7, 10, 14, 18, 21, 25, 30, 34])
        #expect(rules[0].because == "not reviewed (/p:3)" && rules[1].because == "/p:7")
        #expect(try file("user-may-allow = false\n").userMayAllow == false)
        #expect(try file("").userMayAllow == nil)
    }

    private typealias Fault = (text: String, end: String)

    private static let ofRules: [Fault] = [
        ("[[rule]]\naction = \"disable\"\nreason = \"r\"\n", ":1: a rule needs 'match', a plugin id"),
        (
            "\n[[rule]]\nmatch = \"\"\naction = \"disable\"\nreason = \"r\"\n",
            ":2: a rule needs 'match', a plugin id"
        ),
        (
            "[[rule]]\nmatch = \"~x~\"\naction = \"enable\"\n",
            ":1: '~x~' is no pattern: the words between tildes are '~all~' and '~third-party~'"
        ),
        ("[[rule]]\nmatch = \"a.b\"\nreason = \"r\"\n", ":1: a rule needs 'action'"),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"burn\"\nreason = \"r\"\n",
            ":1: the action 'burn' is not known; there are enable, disable, allow, allow-unsigned, "
                + "require-signature, pin, require-sandbox, deny-tools"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\n",
            ":1: a rule needs 'reason': it is shown to the user"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"enable\"\nreason = \"\"\n",
            ":1: 'reason' is a text with something in it"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\nreason = \"r\"\nuntil = 3\n",
            ":1: the key 'until' is not known in a rule; there are match, action, reason, keys, digest, tools"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\ntools = [\"gpg\"]\nreason = \"r\"\n",
            ":1: 'tools' goes with the action 'deny-tools', not with 'disable'"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"allow-unsigned\"\nkeys = [\"acme\"]\n",
            ":1: 'keys' goes with the action 'allow', not with 'allow-unsigned'"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"pin\"\n",
            ":1: 'pin' needs 'digest', as 'bio plugin explain' shows it"
        ),
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"pin\"\ndigest = \"md5:1\"\n",
            ":1: 'md5:1' is not a digest: the algorithm 'md5' is unknown"
        ),
    ]

    private static let ofKeys: [Fault] = ["\"acme\"", "[]", "[3]", "[\"a/b\"]", "[\"a b\"]", "[\"\"]"].map { list in
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"allow\"\nkeys = \(list)\n",
            ":1: 'allow' needs 'keys', a list of names of keys such as \"acme-20260101000000\" or \"acme\""
        )
    }

    private static let ofTools: [Fault] = [
        "\"gpg\"", "[]", "[3]", "[\"gpg\", \"\"]", "[\"/usr/bin/gpg\"]", "[\"gpg\", 3]",
    ].map { list in
        (
            "[[rule]]\nmatch = \"a.b\"\naction = \"deny-tools\"\ntools = \(list)\nreason = \"r\"\n",
            ":1: 'tools' is a list of names of programs; without it all are denied"
        )
    }

    private static let ofFiles: [Fault] = [
        ("# first\nrules = []\n", ":2: the key 'rules' is not known here; 'rule' and 'user-may-allow' are"),
        ("user-may-allow = 1\n", ":1: 'user-may-allow' is true or false"),
        ("rule = 3\n", ":1: rules are written as [[rule]]"),
        ("rule = [3]\n", ":1: a rule needs 'match', a plugin id"),
    ]

    @Test(arguments: ofRules + ofKeys + ofTools + ofFiles)
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ end: String) {
        let error = #expect(throws: PolicyFile.Refusal.self) { try file(text) }
        #expect(error?.description == "/p" + end)
    }

    @Test func whatTheUserMaySayIsTheSitesWord() {
        let error = #expect(throws: PolicyFile.Refusal.self) { try file("user-may-allow = true\n", .user) }
        #expect(
            error?.description
                == "/p:1: the key 'user-may-allow' is not known here: it is the site's word; 'rule' is")
    }

    @Test func whatCannotBeReadIsRefusedAndNothingIsNothing() throws {
        let scratch = try Scratch()
        #expect(try PolicyFile.read(scratch.file("missing.toml"), .site) == nil)
        let directory = #expect(throws: PolicyFile.Refusal.self) { try PolicyFile.read(scratch.path, .site) }
        #expect(directory?.description == "\(scratch.path): it is no file")
        // Nobody writes into it: opening it must not wait for somebody who does.
        try #require(mkfifo(scratch.file("pipe"), 0o600) == 0)
        #expect(throws: PolicyFile.Refusal.self) { try PolicyFile.read(scratch.file("pipe"), .site) }
        let large = try scratch.write([UInt8](repeating: 0x23, count: PolicyFile.largest + 1), to: "large.toml")
        #expect(throws: PolicyFile.Refusal.self) { try PolicyFile.read(large, .site) }
        let broken = try scratch.write(Array("[[rule]\n".utf8), to: "broken.toml")
        let error = #expect(throws: PolicyFile.Refusal.self) { try PolicyFile.read(broken, .site) }
        #expect(error?.line == 1)
    }
}
