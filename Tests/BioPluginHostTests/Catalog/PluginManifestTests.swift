// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Testing

@testable import BioPluginHost

@Suite struct PluginManifestTests {
    private static let sound = """
        manifest = 1
        id = "org.example.thing"
        name = "thing"
        version = "1.2"
        summary = "Makes things"
        license = "MIT"
        library = "libthing.so"
        target = "x86_64-linux"
        formats = ["thing", "other-thing"]
        abi = { built = "1.1", needed = "1.0" }
        """

    private func read(_ text: String) throws -> PluginManifest {
        let scratch = try Scratch()
        _ = try scratch.write(Array(text.utf8), to: "plugin.toml")
        do throws(PluginManifest.Refusal) { return try PluginManifest.read(in: scratch.path) } catch {
            let path = String(error.path.dropFirst(scratch.path.count + 1))
            throw PluginManifest.Refusal(path: path, text: error.text)
        }
    }

    @Test func isReadAsItIsWritten() throws {
        let manifest = try read(Self.sound)
        #expect(manifest.id == "org.example.thing" && manifest.name == "thing" && manifest.version == "1.2")
        #expect(manifest.summary == "Makes things" && manifest.license == "MIT" && manifest.library == "libthing.so")
        #expect(manifest.target == .x86_64Linux && manifest.formats == ["thing", "other-thing"])
        #expect(
            manifest.abiBuilt == ABIVersion(rawValue: 0x1_0001) && manifest.abiNeeded == ABIVersion(rawValue: 0x1_0000))
    }

    @Test func programsMayBeListed() throws {
        #expect(try read(Self.sound).tools == [])
        #expect(
            try read(Self.sound + "\ntools = [\"gpg\", \"x86_64-w64-cc++1.2\"]").tools == ["gpg", "x86_64-w64-cc++1.2"])
        for list in ["\"gpg\"", "[3]", "[\"/bin/sh\"]", "[\"..\"]", "[\"\"]", "[\"a b\"]", "[\"-rf\"]"] {
            let refusal = #expect(throws: PluginManifest.Refusal.self) { try read(Self.sound + "\ntools = \(list)") }
            #expect(refusal?.path == "plugin.toml:11")
        }
    }

    @Test(arguments: [
        ("manifest = 1", "manifest = 2", "plugin.toml:1: the manifest's revision is not 1"),
        ("manifest = 1", "manifest = \"1\"", "plugin.toml:1: 'manifest' is no whole number"),
        ("manifest = 1", "", "plugin.toml:1: the key 'manifest' is missing"),
        (
            "\"org.example.thing\"", "\"thing\"",
            "plugin.toml:2: the id 'thing' is not a reverse domain such as org.example.thing"
        ),
        (
            "\"org.example.thing\"", "\"org.example.Thing\"",
            "plugin.toml:2: the id 'org.example.Thing' is not a reverse domain such as org.example.thing"
        ),
        ("name = \"thing\"", "name = \"\"", "plugin.toml:3: 'name' is not a text with something in it"),
        ("name = \"thing\"", "name = 3", "plugin.toml:3: 'name' is not a text with something in it"),
        ("name = \"thing\"", "", "plugin.toml:1: the key 'name' is missing"),
        ("version = \"1.2\"", "version = \"\\u001b[2J\"", "plugin.toml:4: 'version' holds control characters"),
        (
            "\"libthing.so\"", "\"../libthing.so\"",
            "plugin.toml:7: '../libthing.so' is no file name of a library beside the manifest"
        ),
        (
            "\"libthing.so\"", "\"libthing.dll\"",
            "plugin.toml:7: 'libthing.dll' is no file name of a library beside the manifest"
        ),
        (
            "\"libthing.so\"", "\".hidden.so\"",
            "plugin.toml:7: '.hidden.so' is no file name of a library beside the manifest"
        ),
        ("\"x86_64-linux\"", "\"vax\"", "plugin.toml:8: 'vax' is no target"),
        ("[\"thing\", \"other-thing\"]", "[]", "plugin.toml:9: there is no format"),
        ("[\"thing\", \"other-thing\"]", "\"thing\"", "plugin.toml:9: 'formats' is no list"),
        ("\"other-thing\"]", "4]", "plugin.toml:9: 'formats' holds something that is no text"),
        ("\"other-thing\"]", "\"Other Thing\"]", "plugin.toml:9: 'Other Thing' is no format name"),
        ("built = \"1.1\"", "built = \"9\"", "plugin.toml:10: 'abi.built' is no version such as \"1.0\""),
        (", needed = \"1.0\"", "", "plugin.toml:10: 'abi.needed' is no version such as \"1.0\""),
        ("abi = {", "abi = 1 #", "plugin.toml:10: 'abi.built' is no version such as \"1.0\""),
    ])
    func whatIsWrongIsSaidWithItsLine(_ old: String, _ new: String, _ text: String) throws {
        let range = try #require(Self.sound.firstRange(of: old))
        var changed = Self.sound
        changed.replaceSubrange(range, with: new)
        let error = #expect(throws: PluginManifest.Refusal.self) { try read(changed) }
        #expect(error?.description == text)
    }

    @Test func whatIsNoTOMLIsSaidWithItsLine() {
        let error = #expect(throws: PluginManifest.Refusal.self) { try read("manifest = 1\nid = oops\n") }
        #expect(error?.path == "plugin.toml:2")
    }

    @Test func aMissingOrHugeManifestIsRefused() throws {
        let scratch = try Scratch()
        let error = #expect(throws: PluginManifest.Refusal.self) { try PluginManifest.read(in: scratch.path) }
        #expect(error?.description == "\(scratch.path)/plugin.toml: No such file or directory")
        _ = try scratch.write([UInt8](repeating: 0x23, count: 70_000), to: "plugin.toml")
        let other = #expect(throws: PluginManifest.Refusal.self) { try PluginManifest.read(in: scratch.path) }
        #expect(other?.text == "File too large")
    }
}
