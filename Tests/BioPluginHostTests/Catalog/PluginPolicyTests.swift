// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioPluginHost

@Suite struct PluginPolicyTests {
    @Test func rulesOfEveryFileCountAndTheFirstIsNamed() throws {
        let scratch = try Scratch()
        let site = try scratch.write(
            Array(
                """
                # The site
                [[rule]]
                match = "org.example.*"
                action = "disable"
                reason = "not reviewed"

                [[rule]]
                match = "org.other.exact"
                action = "disable"
                reason = "broken"
                """.utf8), to: "site.toml")
        let user = try scratch.write(
            Array("[[rule]]\nmatch = \"*\"\naction = \"disable\"\nreason = \"none for me\"\n".utf8), to: "user.toml")
        let policy = try PluginPolicy.read([site, scratch.file("missing.toml")])
        #expect(policy.rules.count == 2)
        #expect(
            policy.disabling("org.example.thing")
                == PluginPolicy.Rule(match: "org.example.*", reason: "not reviewed", path: site, line: 2))
        #expect(policy.disabling("org.other.exact")?.line == 7)
        #expect(policy.disabling("org.other.exactly") == nil)
        #expect(policy.disabling("org.examples") == nil)
        let both = try PluginPolicy.read([site, user])
        #expect(both.disabling("org.example.thing")?.path == site)
        #expect(both.disabling("anything.else")?.reason == "none for me")
    }

    @Test func programsAreDeniedByName() throws {
        let scratch = try Scratch()
        let policy = try PluginPolicy.read([
            try scratch.write(
                Array(
                    """
                    [[rule]]
                    match = "org.example.some"
                    action = "deny-tools"
                    tools = ["gpg", "cc"]
                    reason = "not here"
                    [[rule]]
                    match = "org.example.all*"
                    action = "deny-tools"
                    reason = "nowhere"
                    """.utf8), to: "policy.toml")
        ])
        #expect(policy.denying("gpg", to: "org.example.some")?.reason == "not here")
        #expect(policy.denying("cc", to: "org.example.some")?.line == 1)
        #expect(policy.denying("sh", to: "org.example.some") == nil)
        #expect(policy.denying("sh", to: "org.example.all.of.them")?.reason == "nowhere")
        #expect(policy.denying("gpg", to: "org.example.other") == nil)
        // They stay usable.
        #expect(policy.disabling("org.example.some") == nil && policy.disabling("org.example.all") == nil)
    }

    @Test func anEmptyFileAllowsAll() throws {
        let scratch = try Scratch()
        #expect(try PluginPolicy.read([try scratch.write([], to: "empty.toml")]).rules.isEmpty)
    }

    @Test(
        arguments: [
            ("[[rule]]\naction = \"disable\"\nreason = \"r\"\n", ":1: a rule needs 'match', a plugin id"),
            (
                "\n[[rule]]\nmatch = \"\"\naction = \"disable\"\nreason = \"r\"\n",
                ":2: a rule needs 'match', a plugin id"
            ),
            ("[[rule]]\nmatch = \"a.b\"\nreason = \"r\"\n", ":1: a rule needs 'action'"),
            (
                "[[rule]]\nmatch = \"a.b\"\naction = \"allow\"\nreason = \"r\"\n",
                ":1: the action 'allow' is not known, 'disable' and 'deny-tools' are"
            ),
            (
                "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\n",
                ":1: a rule needs 'reason': it is shown to the user"
            ),
            (
                "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\nreason = \"r\"\nuntil = 3\n",
                ":1: the key 'until' is not known in a rule; 'match', 'action', 'tools' and 'reason' are"
            ),
            (
                "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\ntools = [\"gpg\"]\nreason = \"r\"\n",
                ":1: a rule that disables a plugin has no 'tools'"
            ),
        ]
            + ["\"gpg\"", "[]", "[3]", "[\"gpg\", \"\"]", "[\"/usr/bin/gpg\"]", "[\"gpg\", 3]"].map { list in
                (
                    "[[rule]]\nmatch = \"a.b\"\naction = \"deny-tools\"\ntools = \(list)\nreason = \"r\"\n",
                    ":1: 'tools' is a list of names of programs; without it all are denied"
                )
            } + [
                ("# first\nrules = []\n", ":2: the key 'rules' is not known here, 'rule' is"),
                ("rule = 3\n", ":1: rules are written as [[rule]]"),
                ("rule = [3]\n", ":1: a rule needs 'match', a plugin id"),
            ])
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ end: String) throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array(text.utf8), to: "policy.toml")
        let error = #expect(throws: PluginPolicy.Refusal.self) { try PluginPolicy.read([path]) }
        #expect(error?.description == path + end)
    }

    @Test func whatCannotBeReadAllowsNothing() throws {
        let scratch = try Scratch()
        #expect(throws: PluginPolicy.Refusal.self) { try PluginPolicy.read([scratch.path]) }
        let path = try scratch.write(Array("[[rule]\n".utf8), to: "policy.toml")
        let error = #expect(throws: PluginPolicy.Refusal.self) { try PluginPolicy.read([path]) }
        #expect(error?.line == 1)
    }
}
