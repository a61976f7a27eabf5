// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioOCI
import BioSystem
import BioTestSupport
import Testing

/// `bio image` over layouts that are written by hand.
@Suite struct ImageCommandsTests {
    private let directory: CLIScratch

    private static let glibc = "core/glibc/2.38/20250101000000"
    private static let (redis, newRedis) = ("core/redis/7.0/20250101000000", "core/redis/7.2/20260101000000")

    init() throws {
        directory = try CLIScratch()
        let base = Self.layer("base packages", [Self.glibc, "core/bash/5/20250101000000"]) { tar in
            tar.file("hab/pkgs/\(Self.glibc)/lib/libc.so.6", String(repeating: "c", count: 3000))
        }
        func root(_ passwd: String) -> MemoryImages.Layer {
            Self.layer("root filesystem", []) { $0.file("etc/passwd", passwd) }
        }
        var process = ProcessConfiguration()
        process.user = "hab"
        process.environment = ["PATH=/bin"]
        process.entrypoint = ["/init.sh"]
        process.labels = ["org.opencontainers.image.title": "redis"]
        var newProcess = process
        newProcess.user = "42"
        try MemoryImages.writeLayout(
            [
                .init(
                    "core/redis:7.0",
                    layers: [base, Self.layer(Self.redis, [Self.redis], Self.files(Self.redis)), root("root")],
                    process: process),
                .init(
                    "core/redis:7.2",
                    layers: [
                        base, Self.layer(Self.newRedis, [Self.newRedis], Self.files(Self.newRedis)), root("toor"),
                    ],
                    process: newProcess),
            ], to: images)
    }

    private var images: String { "\(directory.path)/images" }
    private var old: String { "oci:\(images):core/redis:7.0" }
    private var new: String { "oci:\(images):core/redis:7.2" }

    private static func layer(
        _ title: String, _ packages: [String], _ build: (inout RawTar) -> Void
    ) -> MemoryImages.Layer {
        .init(title, packages: packages, tar: RawTar.archive(build))
    }

    private static func files(_ ident: String) -> (inout RawTar) -> Void {
        { tar in
            tar.directory("hab/pkgs/\(ident)/")
            tar.file("hab/pkgs/\(ident)/bin/redis-server", ident, mode: 0o755)
            tar.symlink("hab/pkgs/\(ident)/bin/redis", to: "redis-server")
        }
    }

    private func run(
        _ words: String..., code: ExitCode = .done, terminal: TerminalFacts = TerminalFacts()
    ) -> (output: String, errors: String) {
        let world = World(directory: directory.path, terminal: terminal)
        #expect(Program.run(words, tree: CommandTree.root, context: world.context) == code, "\(world.standardError)")
        return (world.standardOutput, world.standardError)
    }

    @Test func inspectNamesLayersByPackage() {
        let text = run("image", "inspect", old).output
        for line in [
            "Names          : core/redis:7.0", "Platform       : linux/amd64", "User           : hab",
            "Entrypoint     : [\"/init.sh\"]", "Labels         : org.opencontainers.image.title=redis",
            "Layers         : 3 layers, 9.5 KiB",
        ] {
            #expect(text.contains("\(line)\n"), "\(line): \(text)")
        }
        #expect(text.contains(" 4.5 KiB  base packages\n"), "\(text)")
        #expect(text.contains("    \(Self.glibc)\n") && text.contains("  \(Self.redis)\n"), "\(text)")
    }

    @Test func tablesFitTheTerminal() {
        let text = run("image", "inspect", old, terminal: TerminalFacts(outputColumns: 50)).output
        let table = text.split(separator: "\n").drop { !$0.hasPrefix("Diff Id ") }
        #expect(table.count == 6 && table.allSatisfy { $0.count < 50 }, "\(text)")
        #expect(table.contains { $0.contains("…") })
    }

    @Test func lsListsEveryName() throws {
        let text = run("image", "ls", "oci:\(images)").output
        #expect(text.split(separator: "\n").count == 3 && text.contains("core/redis:7.2"), "\(text)")
        let json = try DocumentValue(json: run("image", "ls", images, "--format", "json").output)
        #expect(json["images"]?.array?.map { $0["names"] } == [["core/redis:7.0"], ["core/redis:7.2"]])
        #expect(json["images"]?.array?.first?["layers"] == 3)
    }

    @Test func diffTellsWhatAnUpdateBrings() throws {
        let text = run("image", "diff", old, new, code: .different).output
        #expect(text.contains("Configuration:\n  ~  user  hab -> 42\n"), "\(text)")
        #expect(
            text.contains("Packages:\n  ~  core/redis  7.0/20250101000000 -> 7.2/20260101000000\n"), "\(text)")
        #expect(text.contains("Layers: 1 layer (4.5 KiB) shared, 2 layers (5.0 KiB) gone, 2 layers (5.0 KiB) new:\n"))
        #expect(!text.contains("Files"))
        let json = try DocumentValue(json: run("image", "diff", old, new, "--format", "json", code: .different).output)
        #expect(json["equal"] == false && json["files"] == .null)
        #expect(json["amounts"]?["shared"] == ["layers": 1, "bytes": 4608])
    }

    @Test func diffFindsFiles() throws {
        let text = run("image", "diff", old, new, "--files", code: .different).output
        let files = text.split(separator: "\n").drop { $0 != "Files:" }.dropFirst()
        #expect(
            files.map { String($0.drop { $0 == " " }) } == [
                "~  /etc/passwd               content",
                "-  /hab/pkgs/core/redis/7.0  2 files, 29 B",
                "+  /hab/pkgs/core/redis/7.2  2 files, 29 B",
            ], "\(text)")
        let json = try DocumentValue(
            json: run("image", "diff", old, new, "--files", "--format", "json", code: .different).output)
        #expect(json["files"]?["changes"]?.array?.count == 11)
    }

    @Test func equalImagesSayNothing() {
        let (output, _) = run("image", "diff", old, old, "--files")
        #expect(output.isEmpty)
    }

    @Test func wrongPlacesAreNamed() {
        #expect(run("image", "inspect", "oci:\(directory.path)/none", code: .failure).errors.contains("none"))
        #expect(run("image", "inspect", "oci:\(images)", code: .failure).errors.contains("core/redis:7.2"))
        let missing = run("image", "inspect", "oci:\(images):core/redis:8", code: .failure).errors
        #expect(missing.contains("core/redis:8") && missing.contains("core/redis:7.0"), "\(missing)")
        #expect(run("image", "inspect", "vault:x", code: .failure).errors.contains("oci:DIR"))
        _ = run("image", "inspect", code: .usage)
    }

    /// Whoever made the image does not steer the terminal.
    @Test func hostileTextIsEscaped() throws {
        var process = ProcessConfiguration()
        process.user = "\u{1B}[31mroot\nUser: nobody"
        process.labels = ["a\u{202E}b": "c\u{7}"]
        let place = "\(directory.path)/hostile"
        try MemoryImages.writeLayout(
            [
                .init(
                    "x",
                    layers: [
                        .init(
                            "RUN <<EOF\nevil\u{1B}]0;x\u{7}", packages: ["a\u{9B}b"],
                            tar: RawTar.archive { $0.file("\u{1B}[2Jx") })
                    ], process: process)
            ], to: place)
        for text in [
            run("image", "inspect", "oci:\(place)").output,
            run("image", "diff", old, "oci:\(place)", "--files", code: .different).output,
        ] {
            #expect(text.contains("\\u{1b}[31mroot\\u{a}User: nobody"), "\(text)")
            for scalar in text.unicodeScalars where scalar != "\n" {
                #expect(scalar.properties.generalCategory != .control && scalar.value != 0x202E, "\(text)")
            }
        }
    }

    @Test func aLayerThatIsNotWhatTheConfigurationSaysIsRefused() throws {
        let place = "\(directory.path)/forged"
        let tar = RawTar.archive { $0.file("honest") }
        try MemoryImages.writeLayout(
            [.init("x", layers: [.init("x", tar: tar, stored: RawTar.archive { $0.file("evil") })])], to: place)
        let errors = run("image", "diff", old, "oci:\(place)", "--files", code: .trustRefused).errors
        #expect(errors.contains("not what its configuration says"), "\(errors)")
    }

    @Test func interruptedReadingEnds() {
        let world = World(directory: directory.path)
        world.flag.set()
        #expect(world.run("image", "diff", old, new, "--files") == .interrupted)
        #expect(world.standardOutput.isEmpty)
    }

    @Test func anOddLayerIsNamed() throws {
        let place = "\(directory.path)/odd"
        try MemoryImages.writeLayout(
            [
                .init(
                    "x",
                    layers: [.init("COPY . /", tar: RawTar.archive { $0.file("../../etc/passwd", "root") })])
            ], to: place)
        let errors = run("image", "diff", old, "oci:\(place)", "--files", code: .failure).errors
        #expect(errors.contains("the layer 'COPY . /' of 'oci:\(place)'") && errors.contains("'..'"), "\(errors)")
    }
}
