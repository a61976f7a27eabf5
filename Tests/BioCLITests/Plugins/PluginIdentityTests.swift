// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

@testable import BioCLI

/// Who passes for whom, and by which rules, when one plugin or one command stands in for another.
@Suite struct PluginIdentityTests {
    /// In front of the plugin that bio brings it would be taken for it, whoever has signed it.
    @Test func nobodyTakesTheIdOfAPluginThatBioBrings() throws {
        let machine = try PolicyMachine()
        let bundled = try machine.plugin("tar", in: "prefix/lib/bio/plugins", id: "org.biome.tar")
        let foreign = try machine.plugin("tar", in: "work", id: "org.biome.tar")
        let world = machine.world()
        #expect(world.run("plugin", "install", foreign, "--yes", "--allow-unsigned") == .pluginUnusable)
        #expect(
            world.standardError.contains(
                "the id 'org.biome.tar' is that of the plugin in '\(bundled)', which this bio brings"),
            "\(world.standardError)")
        #expect(world.standardError.contains("--plugin DIR"))
        let place = machine.scratch.file("home/.local/share/bio/plugins")
        #expect(try Directory.names(place).allSatisfy { $0.first == UInt8(ascii: ".") })
    }

    /// A context with a home of its own, in which a check exports, takes the rules of its user.
    @Test func rulesGoWithTheUser() throws {
        let machine = try PolicyMachine()
        let variables = [
            "BIO_PLUGIN_POLICY": "run.toml", "BIO_PLUGINS_DISABLE": "com.acme.*", "BIO_PLUGINS_ALLOW": "com.acme.a",
        ]
        #expect(
            machine.world(variables).context.policyVariables == [
                "BIO_PLUGIN_POLICY": machine.scratch.file("run.toml"), "BIO_PLUGINS_DISABLE": "com.acme.*",
                "BIO_PLUGINS_ALLOW": "com.acme.a", "XDG_CONFIG_HOME": machine.scratch.file("home/.config"),
            ])
        #expect(
            machine.world(["XDG_CONFIG_HOME": "settings"]).context.policyVariables
                == ["XDG_CONFIG_HOME": machine.scratch.file("settings")])
    }
}
