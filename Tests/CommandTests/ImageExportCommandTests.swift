// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `bio pkg export` of images as users see it: names, places, and what happens when one of them does not take it. The
/// plugin is a small one; what real ones make is tested with them.
@Suite(.timeLimit(.minutes(15))) struct ImageExportCommandTests {
    private struct World: ~Copyable {
        let plain: PluginWorld
        let plugin: CPlugin

        /// `engine` is the socket; the default is one where nobody listens.
        init(engine: String? = nil) throws {
            var world = try PluginWorld()
            world.bio.environment["DOCKER_HOST"] = "unix://" + (engine ?? world.file("no.sock"))
            let made = try world.add("imager")
            plain = world
            plugin = made
        }

        func path(_ name: String) -> String { "\(plain.out)/\(name)" }

        func export(_ words: String...) throws -> Command.Outcome {
            try plain.bio.run(line(words)) { _ in }
        }

        func line(_ words: [String]) -> [String] {
            ["pkg", "export", "imager", "acme/app", "--results", plain.file("results")] + words
        }

        /// Neither a result nor a report, nor a draft of them.
        func expectNothing(_ location: SourceLocation = #_sourceLocation) throws {
            try plain.expectNothingLeft(plugin, location: location)
        }

        func report() throws -> DocumentValue {
            try DocumentValue(
                json: String(decoding: try contents(of: plain.file("results/last_imager_export.json")), as: UTF8.self))
        }
    }

    // MARK: - Places

    @Test func oneImageIsTheSameAtAllPlaces() throws {
        let world = try World()
        let places = [
            "oci:\(world.path("layout"))", "oci-archive:\(world.path("a.tar"))",
            "docker-archive:\(world.path("d.tar"))",
        ]
        let outcome = try world.export("--to", places[0], "--to", places[1], "--to", places[2])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "\(world.path("layout"))\n\(world.path("a.tar"))\n\(world.path("d.tar"))\n")
        let image = try world.report()["image"]
        #expect(image?["places"]?.array?.compactMap { $0["location"]?.string } == places)
        #expect(image?["created"]?.string == "2026-01-01T00:00:02Z")
        let id = try #require(image?["id"]?.string)
        for place in ["oci:\(world.path("layout")):2.1", places[1] + ":2.1", places[2] + ":acme/app:2.1"] {
            let raw = try Tool.run(["skopeo", "inspect", "--config", "--raw", place])
            #expect(raw.code == 0, "\(raw.errorText)")
            let config = try DocumentValue(json: raw.text)
            #expect(config["config"]?["User"]?.string == "42:42")
            #expect(config["rootfs"]?["diff_ids"]?.array?.count == 3)
            let shown = try world.plain.bio.run("image", "inspect", place, "--format", "json")
            #expect(try DocumentValue(json: shown.output)["id"]?.string == id)
        }
    }

    @Test func outputIsAnArchive() throws {
        let world = try World()
        #expect(try world.export("-o", world.path("named.tar")).output == "\(world.path("named.tar"))\n")
        let inDirectory = try world.export("-o", world.plain.out)
        #expect(inDirectory.output == "\(world.path("acme-app-2.1-20260101000002.oci.tar"))\n")
        let stream = world.plain.file("stream.tar")
        var bio = world.plain.bio
        bio.outputPath = stream
        #expect(try bio.run(world.line(["-o", "-"])) { _ in }.code == 0)
        let bytes = try contents(of: world.path("named.tar"))
        #expect(try contents(of: world.path("acme-app-2.1-20260101000002.oci.tar")) == bytes)
        #expect(try contents(of: stream) == bytes)
    }

    @Test func withoutAnEngineItSaysWhereTheImageGoes() throws {
        let world = try World()
        let outcome = try world.export("--dry-run")
        #expect(outcome.code == 0 && outcome.output == "acme-app-2.1-20260101000002.oci.tar\n")
        #expect(
            outcome.errors.contains(
                "no Docker engine listens at '\(world.plain.file("no.sock"))': the image goes to "
                    + "'acme-app-2.1-20260101000002.oci.tar'\n"), "\(outcome.errors)")
        try world.expectNothing()
    }

    @Test func nothingChangesAByte() throws {
        let world = try World()
        func bytes(_ words: String...) throws -> [UInt8] {
            let path = world.path("again.tar")
            let outcome = try world.plain.bio.run(world.line(["-o", path] + words)) { _ in }
            #expect(outcome.code == 0, "\(outcome.errors)")
            return try contents(of: path)
        }
        let once = try bytes("--threads", "1")
        #expect(try bytes("--threads", "7") == once)
        #expect(try bytes("--in-process", "--layer-cache", "none") == once)
        #expect(try bytes("--source-date-epoch", "5") != once)
    }

    // MARK: - Engines

    @Test func anEngineThatAnswersGetsTheImage() throws {
        let engine = try TestEngine.shared(.docker)
        let world = try World(engine: engine.socket)
        let outcome = try world.export("-i", "services-default/{{pkg_name}}", "--no-tag-version-release")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "services-default/app:latest\n")
        #expect(outcome.errors.contains("A Docker engine answers: the image goes there\n"))
        let id = try world.report()["image"]?["id"]?.string
        for tag in ["latest", "2.1"] {
            let shown = try engine.docker(["image", "inspect", "-f", "{{.Id}}", "services-default/app:\(tag)"])
            #expect(shown.text == "\(id ?? "")\n")
        }
    }

    @Test func compressionSaysNothingToAnEngine() throws {
        let engine = try TestEngine.shared(.docker)
        let world = try World(engine: engine.socket)
        let outcome = try world.export("--to", "docker-daemon", "-i", "services-plain", "--compression", "gzip")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("--compression: an engine gets layers as they are"), "\(outcome.errors)")
    }

    @Test func theImageIsRemovedFromTheEngineAgain() throws {
        let engine = try TestEngine.shared(.docker)
        let world = try World(engine: engine.socket)
        let outcome = try world.export("--to", "docker-daemon", "-i", "services-removed", "--rm-image")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("Removed services-removed:latest, services-removed:2.1"))
        #expect(try engine.docker(["images", "-q", "services-removed"]).text == "")
    }

    @Test func withoutAnEngineThereIsNothingToRemove() throws {
        let world = try World()
        let outcome = try world.export("-o", world.plain.out, "--rm-image")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("--rm-image: the image goes to no engine"))
    }

    @Test func anEngineThatIsNotThereEndsItBeforeAnyWork() throws {
        let world = try World()
        let outcome = try world.export("--to", "oci:\(world.path("layout"))", "--to", "docker-daemon")
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("no Docker engine listens at '\(world.plain.file("no.sock"))'"))
        #expect(!outcome.errors.contains("Exporting"))
        try world.expectNothing()
    }

    @Test(arguments: ["refuses", "dies", "dies-late", "cut-in-stream", "other-image"])
    func anEngineThatDoesNotTakeItLeavesNothing(_ fault: String) throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine(fault, in: scratch)
        let world = try World(engine: engine.socket)
        let outcome = try world.export("--to", "oci:\(world.path("layout"))", "--to", "docker-daemon", "-i", "x")
        #expect([1, 6].contains(outcome.code) && outcome.output.isEmpty)
        #expect(outcome.errors.contains("Docker engine"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("plugin 'org"))
        try world.expectNothing()
    }

    @Test func anInterruptionWhileTheEngineLoadsLeavesNothing() throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine("hangs", in: scratch)
        let world = try World(engine: engine.socket)
        let words = world.line(["--to", "oci-archive:\(world.path("a.tar"))", "--to", "docker-daemon"])
        let outcome = try world.plain.bio.run(words) { program in
            for _ in 0..<400 where try !engine.lines().contains(where: { $0.contains("/images/load") }) {
                usleep(20_000)
            }
            kill(program, SIGINT)
        }
        #expect(outcome.code == 130 && outcome.output.isEmpty, "\(outcome.errors)")
        try world.expectNothing()
    }

    @Test func whatIsNoFileIsNotReplaced() throws {
        let world = try World()
        let link = world.plain.file("link")
        #expect(symlink("elsewhere", link) == 0)
        for words in [["-o", link], ["--to", "docker-archive:\(link)"], ["-o", "/dev/stdout"]] {
            let outcome = try world.plain.bio.run(world.line(words)) { _ in }
            #expect(outcome.code == 1 && outcome.output.isEmpty)
            #expect(outcome.errors.contains("' is in the way of the image: it is no plain file"), "\(outcome.errors)")
            #expect(outcome.errors.contains("'--output -' writes to standard output"))
            #expect(!outcome.errors.contains("Exporting"))
        }
        try world.expectNothing()
    }

    @Test func optionsThatDoNothingAreToldOf() throws {
        let world = try World()
        let outcome = try world.export("--dry-run", "--size-report")
        #expect(outcome.code == 0 && outcome.errors.contains("--size-report: a dry run makes no layers"))
    }

    @Test func aPlaceThatCannotTakeItLeavesNothingElsewhere() throws {
        let world = try World()
        let outcome = try world.export(
            "--to", "oci-archive:\(world.path("a.tar"))", "--to", "oci:\(world.path("missing/layout"))")
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains("the directory '\(world.path("missing"))' for the output is not there"))
        #expect(!outcome.errors.contains("Exporting"))
        try world.expectNothing()
    }

    // MARK: - Options

    @Test(
        arguments: [
            (["-i", "{{pkg_nam}}"], "--image-name:1:3: unknown variable 'pkg_nam'", "did you mean 'pkg_name'?"),
            (["--tag-custom", "{{#if}}"], "--tag-custom:1:", nil),
            (["-G", "https://r.example/x"], "'https://r.example/x' is a URL", "write --registry-url r.example/x"),
            (["--tag-latest", "--no-tag-latest"], "--tag-latest and --no-tag-latest contradict each other", nil),
            (
                ["--to", "nowhere:x"], "'nowhere:x' does not say what kind of place it is",
                "known are docker-archive:FILE"
            ),
            (["--to", "oci:x", "--to", "oci:./x:tag"], "are one place", nil),
            (["--to", "docker-daemon:a", "--to", "docker-daemon:b"], "are one place", nil),
            (["--to", "oci:x", "-o", "y"], "--output and --to cannot be given both", "--to oci-archive:FILE"),
            (["--compression", "xz"], "no engine and no registry takes layers of the kind 'xz'", "gzip:small"),
            (["--compression", "brotli"], "--compression: ", nil),
            (["--max-layers", "126"], "126", nil),
            (["--to", "oci-archive:-"], "names no file", "--output - writes an OCI archive"),
            (["--to", "oci-archive:x/"], "names a directory, and an archive is a file", "add a file name"),
            (["--to", "oci:x:a/b@sha256:" + String(repeating: "0", count: 64)], "names a digest", "leave the '@'"),
            (["--to", "docker-archive:x", "--compression", "zstd"], "cannot have layers compressed by zstd", "gzip"),
            (["-i", "my app"], "--image-name: 'my app", nil),
            (["-i", "{{> x}}"], "--image-name:1:", nil),
            (["--against", "oci:x"], "--against says what --size-report compares with", nil),
        ] as [([String], String, String?)])
    func whatIsWrongIsRefusedBeforeAnyWork(_ words: [String], _ sentence: String, _ hint: String?) throws {
        let world = try World()
        let outcome = try world.plain.bio.run(world.line(words)) { _ in }
        #expect(outcome.code == 64 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        if let hint { #expect(outcome.errors.contains(hint), "\(outcome.errors)") }
        #expect(!outcome.errors.contains("Exporting"))
        try world.expectNothing()
    }

    @Test func theReportForShellsBeginsAsUpstreamsDoes() throws {
        let world = try World()
        #expect(try world.export("-o", world.plain.out, "--no-tag-version-release").code == 0)
        let text = String(decoding: try contents(of: world.plain.file("results/last_imager_export.env")), as: UTF8.self)
        let id = try #require(try world.report()["image"]?["id"]?.string)
        #expect(
            text.hasPrefix(
                "id=\(id.dropFirst(7).prefix(12))\nname=acme/app\ntags=latest,2.1\n"
                    + "name_tags=acme/app:latest,acme/app:2.1\nexport_format=imager\n"), "\(text)")
    }

    @Test func theSizeReportTellsWhatIsNew() throws {
        let world = try World()
        #expect(try world.export("--to", "oci:\(world.path("one"))").code == 0)
        let outcome = try world.export(
            "-o", world.path("two.tar"), "--size-report", "--against", "oci:\(world.path("one")):latest")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("3 layers"), "\(outcome.errors)")
        #expect(outcome.errors.contains("Against the previous image: 3 layers"), "\(outcome.errors)")
        #expect(try world.report()["size_report"]?["comparison"]?["new"]?["layers"]?.int == 0)
    }
}
