// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

@testable import BioCLI

/// A command about rules changes what becomes of plugins, or says what keeps it from that.
@Suite struct PluginRuleEffectTests {
    private static func rule(_ match: String, _ action: String, _ more: String...) -> String {
        (["[[rule]]", "match = \"\(match)\"", "action = \"\(action)\""] + more).map { "\($0)\n" }.joined()
    }

    /// With a plugin beside the program, `org.biome.tar`, and a user's one.
    private static func machine() throws -> PolicyMachine {
        let machine = try PolicyMachine()
        _ = try machine.plugin("tar", in: "prefix/lib/bio/plugins", id: "org.biome.tar")
        _ = try machine.plugin("nomad", in: "home/.local/share/bio/plugins")
        return machine
    }

    private static func state(_ machine: PolicyMachine, _ name: String) throws -> FoundPlugin {
        try #require(try machine.world().context.pluginCatalog().plugins.first { $0.manifest?.name == name })
    }

    /// A rule about plugins of others says nothing of those that came with bio.
    @Test func aRuleOfTheUsersOwnCanBeTakenAwayAgain() throws {
        let machine = try Self.machine()
        try machine.write(
            machine.site, "user-may-allow = true\n" + Self.rule("~third-party~", "disable", "reason = \"no\""))
        #expect(machine.world().run("plugin", "disable", "tar") == .done)
        #expect(try Self.state(machine, "tar").state.word == "disabled")
        let world = machine.world()
        #expect(world.run("plugin", "enable", "tar") == .done, "\(world.standardError)")
        #expect(try Self.state(machine, "tar").state == .ready)
        let refused = machine.world()
        #expect(refused.run("plugin", "enable", "nomad") == .pluginUnusable)
        #expect(refused.standardError.contains("the site's rule stands: disable ~third-party~"))
    }

    @Test(arguments: ["*", "~all~", "org.*"]) func aPatternEnablesWhatAnotherRuleDisables(_ pattern: String) throws {
        let machine = try Self.machine()
        #expect(machine.world().run("plugin", "disable", "tar") == .done)
        for _ in 0..<2 {
            let world = machine.world()
            #expect(world.run("plugin", "enable", pattern) == .done, "\(world.standardError)")
            #expect(world.standardOutput == "\(machine.user):6\n")
        }
        #expect(try Self.state(machine, "tar").state == .ready)
    }

    @Test func whatAPatternDoesNotReachIsNamed() throws {
        let machine = try Self.machine()
        try machine.write(machine.scratch.file("etc/export-plugins.d/20.toml"), "user-may-allow = true\n")
        try machine.write(machine.scratch.file("run.toml"), Self.rule("com.acme.nomad", "disable", "reason = \"no\""))
        let variables = ["BIO_PLUGIN_POLICY": machine.scratch.file("run.toml")]
        for pattern in ["*", "com.acme.*"] {
            let world = machine.world(variables)
            #expect(world.run("plugin", "enable", pattern) == .pluginUnusable)
            #expect(
                world.standardError.contains("another rule counts for 'com.acme.nomad': disable com.acme.nomad: no ("),
                "\(world.standardError)")
        }
        try machine.write(machine.scratch.file("run.toml"), Self.rule("com.acme.nomad", "enable"))
        let world = machine.world(variables)
        #expect(world.run("plugin", "disable", "com.*") == .pluginUnusable)
        #expect(
            world.standardError.contains("the rule was written, but a later one enables 'com.acme.nomad'"),
            "\(world.standardError)")
    }

    @Test func aKeyThatALaterFileDoesNotNameIsNotAllowed() throws {
        let machine = try Self.machine()
        let later = machine.scratch.file("etc/export-plugins.d/20.toml")
        try machine.write(later, Self.rule("com.acme.*", "allow", "keys = [\"other\"]"))
        let world = machine.world()
        #expect(world.run("plugin", "allow", "com.acme.nomad", "--key", "acme", "--site") == .pluginUnusable)
        #expect(world.standardError.contains("another rule counts: allow com.acme.*: \(later):1"))
        #expect(world.standardError.contains("hint: change the rule at \(later):1"))
    }

    /// The commands write the first file of each authority, which the others come after.
    @Test func aHintNamesACommandOnlyWhereItCounts() throws {
        let machine = try Self.machine()
        let later = machine.scratch.file("etc/export-plugins.d/20.toml")
        let disable = Self.rule("org.biome.tar", "disable", "reason = \"no\"")
        try machine.write(later, disable)
        #expect(try Self.state(machine, "tar").change == "take the rule at \(later):1 away")
        try Directory.remove(machine.scratch.file("etc/export-plugins.d"))
        try machine.write(machine.site, disable)
        #expect(
            try Self.state(machine, "tar").change
                == "run 'bio plugin enable org.biome.tar --site', or take the rule at \(machine.site):1 away")
        try Directory.remove(machine.scratch.file("etc"))
        try machine.write(machine.scratch.file("run.toml"), disable)
        let world = machine.world(["BIO_PLUGIN_POLICY": machine.scratch.file("run.toml")])
        let plugin = try world.context.pluginCatalog().plugins.first { $0.manifest?.name == "tar" }
        #expect(plugin?.change == "take the rule at \(machine.scratch.file("run.toml")):1 away")
    }

    @Test func whoMayOnlyNarrowIsToldWhomToAsk() throws {
        let machine = try Self.machine()
        try machine.write(machine.site, "# ours\n")
        let change =
            "ask whoever administers this machine to install it with 'bio plugin install --site', or run 'bio plugin "
            + "allow com.acme.nomad --unsigned --site'"
        #expect(try Self.state(machine, "nomad").change == change)
        let world = machine.world()
        #expect(world.run("plugin", "explain", "nomad", "--allow-unsigned") == .done)
        #expect(world.standardOutput.contains("here he may only narrow what the site says"))
        #expect(world.standardOutput.contains("to change it: \(change)\n"), "\(world.standardOutput)")
        // A rule of his own he may take away himself.
        #expect(machine.world().run("plugin", "require-signature", "nomad") == .done)
        #expect(
            try Self.state(machine, "nomad").change
                == "install a signed one, or change the rule at \(machine.user):1")
    }

    @Test func aCopyThatCannotBeUsedHidesNothing() throws {
        let machine = try Self.machine()
        let copy = try machine.plugin("tar", in: "home/.local/share/bio/plugins", id: "org.biome.tar")
        let world = machine.world()
        let used = machine.scratch.file("prefix/lib/bio/plugins/tar")
        #expect(try PluginInfo.find("tar", world.context).directory == used)
        #expect(world.standardError.contains("there is 'org.biome.tar' in '\(copy)', too: it is unsigned"))
    }

    @Test func whatIsTypedSaysWhichPluginsAreCompleted() throws {
        let machine = try Self.machine()
        let directory = try machine.plugin("waypoint", in: "work")
        let line = ["__complete", "zsh", "--", "pkg", "export"]
        for (more, isThere) in [([], false), (["--plugin", directory], true), (["--plugin=\(directory)"], true)] {
            let world = machine.world()
            let words = line + more + [""]
            #expect(Program.run(words, tree: CommandTree.root, context: world.context) == .done)
            #expect(world.standardOutput.contains("waypoint") == isThere, "\(world.standardOutput)")
            #expect(world.standardOutput.contains("tar"))
        }
        let safe = machine.world()
        let words = line + ["--plugin", directory, "--safe-mode", ""]
        #expect(Program.run(words, tree: CommandTree.root, context: safe.context) == .done)
        #expect(!safe.standardOutput.contains("waypoint") && safe.standardOutput.contains("tar"))
    }

    @Test func whatIsNotThereCannotBeForgotten() throws {
        let machine = try Self.machine()
        let world = machine.world()
        #expect(world.run("plugin", "clear", "no.such") == .pluginUnusable)
        #expect(world.standardError.contains("there is no plugin 'no.such', and no crash of one is kept"))
        #expect(machine.world().run("plugin", "clear", "tar") == .done)
    }

    @Test func aRefusalToDescribeSaysWhatWouldChangeIt() throws {
        let machine = try Self.machine()
        let directory = try machine.plugin("one", in: "work")
        #expect(machine.world().run("plugin", "disable", "com.acme.one") == .done)
        let world = machine.world()
        #expect(world.run("plugin", "describe", directory) == .pluginUnusable)
        #expect(world.standardError.contains("hint: run 'bio plugin enable com.acme.one'"), "\(world.standardError)")
    }

    @Test func whatCannotBePinnedSaysWhy() throws {
        for (words, code, sentence) in [
            (["*"], .usage, "'*' may match several plugins, and each has files of its own"),
            (["tar"], .pluginUnusable, "it lies beside this program and changes with it"),
            (["com.acme.nomad", "--digest", "x"], .usage, "--digest: 'x' is not a digest"),
        ] as [([String], ExitCode, String)] {
            let machine = try Self.machine()
            let world = machine.world()
            #expect(
                Program.run(["plugin", "pin"] + words, tree: CommandTree.root, context: world.context) == code)
            #expect(world.standardError.contains(sentence), "\(world.standardError)")
        }
    }

    @Test(arguments: ["", "a\u{1B}[2J"]) func aReasonIsText(_ reason: String) throws {
        let machine = try Self.machine()
        #expect(machine.world().run("plugin", "disable", "tar") == .done)
        let world = machine.world()
        #expect(world.run("plugin", "enable", "tar", "--reason=\(reason)") == .usage)
        #expect(world.standardError.contains("--reason: the text is empty, too long, or holds control characters"))
    }
}
