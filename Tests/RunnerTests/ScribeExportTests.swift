// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// One export by the plugin that reads a document and writes it again.
private struct ScribeWorld: ~Copyable {
    private let scratch: Scratch
    private let fixture: ExportFixture
    private let library: String

    init() throws {
        let made = try Scratch()
        let plugin = try CPlugin("scribe", in: made.path)
        fixture = try ExportFixture.small(in: made.file("root"))
        library = plugin.library
        scratch = made
    }

    func export(
        _ mode: RunnerMode, behaviour: String = "convert", text: String = "", from: String = "json",
        to: String = "json-compact", places: Bool = false
    ) throws -> String {
        let out = scratch.file("out")
        try Directory.create(out)
        let runtime = PluginExport.Runtime(mode: mode, hostVersion: "test")
        let description = try PluginExport.describe(PluginBundle(libraryPath: library), runtime)
        let values = [behaviour, text, from, to].map { OptionValue(.text($0, kind: 3), source: .commandLine) }
        let export = PluginExport(
            runtime: runtime, bundle: PluginBundle(libraryPath: library), description: description,
            format: description.formats[0],
            job: fixture.job(values + [OptionValue(.flag(places))]), bytes: fixture.bytes,
            placement: .directory(out, name: nil), temporaryDirectory: "/nowhere", threads: 1)
        _ = try export.run(isDryRun: false, observer: nil, archiveProgress: { _, _ in }) { _ in }
        let written = String(decoding: try contents(of: "\(out)/written"), as: UTF8.self)
        _ = try Tool.run(["rm", "\(out)/written"])
        return written
    }
}

/// `bio.host.document/1`, through a plugin in C: the same in a child and on a thread.
@Suite(.timeLimit(.minutes(15))) struct ScribeExportTests {
    private static func refused(_ behaviour: String, code: Int32 = 2, _ message: String) -> HostileCase {
        HostileCase(behaviour, .failed(.validate, PluginFailure(code: code, message: message)))
    }

    private static func wrong(_ behaviour: String, _ node: Int, _ text: String) -> HostileCase {
        HostileCase(behaviour, .validate, wrongly: "bio_node \(node) \(text)")
    }

    private static func unreadable(_ behaviour: String, code: Int32, _ message: String, hint: String = "")
        -> HostileCase
    {
        HostileCase(
            behaviour,
            .failed(
                .validate,
                PluginFailure(code: code, subjectKind: .option, subject: "text", message: message, hint: hint)))
    }

    static let writing: [HostileCase] = [
        refused("no-syntax", code: 3, "99 is no syntax that documents are written in"),
        HostileCase("no-array", .validate, wrongly: "there are 3 nodes, but no array"),
        refused("endless-nodes", code: 9, "a document of more than 262144 values was written"),
        wrong("unknown-kind", 0, "is of the unknown kind 77"),
        wrong("missing-items", 0, "has 3 items, and 1 nodes follow"),
        wrong("endless-items", 0, "has 4294967295 items, and 1 nodes follow"),
        wrong("key-twice", 2, "has the key 'a' once more"),
        wrong("key-in-list", 1, "has a key, and is in no MAP"),
        wrong("not-utf8", 0, "has a text that is not UTF-8"),
        wrong("text-nowhere", 0, "the text has a length but no bytes"),
        wrong("endless-text", 0, "the text has 18446744073709551615 bytes"),
        wrong("no-number", 0, "is no number"),
        refused("two-in-json", "2 documents were to be written in JSON, which takes one"),
        refused("none-in-toml", "0 documents were to be written in TOML, which takes one"),
        refused("null-in-toml", "cannot write TOML: a: TOML has no null"),
        wrong("expression-in-yaml", 0, "belongs in a template (BIO_SYNTAX_YAML_TEMPLATE)"),
        wrong("section-in-json", 0, "belongs in a template (BIO_SYNTAX_YAML_TEMPLATE)"),
        wrong("expression-leaves", 0, "is no expression: one line without {{ and }}"),
        wrong("expression-of-lines", 0, "is no expression: one line without {{ and }}"),
        wrong("empty-expression", 0, "is no expression: one line without {{ and }}"),
        wrong("odd-section", 0, "opens a section with no if, range, with or define"),
        refused("deep", code: 9, "a document of more than 64 values inside each other was written"),
        refused("deep-sections", code: 9, "a document of more than 64 values inside each other was written"),
        refused("indented", code: 9, "a document of more than 16 MiB was written"),
    ]

    static let reading: [HostileCase] = [
        refused("read-no-syntax", code: 3, "99 is no syntax that documents are read in"),
        refused("read-template", code: 3, "5 is no syntax that documents are read in"),
        HostileCase("read-nowhere", .validate, wrongly: "the document has a length but no bytes"),
        unreadable("read-long", code: 9, "the text:1:1: longer than 4194304 bytes"),
        unreadable("read-deep", code: 9, "the text:1:65: more than 64 values inside each other"),
        unreadable("read-laughs", code: 9, "the text:6:12: more than 262144 values, aliases written out"),
        HostileCase("short-source", .validate, wrongly: "bio_source has 16 bytes, at least 64 are needed"),
        HostileCase("new-flags", .validate, wrongly: "bio_source has flags that must be understood (0x100000)"),
        unreadable("hostile-name", code: 2, "\u{FFFD}[2Jname:1:1: unexpected 'x', expected a value"),
    ]

    @Test(arguments: writing + reading, Mode.allCases)
    func theHostRefuses(_ row: HostileCase, _ mode: Mode) throws {
        let world = try ScribeWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(try mode.runner, behaviour: row.behaviour)
        }
        #expect(error?.problem == row.problem)
    }

    /// Each is small enough, all of them are not; in a debug build it would take too long.
    @Test func allDocumentsTogetherAreBounded() throws {
        let world = try ScribeWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(try HostileWorld.child, behaviour: "many-documents")
        }
        #expect(
            error?.problem
                == .failed(
                    .validate, PluginFailure(code: 9, message: "the plugin's documents hold more than 64 MiB")))
    }

    private static let sample = """
        {"a":[1,-1.5,true,null,"x\\u0000\\n{{y}}"],"b":{},"c":[[],{"":"yes"}],"big":18446744073709551616,"e":1e5}
        """

    @Test(arguments: Mode.allCases) func whatIsReadIsWritten(_ mode: Mode) throws {
        let world = try ScribeWorld()
        #expect(try world.export(try mode.runner, text: Self.sample) == Self.sample)
        let pretty = try world.export(try mode.runner, text: Self.sample, to: "json")
        #expect(pretty.hasSuffix("\n}\n"))
        #expect(try world.export(try mode.runner, text: pretty) == Self.sample)
        let yaml = try world.export(try mode.runner, text: Self.sample, to: "yaml")
        #expect(
            yaml == """
                a:
                  - 1
                  - -1.5
                  - true
                  - null
                  - "x\\x00\\n{{y}}"
                b: {}
                c:
                  - []
                  - "": "yes"
                big: 18446744073709551616
                e: 1.0e+5

                """)
        #expect(
            try world.export(try mode.runner, text: yaml, from: "yaml")
                == Self.sample.replacing("1e5", with: "1.0e+5"))
        let toml = try world.export(try mode.runner, text: "{\"t\":{\"k\":\"a\\\"b\"},\"n\":1}", to: "toml")
        #expect(toml == "n = 1\n\n[t]\nk = \"a\\\"b\"\n")
        #expect(try world.export(try mode.runner, text: toml, from: "toml") == "{\"n\":1,\"t\":{\"k\":\"a\\\"b\"}}")
    }

    @Test func streamsHaveAnyNumberOfDocuments() throws {
        let world = try ScribeWorld()
        #expect(
            try world.export(.inProcess, text: "--- 1\n--- {a: b}\n---\n", from: "yaml", to: "yaml")
                == "1\n---\na: b\n---\nnull\n")
        #expect(try world.export(.inProcess, text: "# nothing", from: "yaml", to: "yaml") == "")
    }

    @Test(arguments: [
        ("json", "{\"a\": 1,\n \"b\": [2, 3]}"), ("toml", "a = 1\nb = [2, 3]"), ("yaml", "a: 1\nb: [2, 3]"),
    ]) func everyValueHasItsPlace(_ language: String, _ text: String) throws {
        let places = [
            "json": "{\"a\":\"1:2\",\"b\":[\"2:8\",\"2:11\"]}", "toml": "{\"a\":\"1:1\",\"b\":[\"2:6\",\"2:9\"]}",
            "yaml": "{\"a\":\"1:1\",\"b\":[\"2:5\",\"2:8\"]}",
        ]
        let world = try ScribeWorld()
        #expect(try world.export(.inProcess, text: text, from: language, places: true) == places[language])
    }

    @Test(arguments: [("json", "{"), ("toml", "a = "), ("yaml", "a: [")])
    func whatIsWrongIsSaidWithItsPlace(_ language: String, _ text: String) throws {
        let world = try ScribeWorld()
        let error = #expect(throws: PluginError.self) { try world.export(.inProcess, text: text, from: language) }
        guard case .failed(.run, let failure)? = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.code == 2 && failure.subjectKind == .option && failure.subject == "text")
        #expect(failure.message.hasPrefix(language == "yaml" ? "the text:2:1: " : "the text:1:"))
    }

    /// Braces in texts are no actions of the template.
    @Test func templatesKeepTheirTexts() throws {
        let world = try ScribeWorld()
        let template = try world.export(
            .inProcess, text: "{\"{{k}}\":\"a{{{b}} {{{{\",\"c\":\"{{ .Values }}\\n{{\\n\"}", to: "yaml-template")
        #expect(
            template == """
                "{{"{{"}}k}}": a{{"{{"}}{b}} {{"{{"}}{{"{{"}}
                c: |
                  {{"{{"}} .Values }}
                  {{"{{"}}

                """)
    }
}
