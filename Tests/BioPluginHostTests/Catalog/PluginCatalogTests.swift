// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Testing

@testable import BioPluginHost

@Suite struct PluginCatalogTests {
    /// Writes a manifest with `changes` made, and a file for the library, into `place`/`name`.
    private func plugin(
        _ place: String, _ name: String, id: String? = nil, changes: [(String, String)] = [], hasLibrary: Bool = true
    ) throws {
        let directory = "\(place)/\(name)"
        try Directory.create(directory)
        var manifest = CPlugin.manifest(id: id ?? "org.example.\(name)", name: name)
        for (old, new) in changes { manifest.replace(old, with: new) }
        try AtomicFile.write(Array(manifest.utf8), to: "\(directory)/plugin.toml")
        if hasLibrary { try AtomicFile.write([], to: "\(directory)/lib\(name).so") }
    }

    private func catalog(_ directories: String..., policy: PluginPolicy = PluginPolicy()) throws -> PluginCatalog {
        PluginCatalog(
            places: directories.map {
                PluginPlace(
                    origin: String($0.split(separator: "/").last ?? ""), directory: $0, standing: .developer)
            }, judge: PluginJudge(policy: policy), evidence: PluginEvidenceReader(rings: []))
    }

    private func disabling(_ match: String, _ reason: String, _ path: String, _ line: Int) throws -> PolicyRule {
        PolicyRule(
            try PluginPattern(parsing: match), .disable, reason: reason, authority: .site, path: path, line: line)
    }

    @Test func placesComeInOrderAndDirectoriesByName() throws {
        let scratch = try Scratch()
        try plugin(scratch.file("user"), "zebra")
        try plugin(scratch.file("user"), "ant")
        try plugin(scratch.file("site"), "bee")
        try Directory.create(scratch.file("user/.hidden"))
        try Directory.create(scratch.file("user/nothing"))
        let found = try catalog(scratch.file("user"), scratch.file("missing"), scratch.file("site"))
        #expect(found.plugins.map(\.label) == ["org.example.ant", "org.example.zebra", "org.example.bee"])
        #expect(found.plugins.map(\.origin) == ["user", "user", "site"])
        #expect(found.plugins.allSatisfy { $0.state == .ready })
        #expect(found.plugins[0].bundle?.libraryPath == scratch.file("user/ant/libant.so"))
    }

    @Test func aPlaceMayBeOnePluginsOwnDirectory() throws {
        let scratch = try Scratch()
        try plugin(scratch.path, "ant")
        #expect(try catalog(scratch.file("ant")).plugins.map(\.directory) == [scratch.file("ant")])
    }

    @Test func theFirstOfAnIdShadowsTheLaterOnes() throws {
        let scratch = try Scratch()
        try plugin(scratch.file("user"), "ant")
        try plugin(scratch.file("site"), "ant")
        let found = try catalog(scratch.file("user"), scratch.file("site"))
        #expect(found.plugins[1].state == .shadowed(by: scratch.file("user/ant")))
        #expect(found.plugins[1].state.reason == "'\(scratch.file("user/ant"))' comes first")
        #expect(try found.plugin(forFormat: "ant").origin == "user")
        #expect(found.plugins(named: "ant").count == 2)
    }

    @Test func theFirstOfAFormatMakesIt() throws {
        let scratch = try Scratch()
        try plugin(scratch.file("user"), "ant")
        try plugin(scratch.file("site"), "bee", changes: [("formats = [\"bee\"]", "formats = [\"bee\", \"ant\"]")])
        let found = try catalog(scratch.file("user"), scratch.file("site"))
        #expect(found.formats.map(\.word) == ["ant", "bee"])
        #expect(try found.plugin(forFormat: "ant").label == "org.example.ant")
    }

    @Test func whatCannotBeUsedIsListedWithItsReason() throws {
        let scratch = try Scratch()
        let place = scratch.file("site")
        try plugin(place, "broken", changes: [("manifest = 1", "manifest = 7")])
        try plugin(place, "future", changes: [("needed = \"1.0\"", "needed = \"1.9\"")])
        try plugin(
            place, "old", changes: [("built = \"1.1\"", "built = \"0.9\""), ("needed = \"1.0\"", "needed = \"0.9\"")])
        try plugin(place, "other", changes: [("x86_64-linux", "aarch64-linux")])
        try plugin(place, "without", hasLibrary: false)
        let rule = try disabling("org.example.zz*", "not here", "/etc/policy", 3)
        try plugin(place, "zzz")
        let found = try catalog(place, policy: PluginPolicy(rules: [rule]))
        #expect(
            found.plugins.map(\.state.word) == [
                "broken", "wrong-abi", "wrong-abi", "wrong-target", "broken", "disabled",
            ])
        #expect(
            found.plugins.map(\.state.reason) == [
                "\(place)/broken/plugin.toml:1: the manifest's revision is not 1",
                "built for ABI 1.1, needs 1.9; this host speaks 1.0 to 1.1",
                "built for ABI 0.9, needs 0.9; this host speaks 1.0 to 1.1",
                "it is for aarch64-linux, this is \(PackageTarget.host)",
                "the library 'libwithout.so' is not there", "not here (/etc/policy:3)",
            ])
        #expect(found.plugins[0].label == "\(place)/broken" && found.plugins[0].bundle?.libraryPath == nil)
        #expect(found.formats.isEmpty)
    }

    @Test func aFormatOfAPluginThatCannotBeUsedSaysWhy() throws {
        let scratch = try Scratch()
        try plugin(scratch.path, "ant")
        let rule = try disabling("*", "closed", "/p", 1)
        let error = #expect(throws: PluginCatalog.LookupError.self) {
            try catalog(scratch.path, policy: PluginPolicy(rules: [rule])).plugin(forFormat: "ant")
        }
        #expect(
            error?.description
                == "the format 'ant' is made by the plugin 'org.example.ant', which is disabled: closed (/p:1) [BIO-P-005]"
        )
    }

    @Test func anUnknownFormatNamesThoseThatAreThere() throws {
        let scratch = try Scratch()
        try plugin(scratch.path, "bee")
        try plugin(scratch.path, "ant")
        let error = #expect(throws: PluginCatalog.LookupError.self) {
            try catalog(scratch.path).plugin(forFormat: "cow")
        }
        #expect(error == .unknownFormat("cow", known: ["ant", "bee"]))
        #expect(error?.description == "no plugin exports the format 'cow'")
        #expect(error?.hints == ["there are: ant, bee; see 'bio plugin list'"])
        let none = #expect(throws: PluginCatalog.LookupError.self) { try catalog().plugin(forFormat: "cow") }
        #expect(none?.hints == ["no plugin is installed; see 'bio plugin list'"])
    }
}

extension String {
    fileprivate mutating func replace(_ old: String, with new: String) {
        guard let range = firstRange(of: old) else {
            Issue.record("'\(old)' is not in the manifest")
            return
        }
        replaceSubrange(range, with: new)
    }
}
