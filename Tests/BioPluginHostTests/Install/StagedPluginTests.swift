// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What a plugin may come in, and what may not come out of it.
@Suite struct StagedPluginTests {
    /// A place, and what is unpacked beside it.
    private struct World: ~Copyable {
        private let scratch: Scratch
        let keys: TestKeys
        let installer: PluginInstaller

        init() throws {
            let made = try Scratch()
            try Directory.create(made.file("tmp"))
            let keys = try TestKeys(in: made.file("keys"))
            installer = try PluginInstaller(place: made.file("place"))
            self.keys = keys
            scratch = made
        }

        func file(_ name: String) -> String { scratch.file(name) }

        func stage(_ path: String) throws -> StagedPlugin {
            try installer.stage(path, named: "SOURCE", keys: keys.ring, temporaryDirectory: file("tmp"))
        }

        func stage(archive build: (inout RawTar) -> Void) throws -> StagedPlugin {
            try stage(try scratch.write(RawTar.archive(build), to: "bundle.tar"))
        }

        func expectNothingLeft(_ location: SourceLocation = #_sourceLocation) throws {
            #expect(try Directory.names(installer.place) == [], sourceLocation: location)
            #expect(try Directory.names(file("tmp")) == [], sourceLocation: location)
        }
    }

    private static let manifest = CPlugin.manifest(id: "org.example.thing", name: "thing")

    private static func sound(_ tar: inout RawTar, in top: String = "") {
        tar.file("\(top)plugin.toml", manifest)
        tar.file("\(top)libthing.so", "no library", mode: 0o755)
    }

    @Test(arguments: ["", "./", "thing-1.0/"]) func anArchiveMayHaveADirectoryAroundIt(top: String) throws {
        let world = try World()
        do {
            let staged = try world.stage { tar in
                if !top.isEmpty { tar.directory(top) }
                Self.sound(&tar, in: top)
                tar.file("\(top)data/greeting.txt", "hello", mode: 0o6777)
                tar.file("\(top)description.json", "{}")
            }
            #expect(staged.list.entries.map(\.path) == ["data/greeting.txt", "libthing.so", "plugin.toml"])
            #expect(staged.list.entries.map(\.isExecutable) == [true, true, false])
            #expect(staged.signature == nil && staged.package == nil)
            #expect(try FileStatus.of("\(staged.directory)/data/greeting.txt")?.mode == 0o755)
            #expect(try FileStatus.of("\(staged.directory)/plugin.toml")?.mode == 0o644)
        }
        try world.expectNothingLeft()
    }

    static let hostile: [(String, @Sendable (inout RawTar) -> Void, String)] = [
        ("a link", { $0.symlink("data", to: "/etc") }, "'SOURCE' is refused: 'data' is a symbolic link"),
        (
            "a hard link", { $0.hardLink("data", to: "plugin.toml") }, "'SOURCE' is refused: 'data' is a hard link"
        ),
        (
            "a hidden file", { $0.file(".receipts/x.json", "{}") },
            "'SOURCE' is refused: '.receipts/x.json' has a name with a leading dot"
        ),
        (
            "a name that is no text",
            {
                $0.gnuLong("L", [0x61, 0xFF]); $0.file("x")
            },
            "'SOURCE' is refused: 'a\u{FFFD}' has a name that is not UTF-8"
        ),
        (
            "a file twice", { $0.file("plugin.toml", "manifest = 2\n") },
            "'SOURCE' is refused: 'plugin.toml' is there twice, or lies in a file"
        ),
        (
            "a file in a file", { $0.file("libthing.so/x") },
            "'SOURCE' is refused: 'libthing.so/x' is there twice, or lies in a file"
        ),
    ]

    @Test(arguments: hostile.indices) func aHostileMemberIsNamed(index: Int) throws {
        let world = try World()
        let error = #expect(throws: PluginInstallError.self) {
            _ = try world.stage { tar in
                Self.sound(&tar)
                Self.hostile[index].1(&tar)
            }
        }
        #expect(error.map { "\($0)" } == Self.hostile[index].2)
        try world.expectNothingLeft()
    }

    @Test(arguments: ["../escaped", "/escaped", "data/../../escaped", "data//x"])
    func aPathThatLeavesIsRefusedByTheReader(path: String) throws {
        let world = try World()
        #expect(throws: (any Error).self) {
            _ = try world.stage { tar in
                Self.sound(&tar)
                tar.file(path, "x")
            }
        }
        #expect(try FileStatus.ofLink(world.file("escaped")) == nil)
        try world.expectNothingLeft()
    }

    @Test func whatHoldsNoPluginOrSeveralIsRefused() throws {
        let world = try World()
        func error(_ build: (inout RawTar) -> Void) -> PluginInstallError? {
            #expect(throws: PluginInstallError.self) { _ = try world.stage(archive: build) }
        }
        #expect(error { $0.file("readme") } == .noPlugin(source: "SOURCE"))
        #expect(error { _ in } == .noPlugin(source: "SOURCE"))
        #expect(error { Self.sound(&$0, in: "a/b/") } == .noPlugin(source: "SOURCE"))
        #expect(
            error {
                Self.sound(&$0, in: "b/")
                Self.sound(&$0, in: "a/")
            } == .severalPlugins(source: "SOURCE", ["a", "b"]))
        #expect(
            error {
                Self.sound(&$0, in: "a/")
                $0.file("b/x")
            } == .stranger(source: "SOURCE", path: "b/x", why: "lies beside the plugin 'a'"))
        #expect(
            error { $0.file("plugin.toml", Self.manifest) }
                == .stranger(source: "SOURCE", path: "libthing.so", why: "is its library, and missing"))
        try world.expectNothingLeft()
    }

    @Test func aManifestThatIsWrongIsNamedAsTheUserNamedIt() throws {
        let world = try World()
        let error = #expect(throws: PluginManifest.Refusal.self) {
            _ = try world.stage { $0.file("plugin.toml", "manifest = 1\nid = \"x\"\n") }
        }
        #expect(error.map { "\($0)".hasPrefix("SOURCE/plugin.toml:2: the id 'x'") } == true)
        try world.expectNothingLeft()
    }

    @Test func aDirectoryIsTakenAsItIsOrNotAtAll() throws {
        let world = try World()
        let directory = world.file("bundle")
        try Directory.create("\(directory)/data")
        try AtomicFile.write(Array(Self.manifest.utf8), to: "\(directory)/plugin.toml")
        try AtomicFile.write(Array("no library".utf8), to: "\(directory)/libthing.so", mode: 0o700)
        do {
            let staged = try world.stage(directory)
            #expect(staged.list.entries.map(\.path) == ["libthing.so", "plugin.toml"])
        }
        #expect(symlink("/etc/passwd", "\(directory)/data/x") == 0)
        let link = #expect(throws: PluginInstallError.self) { _ = try world.stage(directory) }
        #expect(link == .stranger(source: "SOURCE", path: "data/x", why: "is a symbolic link"))
        unlink("\(directory)/data/x")
        #expect(mkfifo("\(directory)/data/x", 0o600) == 0)
        let fifo = #expect(throws: PluginInstallError.self) { _ = try world.stage(directory) }
        #expect(fifo == .stranger(source: "SOURCE", path: "data/x", why: "is neither a file nor a directory"))
        unlink("\(directory)/data/x")
        try AtomicFile.write([], to: "\(directory)/.hidden")
        let hidden = #expect(throws: PluginInstallError.self) { _ = try world.stage(directory) }
        #expect(hidden == .stranger(source: "SOURCE", path: ".hidden", why: "has a name with a leading dot"))
        try world.expectNothingLeft()
    }

    @Test func aListThatCameWithItMustBeTheTrueOne() throws {
        let world = try World()
        let fixture = try BundleFixture()
        try fixture.sign()
        do {
            let staged = try world.stage(fixture.directory)
            #expect(try staged.key(in: [KeyRing(directory: "/nowhere"), fixture.keys.ring])?.name == fixture.keys.name)
        }
        try fixture.write("libthing.so", "other")
        let error = #expect(throws: PluginTrustError.self) { _ = try world.stage(fixture.directory) }
        #expect(error == .otherFiles(plugin: BundleFixture.id, changed: ["libthing.so"], missing: [], extra: []))
        unlink("\(fixture.directory)/plugin.files")
        let orphan = #expect(throws: PluginTrustError.self) { _ = try world.stage(fixture.directory) }
        #expect(orphan == .badSignature(plugin: BundleFixture.id, "it has plugin.sig, but no plugin.files"))
        try world.expectNothingLeft()
    }

    @Test func aKeyThatIsNotHereAndASignatureByAnotherAreTwoThings() throws {
        let world = try World()
        let fixture = try BundleFixture()
        try fixture.sign()
        let empty = KeyRing(directory: world.file("empty"))
        do {
            let staged = try world.stage(fixture.directory)
            let missing = #expect(throws: PluginTrustError.self) { _ = try staged.key(in: [empty]) }
            #expect(missing == .unknownKey(plugin: BundleFixture.id, key: fixture.keys.name))
            // This ring has another key of that very name.
            let other = #expect(throws: PluginTrustError.self) { _ = try staged.key(in: [world.keys.ring]) }
            #expect(
                other
                    == .badSignature(
                        plugin: BundleFixture.id,
                        "plugin.sig is not the key acme-20260101000000's signature of its files"))
        }
        try world.expectNothingLeft()
    }

    // MARK: - Packages

    private static func package(_ ident: String = "acme/thing/1.0/20260101000001", extra: String = "") -> PackageFixture
    {
        PackageFixture(
            ident,
            files: [
                .init("bin/thing", "#!/bin/sh\n", mode: 0o755),
                .init("lib/bio/plugins/org.example.thing/plugin.toml", manifest),
                .init("lib/bio/plugins/org.example.thing/libthing.so", "no library", mode: 0o755),
            ] + (extra.isEmpty ? [] : [.init(extra, "x")]))
    }

    @Test func aPackageVouchesForThePluginInIt() throws {
        let world = try World()
        let artifact = try Self.package().artifact(in: world.file("artifacts"), keys: world.keys)
        do {
            let staged = try world.stage(artifact)
            #expect(staged.list.entries.map(\.path) == ["libthing.so", "plugin.toml"])
            #expect(staged.package?.ident == "acme/thing/1.0/20260101000001")
            #expect(try staged.key(in: [])?.name == world.keys.name)
        }
        try world.expectNothingLeft()
    }

    @Test func aPackageIsVerifiedBeforeItIsRead() throws {
        let world = try World()
        let artifact = try Self.package().artifact(in: world.file("artifacts"), keys: world.keys)
        var bytes = try contents(of: artifact)
        bytes[bytes.count - 20] ^= 1
        try AtomicFile.write(bytes, to: artifact)
        #expect(throws: (any Error).self) { _ = try world.stage(artifact) }
        let foreign = try Self.package("other/thing/1.0/20260101000001")
            .artifact(in: world.file("artifacts"), keys: world.keys, signedBy: "acme")
        #expect(throws: (any Error).self) { _ = try world.stage(foreign) }
        try world.expectNothingLeft()
    }

    @Test func aPackageWithoutOneOrWithTwoIsNamed() throws {
        let world = try World()
        let none = try PackageFixture("acme/app/1/2").artifact(in: world.file("artifacts"), keys: world.keys)
        #expect(throws: PluginInstallError.noPlugin(source: "SOURCE")) { _ = try world.stage(none) }
        let beside = try Self.package(extra: "lib/bio/plugins/x").artifact(
            in: world.file("artifacts"), keys: world.keys)
        #expect(
            throws: PluginInstallError.stranger(
                source: "SOURCE", path: "x", why: "lies beside the plugin 'org.example.thing'")
        ) { _ = try world.stage(beside) }
        try world.expectNothingLeft()
    }
}
