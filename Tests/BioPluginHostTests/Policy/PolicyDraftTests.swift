// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

@Suite struct PolicyDraftTests {
    private static func rule(_ match: String, _ action: PolicyRule.Action, _ reason: String = "") throws -> RuleText {
        RuleText(try PluginPattern(parsing: match), action, reason: reason)
    }

    @Test func aRuleIsAddedAtTheEndAndTakenAwayWithoutATrace() throws {
        let text = "# ours\n[[rule]] # of old\nmatch = \"*\"   # all\naction = \"enable\"\n# the end"
        var draft = try PolicyDraft(Array(text.utf8), path: "/p", .user)
        let before = draft.bytes
        #expect(try draft.add(Self.rule("com.acme.*", .disable, "ticket \"4711\"")) == 7)
        #expect(
            String(decoding: draft.bytes, as: UTF8.self)
                == text + "\n\n[[rule]] # bio plugin\nmatch = \"com.acme.*\"\naction = \"disable\"\n"
                + "reason = \"ticket \\\"4711\\\"\"\n")
        #expect(try draft.add(Self.rule("com.acme.x", .allow(keys: ["acme", "b"]))) == 12)
        #expect(try draft.rules.map(\.line) == [2, 7, 12])
        #expect(try draft.remove { $0.match.text.hasPrefix("com.acme.") } == [7, 12])
        #expect(draft.bytes == before)
        #expect(before == Array("\(text)\n".utf8))
    }

    /// As an editor of another system writes it.
    @Test func linesMayEndWithACarriageReturn() throws {
        let text = "# ours\r\n[[rule]]\r\nmatch = \"*\"\r\naction = \"enable\"\r\n"
        var draft = try PolicyDraft(Array(text.utf8), path: "/p", .user)
        #expect(draft.bytes == Array(text.utf8))
        #expect(try draft.add(Self.rule("a.b", .disable, "no")) == 6)
        #expect(try draft.rules.map(\.line) == [2, 6])
        #expect(try draft.remove { $0.match.text == "a.b" } == [6])
        #expect(draft.bytes == Array(text.utf8))
    }

    @Test func anEmptyFileBeginsWithTheRule() throws {
        var draft = try PolicyDraft(nil, path: "/p", .site)
        draft.begin(with: "user-may-allow = true")
        #expect(try draft.add(Self.rule("a.b", .requireSignature)) == 3)
        #expect(
            String(decoding: draft.bytes, as: UTF8.self)
                == "user-may-allow = true\n\n[[rule]] # bio plugin\nmatch = \"a.b\"\naction = \"require-signature\"\n")
    }

    @Test(arguments: [
        "[[rule]]\nmatch = \"a.b\"\naction = \"disable\"\nreason = \"r\"\n",
        "[[rule]] # bio plugin\naction = \"disable\"\nmatch = \"a.b\"\nreason = \"r\"\n",
        "[[rule]] # bio plugin\nmatch = \"a.b\" # why\naction = \"disable\"\nreason = \"r\"\n",
        "[[rule]] # bio plugin, by hand\nmatch = \"a.b\"\naction = \"disable\"\nreason = \"r\"\n",
    ])
    func whatAPersonWroteStays(_ text: String) throws {
        var draft = try PolicyDraft(Array(text.utf8), path: "/p", .user)
        #expect(try draft.remove { _ in true } == [])
        #expect(draft.bytes == Array(text.utf8))
    }

    @Test func aFileInAnotherFormIsLeftAlone() throws {
        let text = "rule = [{ match = \"a.b\", action = \"enable\" }]\n"
        var draft = try PolicyDraft(Array(text.utf8), path: "/p", .user)
        #expect(throws: PolicyFile.Refusal.self) { try draft.add(Self.rule("a.b", .requireSandbox)) }
        #expect(throws: PolicyFile.Refusal.self) { try PolicyDraft(Array("[[rule]\n".utf8), path: "/p", .user) }
        #expect(throws: PolicyFile.Refusal.self) { try PolicyDraft([0x23, 0xFF], path: "/p", .user) }
    }

    @Test func aFileIsChangedWholeAndKeepsItsModeAndItsLink() throws {
        let scratch = try Scratch()
        let real = try scratch.write(Array("# mine\n".utf8), to: "real.toml")
        try #require(chmod(real, 0o640) == 0 && symlink("real.toml", scratch.file("link.toml")) == 0)
        let line = try PolicyDraft.change(scratch.file("link.toml"), .user, cancellation: .never) { draft, isNew in
            #expect(!isNew)
            return try draft.add(Self.rule("a.b", .disable, "r"))
        }
        #expect(line == 3)
        #expect(try FileStatus.ofLink(scratch.file("link.toml"))?.kind == .symlink)
        #expect(try FileStatus.of(real)?.mode == 0o640)
        #expect(try PolicyFile.read(real, .user)?.rules.count == 1)
        // Nothing is written when something goes wrong on the way.
        #expect(throws: PolicyFile.Refusal.self) {
            try PolicyDraft.change(real, .user, cancellation: .never) { draft, _ in
                _ = try draft.add(Self.rule("a.b", .enable))
                throw PolicyFile.Refusal(path: real, line: nil, text: "no")
            }
        }
        #expect(try PolicyFile.read(real, .user)?.rules.count == 1)
        // Where nothing is yet, the directories are made.
        let new = scratch.file("a/b/new.toml")
        try PolicyDraft.change(new, .site, cancellation: .never) { draft, isNew in
            #expect(isNew)
            _ = try draft.add(Self.rule("a.b", .requireSandbox))
        }
        #expect(try PolicyFile.read(new, .site)?.rules.map(\.action) == [.requireSandbox])
    }

    @Test func manyAtOnceLoseNothing() async throws {
        let scratch = try Scratch()
        let path = scratch.file("policy.toml")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    _ = try PolicyDraft.change(path, .user, cancellation: .never) { draft, _ in
                        try draft.add(Self.rule("a.b\(number)", .disable, "r"))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try PolicyFile.read(path, .user)?.rules.count == 8)
    }
}
