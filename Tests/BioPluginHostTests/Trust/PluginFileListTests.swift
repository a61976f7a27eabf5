// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioPluginHost
import Testing

@Suite struct PluginFileListTests {
    private static let digest = Digest.blake2b256(of: Array("x".utf8))

    private static func entry(_ path: String, size: Int64 = 1) -> PluginFileList.Entry {
        PluginFileList.Entry(path: path, size: size, digest: digest, isExecutable: path.hasSuffix(".so"))
    }

    private static func list(_ entries: [PluginFileList.Entry]) throws(PluginFileList.Refusal) -> PluginFileList {
        try PluginFileList(id: "org.example.thing", version: "1.0 beta", target: .x86_64Linux, entries: entries)
    }

    @Test func theTextIsReadBackAndIsOneForEveryOrder() throws {
        let entries = ["plugin.toml", "lib.so", "data/ä b.txt", "data/z"].map { Self.entry($0) }
        let list = try Self.list(entries)
        #expect(try PluginFileList(parsing: Array(list.text.utf8)) == list)
        #expect(try Self.list(entries.reversed()).text == list.text)
        #expect(
            list.text.split(separator: "\n").prefix(5) == [
                "BIO-PLUGIN-FILES-1", "id org.example.thing", "version 1.0 beta", "target x86_64-linux",
                "file \(Self.digest.hex) 1 - data/z",
            ])
    }

    @Test(arguments: [
        "../x", "/x", "a/../b", "a//b", "a/", "", ".", "./a", ".hidden", "a/.git/b", "a\nb", "a\u{7F}b", "plugin.files",
        "plugin.sig", "description.json", String(repeating: "a", count: 256),
        Array(repeating: "a", count: 17).joined(separator: "/"),
    ])
    func noPathLeavesTheDirectoryOrHides(path: String) {
        #expect(throws: PluginFileList.Refusal.self) { try Self.list([Self.entry(path)]) }
    }

    @Test func noFileLiesInAFileOrIsThereTwice() throws {
        #expect(throws: PluginFileList.Refusal.self) { try Self.list(["a", "a-b", "a/b"].map { Self.entry($0) }) }
        #expect(throws: PluginFileList.Refusal.self) { try Self.list(["a", "a"].map { Self.entry($0) }) }
        // One name for people, two for the file system: what is verified must be what is opened.
        #expect(throws: PluginFileList.Refusal.self) {
            try Self.list(["\u{E9}", "e\u{301}"].map { Self.entry($0) })
        }
    }

    @Test(arguments: [[-1], [Int64.max, Int64.max], [1 << 30, 1]])
    func sizesAreBounded(sizes: [Int64]) {
        #expect(throws: PluginFileList.Refusal.self) {
            try Self.list(sizes.enumerated().map { Self.entry("f\($0)", size: $1) })
        }
    }

    /// What stands for the true text in each, and must not be taken for it.
    @Test func everyOtherTextIsRefused() throws {
        let text = try Self.list([Self.entry("a"), Self.entry("lib.so")]).text
        let hex = Self.digest.hex
        let mutations: [(String, String)] = [
            ("BIO-PLUGIN-FILES-1", "BIO-PLUGIN-FILES-2"), ("id ", "id  "), ("\nversion", "\r\nversion"),
            ("target x86_64-linux", "target linux"), ("file \(hex) 1 - a", "file \(hex.uppercased()) 1 - a"),
            ("1 - a", "01 - a"), ("1 - a", "+1 - a"), ("1 - a", "1 w a"), ("1 - a", "1 - zz"), ("1 - a", "1 a"),
            ("1 - a", "99999999999999999999 - a"), ("1 x lib.so\n", "1 x lib.so"), ("1.0 beta", "1.0\tbeta"),
            ("1.0 beta", ""), ("org.example.thing", "thing"), ("version", "\u{301}version"),
        ]
        for (from, to) in mutations {
            let changed = text.replacing(from, with: to, maxReplacements: 1)
            #expect(changed != text)
            #expect((try? PluginFileList(parsing: Array(changed.utf8))) == nil, "\(from) -> \(to)")
        }
        for odd in [
            [], Array("x".utf8), Array((text + "\n").utf8), Array((text + "file").utf8), Array(text.utf8) + [0xFF],
        ] {
            #expect(throws: PluginFileList.Refusal.self) { try PluginFileList(parsing: odd) }
        }
    }

    @Test func aRefusalNamesTheLine() {
        let text = "BIO-PLUGIN-FILES-1\nid a.b\nversion 1\ntarget x86_64-linux\nfile x\n"
        let error = #expect(throws: PluginFileList.Refusal.self) { try PluginFileList(parsing: Array(text.utf8)) }
        #expect(error.map { "\($0)" } == "plugin.files:5: it lists no file")
    }

    @Test func whatDiffersIsNamed() throws {
        let old = try Self.list(["a", "b", "c"].map { Self.entry($0) })
        let new = try Self.list([Self.entry("a"), Self.entry("b", size: 2), Self.entry("d")])
        let error = #expect(throws: PluginTrustError.self) { try old.check(new) }
        #expect(
            error == .otherFiles(plugin: "org.example.thing", changed: ["b"], missing: ["c"], extra: ["d"]))
        #expect(
            error.map { "\($0)" }
                == "plugin 'org.example.thing' does not hold the files that it lists: changed 'b'; missing 'c'; not "
                + "listed 'd' [BIO-P-003]")
        #expect(throws: Never.self) { try old.check(old) }
    }
}
