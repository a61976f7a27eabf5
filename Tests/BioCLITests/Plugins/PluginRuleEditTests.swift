// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

@testable import BioCLI

/// Rules of the site, which a real one keeps in /etc.
@Suite struct PluginRuleEditTests {
    @Test func theFirstRuleOfTheSiteChangesNothingElse() throws {
        let machine = try PolicyMachine()
        let first = machine.world()
        #expect(first.run("plugin", "disable", "org.x", "--site", "--reason", "no") == .done)
        #expect(first.standardOutput == "\(machine.site):3\n")
        #expect(
            try machine.text(machine.site)
                == "user-may-allow = true\n\n[[rule]] # bio plugin\nmatch = \"org.x\"\naction = \"disable\"\n"
                + "reason = \"no\"\n")
        #expect(machine.world().run("plugin", "allow", "org.y", "--unsigned") == .done)
        // A site that has said nothing of it leaves users nothing but to narrow, by another command, too.
        try machine.write(machine.site, "# ours\n")
        let second = machine.world()
        #expect(second.run("plugin", "disable", "org.x", "--site", "--reason", "no") == .done)
        #expect(try machine.text(machine.site).hasPrefix("# ours\n\n[[rule]]"))
        let refused = machine.world()
        #expect(refused.run("plugin", "allow", "org.z", "--unsigned") == .pluginUnusable)
        #expect(refused.standardError.contains("a user may only narrow what the site says: '\(machine.site)'"))
    }

    @Test func whatTheSiteSaysItsUsersCannotUndo() throws {
        let machine = try PolicyMachine()
        try machine.write(
            machine.site,
            """
            user-may-allow = true
            [[rule]]
            match = "org.*"
            action = "disable"
            reason = "not reviewed"
            [[rule]]
            match = "com.*"
            action = "allow"
            keys = ["acme"]
            [[rule]]
            match = "com.*"
            action = "require-signature"
            """)
        for (words, sentence) in [
            (["enable", "org.x"], "the site's rule stands: disable org.*: not reviewed (\(machine.site):2)"),
            (["allow", "com.x", "--key", "mine"], "the site's rule stands: allow com.*: \(machine.site):6"),
            (["allow", "com.x", "--unsigned"], "the site's rule stands: require-signature com.*: \(machine.site):10"),
        ] {
            let world = machine.world()
            #expect(
                Program.run(["plugin"] + words, tree: CommandTree.root, context: world.context) == .pluginUnusable)
            #expect(world.standardError.contains(sentence), "\(world.standardError)")
            #expect(world.standardOutput.isEmpty)
        }
        #expect(try FileStatus.of(machine.user) == nil)
        // He may narrow it.
        #expect(machine.world().run("plugin", "disable", "com.x") == .done)
        // Where the site is silent he may speak.
        #expect(machine.world().run("plugin", "allow", "net.x", "--key", "mine") == .done)
    }

    @Test func aLaterFileOfTheSiteIsNamed() throws {
        let machine = try PolicyMachine()
        let later = machine.scratch.file("etc/export-plugins.d/20-freeze.toml")
        try machine.write(later, "[[rule]]\nmatch = \"*\"\naction = \"disable\"\nreason = \"freeze\"\n")
        let world = machine.world()
        #expect(world.run("plugin", "enable", "org.x", "--site") == .pluginUnusable)
        #expect(world.standardError.contains("another rule counts: disable *: freeze (\(later):1)"))
        #expect(world.standardError.contains("hint: change the rule at \(later):1"))
    }

    @Test func whoHasMoreRightsThanItsUserListensToTheSiteAlone() throws {
        let machine = try PolicyMachine()
        let place = machine.scratch.file("home/.local/share/bio/plugins/x")
        try machine.write("\(place)/plugin.toml", CPlugin.manifest(id: "org.x.x", name: "x"))
        try machine.write("\(place)/libx.so", "")
        try machine.write(machine.user, "[[rule]\n")
        let variables = [
            "BIO_PLUGIN_PATH": place, "BIO_PLUGIN_POLICY": "/nowhere", "BIO_PLUGINS_DISABLE": "a b",
        ]
        // Everybody else is stopped by the user's file already.
        #expect(machine.world(variables).run("plugin", "list") == .pluginUnusable)
        let privileged = machine.world(variables, isPrivileged: true)
        #expect(privileged.run("plugin", "list") == .done)
        #expect(!privileged.standardOutput.contains("org.x.x"))
        let named = machine.world(variables, isPrivileged: true)
        #expect(named.run("plugin", "list", "--plugin", place) == .pluginUnusable)
        #expect(named.standardError.contains("a program with more rights than its user takes no plugin"))
    }

    @Test func whatIsSaidOfPluginsIsReadBeforeTheFormatIsKnown() {
        let access = PluginAccess().reading(
            [
                "pkg", "export", "--plugin=a", "--plugin", "b", "--plugin-dir", "c", "--safe-mode", "x", "--",
                "--plugin", "d",
            ])
        #expect(access.named == [.plugin("a"), .plugin("b"), .place("c")])
        #expect(access.isSafeMode && !access.allowsUnsigned)
        #expect(PluginAccess().reading(["--plugin"]).named == [])
        #expect(PluginAccess().reading(["--", "--allow-unsigned"]).allowsUnsigned == false)
    }
}
