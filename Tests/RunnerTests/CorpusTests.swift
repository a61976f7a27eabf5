// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// Libraries that were compiled once and are never compiled again (Tests/Support/corpus): this host loads and runs what
/// authors shipped with that ABI.
@Suite(.timeLimit(.minutes(15))) struct CorpusTests {
    private static let folder = "Tests/Support/corpus/1.0"

    /// Where the export is, below `directory`.
    private func export(
        _ name: String, _ mode: Mode, in directory: String, _ values: [OptionValue] = []
    ) throws -> String {
        let bundle = PluginBundle(libraryPath: Repository.path("\(Self.folder)/lib\(name).so"))
        let runtime = PluginExport.Runtime(mode: try mode.runner, hostVersion: "test")
        let description = try PluginExport.describe(bundle, runtime)
        let fixture = try ExportFixture.small(in: "\(directory)/root")
        let out = "\(directory)/out"
        try Directory.create(out)
        let export = PluginExport(
            runtime: runtime, bundle: bundle, description: description, format: description.formats[0],
            job: fixture.job(values), bytes: fixture.bytes, placement: .directory(out, name: nil),
            temporaryDirectory: "/nowhere", threads: 1)
        _ = try export.run(isDryRun: false, observer: nil, archiveProgress: { _, _ in }) { _ in }
        return out
    }

    @Test(arguments: Mode.allCases)
    func theGraphIsWritten(_ mode: Mode) throws {
        let scratch = try Scratch()
        let out = try export("graph", mode, in: scratch.path)
        #expect(String(decoding: try contents(of: "\(out)/graph.json"), as: UTF8.self) == HonestPluginTests.graph)
    }

    @Test(arguments: Mode.allCases)
    func everyServiceAnswers(_ mode: Mode) throws {
        let values = Array(repeating: OptionValue(.unset), count: 7)
        let scratch = try Scratch()
        let out = try export("services", mode, in: scratch.path, values)
        #expect(
            String(decoding: try contents(of: "\(out)/text.json"), as: UTF8.self)
                == "{\"name\":\"one\",\"more\":{\"list\":[1,2.5,true]}}")
        let listing = try Tool.run(["tar", "--numeric-owner", "-tvf", "\(out)/tree.tar"]).text
        for line in [
            "-rw-r----- 0/0", "etc/note", "drwx------ 0/0", "bin -> usr/bin", "opt/etc/note", "copy", "hab/pkgs/acme/",
        ] { #expect(listing.contains(line), "\(line)\n\(listing)") }
    }

    @Test(arguments: Mode.allCases)
    func typedFunctionsAreCalled(_ mode: Mode) throws {
        let bundle = PluginBundle(libraryPath: Repository.path("\(Self.folder)/libservices.so"))
        let runtime = PluginExport.Runtime(mode: try mode.runner, hostVersion: "test")
        let description = try PluginExport.describe(bundle, runtime)
        let functions = PluginFunctions(description, bundle, runtime)
        func call(_ name: String, _ values: [FunctionValue]) throws -> FunctionAnswer {
            try functions.call(try #require(description.function(named: name)), values)
        }
        #expect(try call("twice", [.text("ab"), .signed(2)]) == .value(.text("abab")))
        #expect(try call("sum", [.signed(2), .signed(-3)]) == .value(.signed(-1)))
        #expect(try call("is_even", [.signed(3)]) == .refused(code: 2, why: "it is odd"))
        #expect(try call("count_of", [.bool(true), .text("x")]) == .value(.text("2")))
    }

    /// A description means today what it meant when the library was compiled.
    @Test func theDescriptionIsReadAsEver() throws {
        let bundle = PluginBundle(libraryPath: Repository.path("\(Self.folder)/libservices.so"))
        let description = try PluginExport.describe(
            bundle, PluginExport.Runtime(mode: .inProcess, hostVersion: "test"))
        let text = String(decoding: description.document.jsonBytes(.pretty), as: UTF8.self)
        let mismatch = try Golden.mismatch(text, "corpus-1.0-services")
        #expect(mismatch == nil)
    }

    /// Nobody compiles them anew by accident.
    @Test(arguments: [
        ("libgraph.so", "2b8804e4137812b2b59dc095512a32171e98739053d26f2ff163df721315d2c8"),
        ("libservices.so", "1f8e29f4ebce87a60ee1097970e50e8520207e33318695a0d1abb2578dd27840"),
    ])
    func theLibrariesAreThoseThatWereCommitted(_ name: String, _ digest: String) throws {
        let sum = try Tool.run(["sha256sum", Repository.path("\(Self.folder)/\(name)")]).text
        #expect(sum.hasPrefix(digest), "\(name) was compiled anew")
    }
}
