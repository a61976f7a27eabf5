// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// Plugins that do what they should: the example in C, built without Swift, and the bundled ones.
@Suite(.timeLimit(.minutes(15))) struct HonestPluginTests {
    static let graph = """
        {
          "packages": [
            {
              "ident": "acme/lib/1.0/20260101000001",
              "artifact": "",
              "root": false,
              "size": 49,
              "files": 6,
              "deps": []
            },
            {
              "ident": "acme/app/2.1/20260101000002",
              "artifact": "",
              "root": true,
              "size": 118,
              "files": 7,
              "deps": [
                "acme/lib/1.0/20260101000001"
              ]
            }
          ]
        }

        """

    /// Builds plugin-sdk/examples/graph-json as its Makefile says.
    private func example(in directory: String) throws -> String {
        let outcome = try Tool.run([
            "make", "--no-print-directory", "-C", Repository.path("plugin-sdk/examples/graph-json"), "OUT=\(directory)",
            "CFLAGS=-O2 -Wall -Wextra -pedantic -Werror",
        ])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return "\(directory)/libgraph-json.so"
    }

    @Test(arguments: Mode.allCases)
    func theExampleInCWritesTheGraph(_ mode: Mode) throws {
        let scratch = try Scratch()
        let library = try example(in: scratch.file("plugin"))
        let run = try export(library, try mode.runner, in: scratch.path, name: "out")
        #expect(run.artifacts.map(\.address) == ["\(run.out)/graph.json"])
        #expect(run.artifacts.map(\.mediaType) == ["application/json"])
        #expect(try treeListing(run.out) == ["f 644 \(Self.graph.utf8.count) graph.json"])
        #expect(String(decoding: try contents(of: "\(run.out)/graph.json"), as: UTF8.self) == Self.graph)
    }

    @Test func theExampleTakesTheNameThatIsWanted() throws {
        let scratch = try Scratch()
        let library = try example(in: scratch.file("plugin"))
        let run = try export(
            library, try HostileWorld.child, in: scratch.path, name: "out", outputName: "mine.json")
        #expect(try treeListing(run.out, withModes: false) == ["f \(Self.graph.utf8.count) mine.json"])
    }

    @Test(arguments: Mode.allCases)
    func aPlanMakesNothing(_ mode: Mode) throws {
        let scratch = try Scratch()
        let library = try example(in: scratch.file("plugin"))
        let run = try export(library, try mode.runner, in: scratch.path, name: "out", isDryRun: true)
        #expect(run.artifacts.map(\.address) == ["\(run.out)/graph.json"])
        #expect(run.artifacts.map(\.digest) == [nil])
        #expect(try Directory.names(run.out) == [])
    }

    @Test(arguments: Mode.allCases)
    func aStreamIsTheSameBytes(_ mode: Mode) throws {
        let scratch = try Scratch()
        let library = try example(in: scratch.file("plugin"))
        try Directory.create(scratch.file("tmp"))
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let description = try describe(library, try mode.runner)
        let export = PluginExport(
            runtime: runtime(try mode.runner), bundle: PluginBundle(libraryPath: library), description: description,
            format: description.formats[0], job: fixture.job(), bytes: fixture.bytes, placement: .stream,
            temporaryDirectory: scratch.file("tmp"), threads: 1)
        var streamed: [UInt8] = []
        let artifacts = try export.run(isDryRun: false, observer: nil, archiveProgress: { _, _ in }) { file in
            streamed = try file.readToEnd(limit: 1 << 20)
        }
        #expect(artifacts.map(\.address) == ["-"])
        #expect(String(decoding: streamed, as: UTF8.self) == Self.graph)
        #expect(try Directory.names(scratch.file("tmp")) == [])
    }

    @Test func theTarPluginWritesEqualBytesInBothModes() throws {
        let scratch = try Scratch()
        let library = try Repository.built("dist/lib/bio/plugins/tar/libtar.so")
        let child = try export(library, try HostileWorld.child, in: scratch.path, name: "child")
        let inside = try export(library, .inProcess, in: scratch.path, name: "inside")
        #expect(child.artifacts.map(\.digest) == inside.artifacts.map(\.digest))
        #expect(child.artifacts.count == 1)
        let names = try Directory.names(child.out).map { String(decoding: $0, as: UTF8.self) }
        #expect(try Directory.names(inside.out).map { String(decoding: $0, as: UTF8.self) } == names)
        let name = try #require(names.first)
        #expect(try contents(of: "\(child.out)/\(name)") == contents(of: "\(inside.out)/\(name)"))
        let listing = try Tool.run(["tar", "-tf", "\(child.out)/\(name)"])
        #expect(listing.text.contains("hab/pkgs/acme/app/2.1/20260101000002/bin/hello\n"))
    }

    @Test func aFileChangedSinceItsPackageWasReadIsRefusedByName() throws {
        let scratch = try Scratch()
        let library = try Repository.built("dist/lib/bio/plugins/tar/libtar.so")
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        try AtomicFile.write(
            Array("one\nTWO\n".utf8), to: fixture.path("acme/lib/1.0/20260101000001", "lib/data.txt"))
        let error = #expect(throws: PluginError.self) {
            try export(library, try HostileWorld.child, in: scratch.path, name: "out", fixture: fixture)
        }
        #expect(error?.description.contains("lib/data.txt' is not what the signed package holds") == true)
        #expect(error?.hint?.contains("reinstall it") == true)
        #expect(try Directory.names(scratch.file("out")) == [])
    }

    // MARK: -

    private func runtime(_ mode: RunnerMode) -> PluginExport.Runtime {
        PluginExport.Runtime(mode: mode, hostVersion: "test")
    }

    private func describe(_ library: String, _ mode: RunnerMode) throws -> PluginDescription {
        try PluginExport.describe(PluginBundle(libraryPath: library), runtime(mode))
    }

    /// Exports the small packages with every option at its default.
    private func export(
        _ library: String, _ mode: RunnerMode, in directory: String, name: String, outputName: String? = nil,
        isDryRun: Bool = false, fixture: ExportFixture? = nil
    ) throws -> (artifacts: [Artifact], out: String) {
        let out = "\(directory)/\(name)"
        try Directory.create(out)
        let fixture = try fixture ?? ExportFixture.small(in: "\(directory)/root-\(name)")
        let description = try describe(library, mode)
        let format = description.formats[0]
        let values = format.options.map { option -> OptionValue in
            switch option.kind {
            case .flag: OptionValue(.flag(false))
            case .list: OptionValue(.list([]))
            default:
                option.defaultValue.isEmpty
                    ? OptionValue(.unset) : OptionValue(.text(option.defaultValue, kind: option.kind.rawValue))
            }
        }
        let export = PluginExport(
            runtime: runtime(mode), bundle: PluginBundle(libraryPath: library), description: description,
            format: format,
            job: fixture.job(values, outputName: outputName), bytes: fixture.bytes,
            placement: .directory(out, name: outputName), temporaryDirectory: "/nowhere", threads: 2)
        let artifacts = try export.run(isDryRun: isDryRun, observer: nil, archiveProgress: { _, _ in }) { _ in }
        return (artifacts, out)
    }
}
