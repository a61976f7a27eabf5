// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioPluginHost

/// Names that go into sources, and the directory that is made of templates.
@Suite struct PluginProjectTests {
    typealias Language = PluginProject.Language

    @Test func idAndFormatFollowTheName() throws {
        let project = try PluginProject("nomad", language: .c)
        #expect(project.id == "org.example.nomad" && project.format == "nomad" && project.license == "Apache-2.0")
        let other = try PluginProject(
            "nomad", language: .c, id: "com.acme.x", format: "job", license: "MIT OR (GPL-3.0-or-later WITH x-1)")
        #expect(other.id == "com.acme.x" && other.format == "job")
    }

    @Test(arguments: [
        "", "n", "Nomad", "no mad", "no/mad", "../x", "1st", "n\u{E4}", "-x", "a\"b", String(repeating: "a", count: 33),
    ])
    func aNameThatIsNoneIsRefused(_ name: String) {
        #expect(throws: PluginProjectError.name(name)) { try PluginProject(name, language: .c) }
        #expect(throws: PluginProjectError.format(name)) { try PluginProject("nomad", language: .c, format: name) }
    }

    @Test(arguments: ["nomad", "org..x", "org.\"x\"", "org.x\n", "@ID@.x"])
    func anIDThatIsNoneIsRefused(_ id: String) {
        #expect(throws: PluginProjectError.id(id, "is not a reverse domain such as org.example.thing")) {
            try PluginProject("nomad", language: .c, id: id)
        }
    }

    @Test(arguments: ["", "MIT\"", "MIT\n", "*/", "@NAME@", "${HOME}"])
    func aLicenceThatWouldEndATextIsRefused(_ license: String) {
        #expect(throws: PluginProjectError.license(license)) {
            try PluginProject("nomad", language: .c, license: license)
        }
    }

    // MARK: - Directories

    /// Templates and SDKs as `make` installs them.
    private static func install(_ scratch: borrowing Scratch) throws -> String {
        let share = scratch.file("share")
        try tool("sh", Repository.path("plugin-sdk/install"), share)
        try tool("cp", Repository.path("LICENSE"), share)
        return share
    }

    @Test(arguments: Language.allCases) func everyMarkIsFilledIn(_ language: Language) throws {
        let scratch = try Scratch()
        let share = try Self.install(scratch)
        let project = try PluginProject(
            "nomad", language: language, id: "com.acme.nomad", format: "nomad-job", license: "MIT")
        let path = try ProjectDirectory(project, share: share).make(in: scratch.file("new/place"))
        #expect(path == scratch.file("new/place/nomad"))
        let names = try treeListing(path, withModes: false)
        for name in [
            "plugin.toml", "Makefile", "README.md", "LICENSE", ".gitignore", "ci", "tests/run", "sdk/LICENSE",
        ] {
            #expect(names.contains { $0.hasSuffix(" \(name)") }, "\(name) in \(names)")
        }
        let marks = try Tool.run(["grep", "-rnE", "@[A-Z]+@", path])
        #expect(marks.code == 1, "\(marks.text)")
        let manifest = try PluginManifest.read(in: path)
        #expect(manifest.id == "com.acme.nomad" && manifest.formats == ["nomad-job"] && manifest.license == "MIT")
        #expect(manifest.library == "libnomad.so" && manifest.kind == (language == .exec ? .exec : .native))
        let foreign = try Tool.run([
            "grep", "-rlE", "SPDX-License-Identifier: Apache-2.0", path, "--exclude-dir=sdk",
        ])
        #expect(foreign.text.isEmpty)
        let own = try String(decoding: contents(of: "\(path)/LICENSE"), as: UTF8.self)
        #expect(own.contains("SPDX-License-Identifier: MIT"))
        for name in ["ci", "tests/run"] { #expect(try FileStatus.of("\(path)/\(name)")?.mode == 0o755) }
    }

    @Test func whatIsThereIsLeftAlone() throws {
        let scratch = try Scratch()
        let share = try Self.install(scratch)
        let directory = ProjectDirectory(try PluginProject("nomad", language: .c), share: share)
        _ = try scratch.write([1], to: "nomad")
        #expect(throws: PluginProjectError.exists(scratch.file("nomad"))) { try directory.make(in: scratch.path) }
        #expect(try contents(of: scratch.file("nomad")) == [1])
        #expect(try Directory.names(scratch.path).count == 2)
    }

    @Test func aHalfMadeProjectIsNotSeen() throws {
        let scratch = try Scratch()
        let share = try Self.install(scratch)
        try Directory.remove("\(share)/LICENSE")
        let directory = ProjectDirectory(try PluginProject("nomad", language: .c), share: share)
        #expect(throws: PluginProjectError.self) { try directory.make(in: scratch.file("here")) }
        #expect(try Directory.names(scratch.file("here")).isEmpty)
    }

    @Test func aProgramWithoutTemplatesSaysWhereTheyAreMissing() throws {
        let scratch = try Scratch()
        let directory = ProjectDirectory(try PluginProject("nomad", language: .zig), share: scratch.path)
        let missing = PluginProjectError.noTemplates("\(scratch.path)/templates/common")
        #expect(throws: missing) { try directory.make(in: scratch.path) }
        #expect(missing.hint?.contains("'make' first") == true)
    }
}
