// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// `bio plugin list|info|describe` with plugins that are not what they say.
@Suite(.timeLimit(.minutes(15))) struct PluginCommandTests {
    @Test func aListingOpensNoLibrary() throws {
        let world = try PluginWorld()
        let plugin = try world.add("misdescribed", variant: "ENTRY_CRASHES")
        let list = try world.bio.run("plugin", "list")
        #expect(list.code == 0)
        #expect(list.output.contains("org.biome.test.misdescribed"))
        let info = try world.bio.run("plugin", "info", "org.biome.test.misdescribed")
        #expect(info.code == 5 && info.output.isEmpty)
        #expect(info.errors.contains("plugin '\(plugin.library)' crashed with signal SIGABRT in describe"))
        #expect(info.errors.contains("  | entering badly\n"))
    }

    @Test func aBrokenManifestIsListedWithItsLine() throws {
        let world = try PluginWorld()
        try Directory.create("\(world.plugins)/odd")
        try AtomicFile.write(Array("manifest = 1\nid = \"odd\"\n".utf8), to: "\(world.plugins)/odd/plugin.toml")
        let list = try world.bio.run("plugin", "list")
        #expect(list.code == 0)
        #expect(
            list.output.contains(
                "\(world.plugins)/odd/plugin.toml:2: the id 'odd' is not a reverse domain such as org.example.thing"))
    }

    @Test func nothingInAManifestSteersTheTerminal() throws {
        let world = try PluginWorld()
        try Directory.create("\(world.plugins)/odd")
        let manifest = CPlugin.manifest(id: "org.example.odd", name: "odd")
            .split(separator: "\n").map { $0.hasPrefix("version") ? "version = \"\\u001b[2J\"" : String($0) }
        try AtomicFile.write(
            Array(manifest.joined(separator: "\n").utf8), to: "\(world.plugins)/odd/plugin.toml")
        let list = try world.bio.run("plugin", "list")
        #expect(list.code == 0 && list.output.contains("holds control characters"))
        #expect(!list.output.contains("\u{1B}"))
    }

    @Test func aDescriptionIsKeptBesideTheManifest() throws {
        let world = try PluginWorld()
        let plugin = try world.add("misdescribed")
        let described = try world.bio.run("plugin", "describe", plugin.directory)
        #expect(described.code == 0 && described.output == "\(plugin.directory)/description.json\n")
        let kept = String(decoding: try contents(of: "\(plugin.directory)/description.json"), as: UTF8.self)
        #expect(try DocumentValue(json: kept)["id"]?.string == "org.biome.test.misdescribed")
        #expect(try world.bio.run("plugin", "info", "misdescribed").output.contains("--which WHICH: Choose one"))
    }

    @Test(arguments: [
        (
            "OTHER_ID",
            "plugin 'org.biome.test.misdescribed' says of itself 'org.biome.test.other 0.0.1' with the formats "
                + "misdescribed, its manifest says 'org.biome.test.misdescribed 0.0.1' with misdescribed"
        ),
        ("NO_ENTRY", "exports no bio_export_entry, so it is no export plugin"),
        ("NEWER_ABI", "speaks ABI 1.2 (built with 1.2, needs 1.2), this host 1.0 to 1.1"),
        ("BAD_UTF8", "describes itself wrongly: the format summary is not UTF-8"),
        ("NULL_IN_ARRAY", "describes itself wrongly: one of the options is null"),
        ("ENTRY_HANGS", "hung in describe: it was not done after 5 seconds and was ended"),
    ])
    func aWrongDescriptionIsNotKept(_ variant: String, _ sentence: String) throws {
        let world = try PluginWorld()
        let plugin = try world.add("misdescribed", variant: variant)
        let outcome = try world.bio.run("plugin", "describe", plugin.directory)
        #expect(outcome.code == 5 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(try FileStatus.of("\(plugin.directory)/description.json") == nil)
        #expect(try ProcessSearch.isGone(plugin.library))
    }

    @Test func aLibraryThatChangedAfterItsDescriptionIsRefused() throws {
        let world = try PluginWorld()
        let plugin = try world.add("misdescribed")
        #expect(try world.bio.run("plugin", "describe", plugin.directory).code == 0)
        _ = try world.add("misdescribed", variant: "UNKNOWN_SERVICE")
        let outcome = try world.bio.run(
            "pkg", "export", "misdescribed", "acme/app", "-o", world.out, "--base-pkgs", "none")
        #expect(outcome.code == 5)
        #expect(
            outcome.errors.contains("plugin 'org.biome.test.misdescribed' was changed after it was described"))
        #expect(outcome.errors.contains("hint: run 'bio plugin describe' on its directory"))
    }

    @Test func aServiceThatThisHostLacksIsNamed() throws {
        let world = try PluginWorld()
        _ = try world.add("misdescribed", variant: "UNKNOWN_SERVICE")
        let outcome = try world.bio.run("pkg", "export", "misdescribed", "acme/app", "-o", world.out)
        #expect(outcome.code == 5)
        #expect(
            outcome.errors.contains(
                "needs the service 'bio.host.time-travel/1' for the format 'misdescribed', which this host lacks"))
    }

    @Test func aListingTellsWhatADescribedPluginNeeds() throws {
        let world = try PluginWorld()
        let plugin = try world.add("misdescribed", variant: "UNKNOWN_SERVICE")
        #expect(try world.bio.run("plugin", "describe", plugin.directory).code == 0)
        let list = try world.bio.run("plugin", "list")
        #expect(list.output.contains("missing-need"), "\(list.output)")
        #expect(
            list.output.contains("it needs the service 'bio.host.time-travel/1', which this host lacks"))
        // Written in another form it says the same.
        let path = "\(plugin.directory)/description.json"
        let description = try DocumentValue(json: try contents(of: path))
        try AtomicFile.write(description.jsonBytes(.compact), to: path)
        #expect(try world.bio.run("plugin", "list").output.contains("missing-need"))
        let outcome = try world.bio.run("pkg", "export", "misdescribed", "acme/app", "-o", world.out)
        #expect(outcome.code == 5 && outcome.errors.contains("which is missing-need: it needs the service"))
    }

    @Test func aSiteDisablesAPluginAndSaysWhy() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        let policy = world.file("policy.toml")
        try AtomicFile.write(
            Array(
                "[[rule]]\nmatch = \"org.biome.test.*\"\naction = \"disable\"\nreason = \"change freeze\"\n".utf8),
            to: policy)
        var bio = world.bio
        bio.environment["BIO_PLUGIN_POLICY"] = policy
        let list = try bio.run("plugin", "list")
        #expect(list.code == 0 && list.output.contains("disabled"))
        #expect(list.output.contains("change freeze (\(policy):1)"))
        let export = try bio.run(world.export("good")) { _ in }
        #expect(export.code == 5 && export.output.isEmpty)
        #expect(
            export.errors.contains(
                "the format 'hostile' is made by the plugin 'org.biome.test.hostile', which is disabled: change "
                    + "freeze (\(policy):1)"))
        #expect(try !bio.run("pkg", "export", "--list").output.contains("hostile"))
    }

    @Test func aPolicyThatCannotBeReadAllowsNothing() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        let policy = world.file("policy.toml")
        try AtomicFile.write(Array("[[rule]]\nmatch = \"x.y\"\n".utf8), to: policy)
        var bio = world.bio
        bio.environment["BIO_PLUGIN_POLICY"] = policy
        let export = try bio.run(world.export("good")) { _ in }
        #expect(export.code == 5 && export.errors.contains("\(policy):1: a rule needs 'action'"))
        #expect(try Directory.names(world.out) == [])
    }
}
