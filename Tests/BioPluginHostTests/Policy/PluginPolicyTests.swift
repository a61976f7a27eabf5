// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

@Suite struct PluginPolicyTests {
    private static let thing = PluginPolicy.Subject(id: "com.acme.thing", isBundled: false)
    private static let key = "acme-20260101000000"

    /// Rules with the lines 1, 2, 3 …
    private static func policy(
        _ rules: [(PolicyRule.Authority, String, PolicyRule.Action)], siteSays: Bool? = nil
    ) throws -> PluginPolicy {
        let rules = try rules.enumerated().map { index, rule in
            PolicyRule(
                try PluginPattern(parsing: rule.1), rule.2, reason: "because", authority: rule.0,
                path: "/\(rule.0.rawValue)", line: index + 1)
        }
        return PluginPolicy(
            rules: rules, sitePath: rules.contains { $0.authority == .site } || siteSays != nil ? "/site" : nil,
            siteSays: siteSays)
    }

    private typealias Rules = [(PolicyRule.Authority, String, PolicyRule.Action)]

    private static let switches: [(Rules, Int?)] =
        [
            ([], nil),
            ([(.site, "*", .disable)], 1),
            // The last rule of one authority counts.
            ([(.site, "*", .disable), (.site, "com.acme.*", .enable)], nil),
            ([(.site, "com.acme.*", .enable), (.site, "*", .disable)], 2),
            ([(.user, "*", .disable), (.user, "com.acme.thing", .enable)], nil),
            // What the site disables the user cannot enable; what it enables he can disable.
            ([(.site, "*", .disable), (.user, "*", .enable)], 1),
            ([(.site, "*", .enable), (.user, "com.acme.*", .disable)], 2),
            ([(.site, "org.other.*", .disable), (.user, "org.other.*", .disable)], nil),
        ]

    @Test(arguments: switches)
    private func whoSwitchesAPluginOff(_ rules: Rules, _ line: Int?) throws {
        for siteSays in [nil, true, false] as [Bool?] {
            #expect(try Self.policy(rules, siteSays: siteSays).disabling(Self.thing)?.line == line)
        }
    }

    @Test func aMachineWithoutASitesWordIsItsUsers() throws {
        let rules: [(PolicyRule.Authority, String, PolicyRule.Action)] = [(.user, "*", .allow(keys: ["acme"]))]
        let free = try Self.policy(rules)
        #expect(free.permitting(key: Self.key, Self.thing, acceptedBy: nil) == .rule(free.rules[0]))
        #expect(free.permitting(key: "other-20260101000000", Self.thing, acceptedBy: nil).isGiven == false)
        let narrowed = try Self.policy(rules + [(.site, "org.other", .disable)])
        #expect(narrowed.permitting(key: Self.key, Self.thing, acceptedBy: nil) == .notForUser)
        #expect(narrowed.permitting(key: Self.key, Self.thing, acceptedBy: .user) == .notForUser)
        #expect(narrowed.permitting(key: Self.key, Self.thing, acceptedBy: .site) == .acceptedAtInstall(.site))
        let left = try Self.policy(rules + [(.site, "org.other", .disable)], siteSays: true)
        #expect(left.permitting(key: Self.key, Self.thing, acceptedBy: nil).isGiven)
        #expect(try Self.policy([], siteSays: false).permitting(key: Self.key, Self.thing, acceptedBy: nil) == .nobody)
        #expect(
            try Self.policy([]).permitting(key: Self.key, Self.thing, acceptedBy: .user) == .acceptedAtInstall(.user))
    }

    @Test func theSitesKeysStand() throws {
        let policy = try Self.policy(
            [
                (.site, "*", .allow(keys: ["acme"])), (.site, "com.acme.*", .allow(keys: ["acme-20260202000000"])),
                (.user, "*", .allow(keys: ["acme"])),
            ], siteSays: true)
        // The last rule of the site names one revision, so another one is refused, whatever the user says.
        #expect(policy.permitting(key: Self.key, Self.thing, acceptedBy: .user) == .refused(by: policy.rules[1]))
        #expect(policy.permitting(key: "acme-20260202000000", Self.thing, acceptedBy: nil) == .rule(policy.rules[1]))
        let other = PluginPolicy.Subject(id: "org.other", isBundled: false)
        #expect(policy.permitting(key: Self.key, other, acceptedBy: nil) == .rule(policy.rules[0]))
        #expect(policy.permitting(key: "acme2-20260101000000", other, acceptedBy: nil) == .refused(by: policy.rules[0]))
        #expect(policy.permitting(key: "acme-evil-20260101000000", other, acceptedBy: nil).isGiven == false)
    }

    /// A key is taken back by a rule that names another one, whoever had accepted it.
    @Test func aRuleAboutKeysCountsAgainstWhatWasAccepted() throws {
        let other = PolicyRule.Action.allow(keys: ["acme-20990101000000"])
        for authority in PolicyRule.Authority.allCases {
            let policy = try Self.policy([(authority, "com.acme.*", other)], siteSays: true)
            #expect(
                policy.permitting(key: Self.key, Self.thing, acceptedBy: authority) == .refused(by: policy.rules[0]))
        }
        // What the site accepted is not taken back by a user's rule about more keys, nor by a rule about others.
        let policy = try Self.policy([(.user, "*", other), (.site, "org.*", other)], siteSays: true)
        #expect(policy.permitting(key: Self.key, Self.thing, acceptedBy: .site) == .acceptedAtInstall(.site))
    }

    @Test func unsignedPluginsRunWhereSomebodyMaySaySo() throws {
        #expect(try Self.policy([]).permittingUnsigned(Self.thing, acceptedBy: nil) == .nobody)
        #expect(try Self.policy([]).permittingUnsigned(Self.thing, acceptedBy: .user) == .acceptedAtInstall(.user))
        var asked = try Self.policy([])
        asked.allowsUnsigned = true
        #expect(asked.permittingUnsigned(Self.thing, acceptedBy: nil) == .option)
        var narrowed = try Self.policy([(.site, "org.other", .disable)])
        narrowed.allowsUnsigned = true
        #expect(narrowed.permittingUnsigned(Self.thing, acceptedBy: nil) == .notForUser)
        #expect(narrowed.permittingUnsigned(Self.thing, acceptedBy: .user) == .notForUser)
        let site = try Self.policy([(.site, "com.acme.*", .allowUnsigned)])
        #expect(site.permittingUnsigned(Self.thing, acceptedBy: nil) == .rule(site.rules[0]))
    }

    @Test func whoeverRequiresASignatureGetsOne() throws {
        for authority in PolicyRule.Authority.allCases {
            var policy = try Self.policy([(authority, "*", .requireSignature)], siteSays: true)
            policy.allowsUnsigned = true
            #expect(policy.permittingUnsigned(Self.thing, acceptedBy: .site) == .refused(by: policy.rules[0]))
            #expect(policy.requiringSignature(Self.thing) == policy.rules[0])
        }
        // The user may ask for one where the site does not, and not waive one.
        let both = try Self.policy([(.site, "*", .allowUnsigned), (.user, "*", .requireSignature)])
        #expect(both.permittingUnsigned(Self.thing, acceptedBy: nil) == .refused(by: both.rules[1]))
        let waived = try Self.policy([(.site, "*", .requireSignature), (.user, "*", .allowUnsigned)], siteSays: true)
        #expect(waived.permittingUnsigned(Self.thing, acceptedBy: nil) == .refused(by: waived.rules[0]))
        let last = try Self.policy([(.site, "*", .requireSignature), (.site, "com.acme.*", .allowUnsigned)])
        #expect(last.permittingUnsigned(Self.thing, acceptedBy: nil).isGiven)
    }

    @Test func everyPinHolds() throws {
        let (one, two) = (Digest.blake2b256(of: [1]), Digest.blake2b256(of: [2]))
        let policy = try Self.policy([(.site, "*", .pin(two)), (.site, "*", .pin(one)), (.user, "*", .pin(two))])
        #expect(policy.pinnedElsewhere(Self.thing, contents: one)?.line == 3)
        #expect(policy.pinnedElsewhere(Self.thing, contents: two)?.line == 2)
        #expect(policy.pinnedElsewhere(Self.thing, contents: nil)?.line == 2)
        #expect(try Self.policy([(.user, "*", .pin(one))]).pinnedElsewhere(Self.thing, contents: one) == nil)
    }

    @Test func denialsAddUp() throws {
        let policy = try Self.policy([
            (.site, "*", .denyTools(["gpg"])), (.user, "com.acme.*", .denyTools(["cc"])),
            (.user, "org.*", .denyTools(nil)),
        ])
        #expect(policy.denying("gpg", to: Self.thing)?.line == 1 && policy.denying("cc", to: Self.thing)?.line == 2)
        #expect(policy.denying("sh", to: Self.thing) == nil)
        #expect(policy.denying("sh", to: PluginPolicy.Subject(id: "org.x", isBundled: true))?.line == 3)
        #expect(policy.disabling(Self.thing) == nil)
    }

    /// What was meant to be read and cannot be allows nothing.
    @Test(arguments: ["site.toml", "d/10.toml", "d", "user.toml"]) func aLinkToNowhereIsNoMissingFile(
        _ name: String
    ) throws {
        let scratch = try Scratch()
        if name.hasPrefix("d/") { try Directory.create(scratch.file("d")) }
        #expect(symlink("/nowhere", scratch.file(name)) == 0)
        let places = PluginPolicy.Places(
            site: scratch.file("site.toml"), siteDirectory: scratch.file("d"), user: scratch.file("user.toml"))
        let error = #expect(throws: PolicyFile.Refusal.self) { try PluginPolicy.read(places) }
        #expect(error?.path == scratch.file(name))
    }

    @Test(arguments: ["site", "d", "user"]) func neitherIsOneOnTheWay(_ name: String) throws {
        let scratch = try Scratch()
        #expect(symlink("/nowhere/at/all", scratch.file("bio")) == 0)
        try Directory.create(scratch.file("there"))
        #expect(symlink("there", scratch.file("linked")) == 0)
        func place(_ other: String) -> String { scratch.file("\(other == name ? "bio" : "linked")/of/\(other)") }
        let places = PluginPolicy.Places(site: place("site"), siteDirectory: place("d"), user: place("user"))
        let error = #expect(throws: PolicyFile.Refusal.self) { try PluginPolicy.read(places) }
        #expect(error?.path == scratch.file("bio/of/\(name)"))
        // A link that leads somewhere, where nobody has written rules, is none.
        try Directory.remove(scratch.file("bio"))
        #expect(symlink("there", scratch.file("bio")) == 0)
        #expect(try PluginPolicy.read(places).rules.isEmpty)
    }

    @Test func aDirectoryOfRulesIsOneAndItsNamesAreText() throws {
        let scratch = try Scratch()
        let places = PluginPolicy.Places(site: scratch.file("site.toml"), siteDirectory: scratch.file("d"))
        #expect(try PluginPolicy.read(places).rules.isEmpty)
        try AtomicFile.write([], to: scratch.file("d"))
        #expect(throws: PolicyFile.Refusal.self) { try PluginPolicy.read(places) }
        try Directory.remove(scratch.file("d"))
        try Directory.create(scratch.file("d"))
        let name = Array(scratch.file("d/").utf8) + [0xFF] + Array(".toml\0".utf8)
        let file = name.withUnsafeBytes { open($0.assumingMemoryBound(to: CChar.self).baseAddress!, O_CREAT, 0o644) }
        try #require(file >= 0)
        close(file)
        let error = #expect(throws: PolicyFile.Refusal.self) { try PluginPolicy.read(places) }
        #expect(error?.description == "\(scratch.file("d")): it holds a name that is not UTF-8")
    }

    @Test func filesAreReadInOrder() throws {
        let scratch = try Scratch()
        func write(_ name: String, _ reason: String, _ more: String = "") throws -> String {
            let rule = "\(more)[[rule]]\nmatch = \"*\"\naction = \"disable\"\nreason = \"\(reason)\"\n"
            return try scratch.write(Array(rule.utf8), to: name)
        }
        try Directory.create(scratch.file("d"))
        let site = try write("site.toml", "one")
        _ = try write("d/20-b.toml", "three", "user-may-allow = false\n")
        _ = try write("d/10-a.toml", "two", "user-may-allow = true\n")
        _ = try write("d/.hidden.toml", "not read")
        _ = try write("d/note.txt", "not read")
        let user = try write("user.toml", "four")
        let run = try write("run.toml", "five")
        var places = PluginPolicy.Places(site: site, siteDirectory: scratch.file("d"), user: user, required: run)
        let policy = try PluginPolicy.read(places)
        #expect(policy.rules.map(\.reason) == ["one", "two", "three", "four", "five"])
        #expect(policy.rules.map(\.authority) == [.site, .site, .site, .user, .user])
        #expect(!policy.userMayAllow && policy.sitePath == site)
        places.required = scratch.file("missing.toml")
        let error = #expect(throws: PolicyFile.Refusal.self) { try PluginPolicy.read(places) }
        #expect(
            error?.description
                == "\(scratch.file("missing.toml")): it is not there, though BIO_PLUGIN_POLICY names it")
        places = PluginPolicy.Places(
            site: scratch.file("no"), siteDirectory: scratch.file("no.d"), user: scratch.file("n"))
        let none = try PluginPolicy.read(places)
        #expect(none.rules.isEmpty && none.userMayAllow && !none.hasSiteFile)
    }

    @Test func variablesOnlyNarrow() throws {
        let variables = try PolicyVariables(disable: "~third-party~, com.acme.*,", allow: "com.acme.thing")
        #expect(variables.disabling("org.x", isBundled: false)?.text == "~third-party~")
        #expect(variables.disabling("com.acme.other", isBundled: true)?.text == "com.acme.*")
        #expect(variables.disabling("com.acme.thing", isBundled: false) == nil)
        #expect(variables.disabling("org.x", isBundled: true) == nil)
        #expect(try PolicyVariables(disable: nil, allow: "*").disabling("a.b", isBundled: false) == nil)
        let error = #expect(throws: PolicyFile.Refusal.self) { try PolicyVariables(disable: "a b", allow: nil) }
        #expect(error?.description.hasPrefix("the variable BIO_PLUGINS_DISABLE: 'a b' is no pattern") == true)
    }
}
