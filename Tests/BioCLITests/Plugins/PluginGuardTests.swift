// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioStore
import BioSystem
import BioTestSupport
import Testing

@testable import BioCLI

/// Nothing of a plugin runs against the rules, and nobody works on plugins with rights that are not his.
@Suite struct PluginGuardTests {
    private static let rules: [(site: String, variables: [String: String], sentence: String, hint: String)] = [
        (
            "user-may-allow = true\n[[rule]]\nmatch = \"*\"\naction = \"disable\"\nreason = \"freeze\"\n", [:],
            "plugin 'com.acme.one' is disabled: freeze (", "bio plugin enable com.acme.one --site"
        ),
        (
            "user-may-allow = true\n[[rule]]\nmatch = \"*\"\naction = \"require-signature\"\n", [:],
            "plugin 'com.acme.one' is unsigned: ", "install a signed one, or change the rule at "
        ),
        (
            "user-may-allow = true\n[[rule]]\nmatch = \"*\"\naction = \"pin\"\ndigest = \"\(Digest.blake2b256(of: []))\"\n",
            [:], "plugin 'com.acme.one' is altered: it is pinned to blake2b-256:", "install what it is pinned to"
        ),
        (
            "", ["BIO_PLUGINS_DISABLE": "com.*"],
            "plugin 'com.acme.one' is not-allowed: the variable BIO_PLUGINS_DISABLE has com.*",
            "set BIO_PLUGINS_ALLOW=com.acme.one"
        ),
    ]

    @Test(arguments: rules.indices)
    func whatMayNotRunIsNeitherInstalledNorChecked(_ index: Int) throws {
        let rule = Self.rules[index]
        let machine = try PolicyMachine()
        let directory = try machine.plugin("one", in: "work")
        if !rule.site.isEmpty { try machine.write(machine.site, rule.site) }
        for words in [
            ["install", directory, "--allow-unsigned", "--yes"], ["check", directory],
            ["check", "\(directory)/libone.so"],
        ] {
            let world = machine.world(rule.variables)
            #expect(
                Program.run(["plugin"] + words, tree: CommandTree.root, context: world.context) == .pluginUnusable)
            #expect(world.standardError.contains(rule.sentence), "\(words): \(world.standardError)")
            #expect(world.standardError.contains(rule.hint), "\(words): \(world.standardError)")
            #expect(world.standardOutput.isEmpty)
        }
        let place = machine.scratch.file("home/.local/share/bio/plugins")
        #expect(try Directory.names(place).allSatisfy { $0.first == UInt8(ascii: ".") })
    }

    @Test func whoMayOnlyNarrowInstallsNothingUnsigned() throws {
        let machine = try PolicyMachine()
        let directory = try machine.plugin("one", in: "work")
        try machine.write(machine.site, "# ours\n")
        let world = machine.world()
        #expect(world.run("plugin", "install", directory, "--allow-unsigned", "--yes") == .pluginUnusable)
        #expect(world.standardError.contains("here he may only narrow what the site says"), "\(world.standardError)")
    }

    /// What is wrong with the plugin itself is what a check is for.
    @Test func aPluginThatIsWrongIsCheckedAllTheSame() throws {
        let machine = try PolicyMachine()
        let directory = try machine.plugin("one", in: "work")
        try machine.write("\(directory)/plugin.toml", "[")
        let world = machine.world()
        #expect(world.run("plugin", "check", directory, "--only", "manifest") == .pluginUnusable)
        #expect(world.standardError.contains("breaks 1 of the rules"), "\(world.standardError)")
    }

    @Test func nobodyWorksOnPluginsWithRightsThatAreNotHis() throws {
        let group = try #require(CommandTree.root.subcommands.first { $0.name == "plugin" })
        let looking = ["list", "info", "explain"]
        #expect(group.subcommands.count > looking.count + 10)
        let needed = ["sign": ["--key=acme"], "new": ["--lang=c"]]
        for command in group.subcommands where !looking.contains(command.name) {
            for more in [[], ["--site"]] where more.isEmpty || command.option(long: "site") != nil {
                let machine = try PolicyMachine()
                let directory = try machine.plugin("one", in: "work")
                let world = machine.world(isPrivileged: true)
                let words =
                    ["plugin", command.name] + command.arguments.map { _ in directory } + more
                    + (needed[command.name] ?? [])
                #expect(Program.run(words, tree: CommandTree.root, context: world.context) == .pluginUnusable)
                #expect(
                    world.standardError.contains("a program with more rights than its user neither changes, reads"),
                    "\(words): \(world.standardError)")
                #expect(try FileStatus.of(machine.site) == nil && FileStatus.of(machine.user) == nil)
            }
        }
    }

    @Test func whoHasMoreRightsLooksForKeysWhereTheCallerCannotPutAny() throws {
        let machine = try PolicyMachine()
        let variables = ["FS_ROOT": machine.scratch.path]
        let rings = machine.world(variables, isPrivileged: true).context.pluginKeyRings.map(\.directory)
        #expect(rings == ["/hab/cache/keys"])
        #expect(
            machine.world(variables).context.pluginKeyRings.map(\.directory)
                == [machine.scratch.file("home/.hab/cache/keys"), machine.scratch.file("hab/cache/keys")])
    }
}
