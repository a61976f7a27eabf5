// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioSystem
import BioTestSupport
import Testing

@testable import BioPluginHost

/// What becomes of a plugin, by all that can speak against it.
@Suite struct PluginDecisionTests {
    /// Places in a directory: `user` and `site`, and `bundled`, whose plugins lie beside this program.
    private final class World {
        let scratch: Scratch
        var policy = PluginPolicy()
        var quarantine = Quarantine.none
        var sandboxGap: String?
        private(set) var rules: [PolicyRule] = []

        init() throws { scratch = try Scratch() }

        func plugin(_ place: String, _ name: String, changes: [(String, String)] = []) throws -> String {
            let directory = scratch.file("\(place)/\(name)")
            try Directory.create(directory)
            var manifest = CPlugin.manifest(id: "com.acme.\(name)", name: name)
            for (old, new) in changes { manifest = manifest.replacing(old, with: new) }
            try AtomicFile.write(Array(manifest.utf8), to: "\(directory)/plugin.toml")
            try AtomicFile.write([1, 2, 3], to: "\(directory)/lib\(name).so")
            return directory
        }

        func rule(_ match: String, _ action: PolicyRule.Action, _ authority: PolicyRule.Authority = .user) throws {
            rules.append(
                PolicyRule(
                    try PluginPattern(parsing: match), action, reason: "because", authority: authority, path: "/rules",
                    line: rules.count + 1))
            policy = PluginPolicy(rules: rules, sitePath: rules.contains { $0.authority == .site } ? "/rules" : nil)
        }

        var catalog: PluginCatalog {
            let standings: [(String, PlaceStanding)] = [
                ("argument", .developer), ("user", .foreign), ("site", .foreign), ("bundled", .bundled),
            ]
            return PluginCatalog(
                places: standings.map {
                    PluginPlace(
                        origin: $0.0, directory: scratch.file($0.0), standing: $0.1,
                        authority: $0.0 == "user" ? .user : .site)
                }, judge: PluginJudge(policy: policy, quarantine: quarantine) { [sandboxGap] _ in sandboxGap },
                evidence: PluginEvidenceReader(rings: [KeyRing(directory: scratch.file("keys"))]))
        }

        /// Lists the files of a plugin and signs the list.
        func sign(_ directory: String, _ key: String) throws {
            let name = try KeyName(parsing: key)
            let pair = try OriginKeyPair.generate(try Origin(parsing: name.name), revision: name.revision)
            try Directory.create(scratch.file("keys"))
            _ = try KeyRing(directory: scratch.file("keys")).import(Array(pair.publicKey.text.utf8))
            let manifest = try PluginManifest.read(in: directory)
            let list = try PluginFileList(
                id: manifest.id, version: manifest.version, target: manifest.target,
                entries: try [PluginManifest.fileName, manifest.library].map { name in
                    let bytes = try contents(of: "\(directory)/\(name)")
                    return PluginFileList.Entry(
                        path: name, size: Int64(bytes.count), digest: .blake2b256(of: bytes), isExecutable: false)
                })
            try AtomicFile.write(Array(list.text.utf8), to: "\(directory)/\(PluginFileList.fileName)")
            let signature = PluginSignature(of: list, with: pair.secretKey)
            try AtomicFile.write(Array(signature.text.utf8), to: "\(directory)/\(PluginSignature.fileName)")
        }
    }

    @Test func everyPlaceHasItsStanding() throws {
        let world = try World()
        for place in ["argument", "user", "site", "bundled"] { _ = try world.plugin(place, "in-\(place)") }
        let states = world.catalog.plugins.map(\.state.word)
        #expect(states == ["ready", "unsigned", "unsigned", "ready"])
        #expect(world.catalog.plugins[1].state.reason == "not signed; nobody has allowed it")
        #expect(
            world.catalog.plugins[1].change
                == "install it with 'bio plugin install', run 'bio plugin allow com.acme.in-user --unsigned', or give "
                + "--allow-unsigned")
        world.policy.allowsUnsigned = true
        #expect(world.catalog.plugins.allSatisfy { $0.state == .ready })
        world.policy.isSafeMode = true
        #expect(world.catalog.plugins.map(\.state.word) == ["not-allowed", "not-allowed", "not-allowed", "ready"])
        #expect(world.catalog.plugins[0].change == "leave --safe-mode out")
    }

    @Test func aSignedPluginRunsWhenItsKeyIsAllowed() throws {
        let world = try World()
        let directory = try world.plugin("user", "one")
        try world.sign(directory, "acme-20260101000000")
        let refused = try #require(world.catalog.plugins.first)
        #expect(refused.state.word == "untrusted-key")
        #expect(refused.state.reason == "signed with the key acme-20260101000000; nobody has allowed it")
        #expect(refused.change == "run 'bio plugin allow com.acme.one --key acme-20260101000000'")
        try world.rule("com.acme.*", .allow(keys: ["acme"]))
        #expect(world.catalog.plugins[0].state == .ready)
        try world.rule("com.acme.one", .allow(keys: ["acme-20260202000000"]), .site)
        #expect(
            world.catalog.plugins[0].state.reason
                == "signed with the key acme-20260101000000; allow com.acme.one says otherwise: because (/rules:2)")
        #expect(
            world.catalog.plugins[0].change
                == "run 'bio plugin allow com.acme.one --key acme-20260101000000 --site', or change the rule at /rules:2"
        )
    }

    @Test func aKeyThatIsNotHereIsImportedFirst() throws {
        let world = try World()
        let directory = try world.plugin("user", "one")
        try world.sign(directory, "acme-20260101000000")
        try Directory.remove(world.scratch.file("keys"))
        let plugin = try #require(world.catalog.plugins.first)
        #expect(plugin.state.word == "untrusted-key")
        #expect(
            plugin.change
                == "import the public key acme-20260101000000 with 'bio origin key import', then run 'bio plugin allow "
                + "com.acme.one --key acme-20260101000000'")
    }

    @Test func alteredFilesDoNotRunWhoeverAllowsThem() throws {
        let world = try World()
        let directory = try world.plugin("user", "one")
        try world.sign(directory, "acme-20260101000000")
        try world.rule("*", .allowUnsigned)
        try world.rule("*", .allow(keys: ["acme"]))
        try AtomicFile.write([9], to: "\(directory)/libone.so")
        let plugin = try #require(world.catalog.plugins.first)
        #expect(plugin.state.word == "altered" && plugin.state.rule == .filesUnaltered)
        #expect(plugin.change == "install the plugin again")
    }

    @Test func aPinIsAboutTheListOfFiles() throws {
        let world = try World()
        let directory = try world.plugin("user", "one")
        try world.sign(directory, "acme-20260101000000")
        try world.rule("*", .allow(keys: ["acme"]))
        let digest = try #require(world.catalog.plugins[0].candidate.contents)
        try world.rule("com.acme.one", .pin(digest))
        #expect(world.catalog.plugins[0].state == .ready)
        let other = Digest.blake2b256(of: [7])
        try world.rule("com.acme.one", .pin(other))
        #expect(
            world.catalog.plugins[0].state.reason
                == "it is pinned to \(other) and is another one: because (/rules:3)")
        #expect(
            world.catalog.plugins[0].change
                == "install what it is pinned to, or run 'bio plugin pin com.acme.one --digest \(digest)', or change the "
                + "rule at /rules:3")
    }

    @Test func whoeverRequiresASignatureMeansDevelopersToo() throws {
        let world = try World()
        for place in ["argument", "bundled"] { _ = try world.plugin(place, "in-\(place)") }
        try world.rule("*", .requireSignature)
        #expect(world.catalog.plugins.map(\.state.word) == ["unsigned", "ready"])
        #expect(
            world.catalog.plugins[0].state.reason
                == "a plugin must be installed and signed, wherever it lies: because (/rules:1)")
    }

    @Test func oneThatCannotBeUsedTakesNothingAway() throws {
        let world = try World()
        let first = try world.plugin("user", "one")
        let second = try world.plugin("bundled", "one")
        let catalog = world.catalog
        #expect(catalog.plugins.map(\.state.word) == ["unsigned", "ready"])
        #expect(try catalog.plugin(forFormat: "one").directory == second)
        let shadows = catalog.plugins[1].decision.steps.first { $0.topic == .shadows }
        #expect(shadows?.lines == ["after \(first) (user, unsigned)"])
        world.policy.allowsUnsigned = true
        #expect(world.catalog.plugins.map(\.state) == [.ready, .shadowed(by: first)])
        #expect(
            world.catalog.plugins[1].change
                == "remove '\(first)', or name this one: bio pkg export --plugin \(second)")
    }

    /// Whose copy lies first says nothing of what is told of the others.
    @Test func whatARuleSaysIsToldBeforeWhatIsWrongWithACopy() throws {
        let world = try World()
        _ = try world.plugin("user", "one")
        let second = try world.plugin("bundled", "one")
        #expect(PluginCatalog.foremost(world.catalog.plugins)?.directory == second)
        try world.rule("~all~", .disable)
        try world.rule("com.acme.other", .enable)
        _ = try world.plugin(
            "user", "alien", changes: [("com.acme.alien", "com.acme.other"), ("[\"alien\"]", "[\"one\"]")])
        let catalog = world.catalog
        #expect(catalog.plugins.map(\.state.word) == ["unsigned", "disabled", "disabled"])
        #expect(PluginCatalog.foremost(catalog.plugins)?.state.word == "disabled")
        #expect {
            try catalog.plugin(forFormat: "one")
        } throws: {
            "\($0)".contains("made by the plugin 'com.acme.one', which is disabled: because (/rules:1)")
        }
    }

    @Test func whatARuleNamesIsShown() throws {
        let world = try World()
        let directory = try world.plugin("user", "one")
        let digest = Digest.blake2b256(of: [7])
        try world.rule("*", .allow(keys: ["acme", "other"]))
        try world.rule("*", .pin(digest))
        try world.rule("*", .denyTools(["gpg"]))
        let plugin = try #require(world.catalog.plugins.first)
        #expect(plugin.directory == directory)
        #expect(
            plugin.decision.steps.first { $0.topic == .rules }?.lines == [
                "allow * to have the keys acme, other, user's, because (/rules:1)",
                "pin * to \(digest), user's, because (/rules:2)", "deny-tools * gpg, user's, because (/rules:3)",
            ])
    }

    /// Its list may lie there and is not read: it is not what a rule about files is about.
    @Test func aNamedPluginIsToldToBeInstalledWhereItsFilesCount() throws {
        let world = try World()
        let directory = try world.plugin("argument", "one")
        try world.sign(directory, "acme-20260101000000")
        let contents = world.catalog.plugins[0].decision.steps.first { $0.topic == .contents }
        #expect(contents?.lines == ["not looked at: its place was named for this run"])
        let digest = Digest.blake2b256(of: [7])
        try world.rule("*", .pin(digest))
        #expect(
            world.catalog.plugins[0].state.reason
                == "it is pinned to \(digest) and must be installed: because (/rules:1)")
    }

    @Test func theRulesHaveTheFirstWord() throws {
        let world = try World()
        _ = try world.plugin("user", "one", changes: [("x86_64-linux", "aarch64-linux")])
        #expect(world.catalog.plugins[0].state.word == "unsigned")
        world.policy.allowsUnsigned = true
        #expect(world.catalog.plugins[0].state == .wrongTarget(try PackageTarget(parsing: "aarch64-linux")))
        try world.rule("*", .disable, .site)
        let plugin = world.catalog.plugins[0]
        #expect(plugin.state == .disabled(world.rules[0]) && plugin.decision.deciding?.topic == .rules)
        // What else speaks against it is told all the same.
        #expect(plugin.decision.steps.filter { $0.refusal != nil }.map(\.topic) == [.signature, .abi, .rules])
        #expect(
            plugin.change == "run 'bio plugin enable com.acme.one --site', or take the rule at /rules:1 away")
    }

    @Test func crashesOfTheseVeryBytesCount() throws {
        let world = try World()
        _ = try world.plugin("bundled", "one")
        _ = try world.plugin("argument", "two")
        let library = Digest.blake2b256(of: [1, 2, 3])
        func crashes(_ digest: Digest) -> Quarantine {
            Quarantine(
                ["com.acme.one", "com.acme.two"].flatMap { id in
                    (0..<3).map {
                        CrashRecord(time: 1000 + $0, id: id, library: digest, host: "1", how: "signal SIGSEGV in run")
                    }
                }, host: "1", now: 2000)
        }
        world.quarantine = crashes(library)
        // Who names a plugin for this run is at work on it.
        #expect(world.catalog.plugins.map(\.state.word) == ["ready", "quarantined"])
        #expect(
            world.catalog.plugins[1].state.reason
                == "3 crashes within a day, the last with signal SIGSEGV in run, so it rests until 1970-01-08")
        #expect(world.catalog.plugins[1].change == "run 'bio plugin clear com.acme.one' to try it again at once")
        world.quarantine = crashes(Digest.blake2b256(of: [4]))
        #expect(world.catalog.plugins[1].state == .ready)
    }

    @Test func aSiteMayWantAllOfTheSandbox() throws {
        let world = try World()
        _ = try world.plugin("bundled", "one")
        world.sandboxGap = "this kernel cannot keep it from the network"
        #expect(world.catalog.plugins[0].state == .ready)
        try world.rule("*", .requireSandbox, .site)
        #expect(
            world.catalog.plugins[0].state.reason
                == "this kernel cannot keep it from the network, and a rule wants all of the sandbox: because (/rules:1)"
        )
        world.sandboxGap = nil
        #expect(world.catalog.plugins[0].state == .ready)
    }

    @Test func theStepsAreInOrder() throws {
        let world = try World()
        _ = try world.plugin("user", "one")
        _ = try world.plugin("bundled", "one")
        for plugin in world.catalog.plugins {
            #expect(plugin.decision.steps.map(\.topic) == PluginDecision.Topic.allCases)
            #expect(plugin.decision.steps.allSatisfy { !$0.lines.isEmpty })
        }
    }
}
