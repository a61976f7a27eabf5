// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Plugins of ABI 1.0 that need the whole program: what the host makes for them, the bridge of `exec`, another language
/// than C. They were compiled once (Tests/Support/corpus), and authors have shipped their like.
@Suite(.timeLimit(.minutes(15))) struct CorpusPluginTests {
    private static let folder = Repository.path("Tests/Support/corpus/1.0")

    /// A directory with one library of the corpus and an honest manifest.
    private func plugin(
        _ desk: borrowing ExportDesk, _ name: String, id: String, version: String, _ more: String = ""
    ) throws -> String {
        let directory = desk.file(name)
        try Directory.create(directory)
        try AtomicFile.write(try contents(of: "\(Self.folder)/lib\(name).so"), to: "\(directory)/lib\(name).so")
        let manifest = CPlugin.manifest(id: id, name: name).replacing("0.0.1", with: version) + more
        try AtomicFile.write(Array(manifest.utf8), to: "\(directory)/plugin.toml")
        return directory
    }

    private func export(_ desk: borrowing ExportDesk, _ words: [String], _ directory: String) throws -> BuiltBio.Outcome
    {
        var bio = desk.bio
        bio.environment["BIO_PLUGIN_PATH"] = directory
        return try bio.run(["pkg", "export"] + words)
    }

    private func text(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

    @Test func everyStructIsReadAsEver() throws {
        let desk = try ExportDesk()
        let directory = try plugin(
            desk, "makers", id: "org.biome.corpus.makers", version: "1.0.0", "tools = [\"sh\"]\n")
        try AtomicFile.write(Array("secret\n".utf8), to: desk.file("pass"))
        let words = ["makers", "acme/app", "--base-pkgs", "none", "--passphrase", desk.file("pass"), "--to"]
        let layout = "oci:\(desk.file("layout"))"
        // What goes to a registry is planned, and nothing is sent.
        let planned = try export(
            desk, words + [layout, "--dry-run", "--push", "oci://registry.example/made"], directory)
        #expect(planned.code == 0, "\(planned.errorText)")
        #expect(planned.text.contains("registry.example/made/corpus:1.0"), "\(planned.text)")
        let made = try export(desk, words + [layout], directory)
        #expect(made.code == 0, "\(made.errorText)")
        #expect(try text(desk.work("sealed.txt")) == "a note\n6\n")
        #expect(try desk.names().contains { $0.hasSuffix(".tar") })
        let inspected = try desk.bio.run("image", "inspect", "\(layout):acme/app:latest", "--format", "json")
        let document = try DocumentValue(json: inspected.output)
        let config = document["config"]
        #expect(document["author"]?.string == "the corpus" && config?["user"]?.string == "42:42")
        for (key, expected) in [
            ("entrypoint", ["/bin/app", "--serve"]), ("command", ["now"]), ("environment", ["MODE=corpus"]),
            ("ports", ["9631/tcp", "9638/udp"]), ("volumes", ["/data"]),
        ] { #expect(config?[key]?.array?.map(\.string) == expected, "\(key)") }
        #expect(config?["working_directory"]?.string == "/data" && config?["stop_signal"]?.string == "SIGINT")
        let health = config?["health_check"]
        #expect(health?["test"]?.array?.map(\.string) == ["CMD", "/bin/app", "--alive"])
        #expect(["interval", "timeout", "start_period", "retries"].map { health?[$0]?.int } == [30, 3, 9, 4])
        #expect(config?["labels"]?["org.biome.corpus"]?.string == "1.0")
        #expect(document["annotations"]?["org.opencontainers.image.title"]?.string == "corpus")
    }

    /// The bridge lies in every plugin that is a program.
    @Test func theBridgeServesItsProgram() throws {
        let desk = try ExportDesk()
        let directory = "\(Self.folder)/script"
        let made = try export(desk, ["script", "acme/app", "--base-pkgs", "none"], directory)
        #expect(made.code == 0, "\(made.errorText)")
        for phase in ["validate", "plan", "run"] { #expect(made.errorText.contains("in \(phase)")) }
        let request = try DocumentValue(json: try contents(of: desk.work("request.json")))
        #expect(request["request"]?.int == 1 && request["phase"]?.string == "run")
        let job = request["job"]
        #expect(job?["options"]?.array?.map { $0["value"]?.string } == ["yes"])
        #expect(job?["packages"]?.array?.map { $0["ident"]?.string } == [Workshop.library.ident, Workshop.app.ident])
        #expect(job?["packages"]?.array?.last?["files"]?.array?.contains { $0["kind"]?.string == "symlink" } == true)
        let refused = try export(desk, ["script", "acme/app", "--base-pkgs", "none", "--word", "no"], directory)
        #expect(refused.code == 64 && refused.errorText.contains("no is no answer"), "\(refused.errorText)")
        #expect(refused.errorText.contains("hint: say yes"))
    }

    /// plugin-sdk/conformance/mirror/zig: the whole job as another compiler lays it out.
    @Test func anotherLanguageSeesTheSameJob() throws {
        let desk = try ExportDesk()
        let directory = try plugin(desk, "mirror", id: "org.example.mirror", version: "0.1.0")
        let made = try export(
            desk, ["mirror", "acme/app", "--base-pkgs", "none", "--word", "ä", "--item", "one", "-o", "-"], directory)
        #expect(made.code == 0, "\(made.errorText)")
        let job = try DocumentValue(json: made.output)
        #expect(job["packages"]?.array?.map { $0["ident"]?.string } == [Workshop.library.ident, Workshop.app.ident])
        #expect(job["packages"]?.array?.last?["dependencies"]?.array?.first?["package"]?.int == 0)
        let options = job["options"]?.array ?? []
        #expect(options.first { $0["id"]?.string == "word" }?["value"]?.string == "ä")
        #expect(options.first { $0["id"]?.string == "item" }?["value"]?.array?.map(\.string) == ["one"])
        let refused = try export(
            desk, ["mirror", "acme/app", "--base-pkgs", "none", "--refuse", "not today"], directory)
        #expect(refused.code == 64 && refused.errorText.contains("not today (option --refuse) (code 100)"))
    }

    /// Nobody compiles them anew by accident.
    @Test(arguments: [
        ("libmakers.so", "6740fb6f3406d209e8d40bca820a7c89958b1a32c9f72cc9828a63f32f34a56b"),
        ("libmirror.so", "fd3cf47624ea11d3886692899559de48a1dbf23d4ca3910c7baebcbdd2dd2e77"),
        ("script/libscript.so", "60fbd79f641b8ea82243121243e7512fdc062deb3030c391d58f187140e14bde"),
    ])
    func theLibrariesAreThoseThatWereCommitted(_ name: String, _ digest: String) throws {
        let sum = try Tool.run(["sha256sum", "\(Self.folder)/\(name)"]).text
        #expect(sum.hasPrefix(digest), "\(name) was compiled anew")
    }
}
