// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// What `bio plugin new` makes in every language builds without a network and exports; and the mirror, put over the same
/// project, writes the same bytes in all of them.
@Suite(.timeLimit(.minutes(15))) struct LanguageTests {
    typealias Language = PluginProject.Language

    private static let mirrors = Repository.path("plugin-sdk/conformance/mirror")
    private static let everyOption = [
        "--flag", "--count", "7", "--word", "{{ \"\u{E4}\" }}", "--path", "/a b", "--shape", "square", "--item", "one",
        "--item", "", "--packing", "zstd:3",
    ]

    /// Puts the mirror over the project.
    private func becomeMirror(_ project: String, _ language: Language) throws {
        try tool("cp", "-r", "\(Self.mirrors)/\(language.rawValue)/.", project)
        guard language == .c else { return }
        for name in ["bridge.h", "request.c"] {
            try tool("cp", Repository.path("plugin-sdk/exec/\(name)"), "\(project)/sdk/")
        }
    }

    /// What Python makes of the request that the exec bridge gives it, without and with all options: what the others are
    /// compared with.
    private static let reference = Result { () throws -> [[UInt8]] in
        let desk = try ExportDesk()
        let project = try desk.project(.exec, "mirror")
        try tool("cp", "-r", "\(mirrors)/exec/.", project)
        try Workshop.make(project)
        return try [[], everyOption].map { options in
            let outcome = try desk.export("mirror", with: "\(project)/out", options)
            guard outcome.code == 0 else { throw Workshop.Failed(description: outcome.errorText) }
            return outcome.output
        }
    }

    @Test(arguments: Language.allCases) func theTemplateBuildsAndTheMirrorIsTheSame(_ language: Language) throws {
        let desk = try ExportDesk()
        let project = try desk.project(language, "mirror")
        try Workshop.make(project)
        let list = try desk.export("mirror", with: "\(project)/out", ["--heading", "all of it"])
        #expect(list.text == "all of it\n\(Workshop.library.ident)\n\(Workshop.app.ident)\n", "\(list.errorText)")
        let refused = try desk.export("mirror", with: "\(project)/out", ["--heading", "two\nlines"])
        #expect(refused.code == 64)
        #expect(refused.errorText.contains("the heading has more than one line (option --heading)"))
        #expect(refused.errorText.contains("hint: leave the newline out"))
        try oneSymbol(project, language)
        let check = try desk.bio.run(["plugin", "check", "\(project)/out", "--level", "full"])
        #expect(check.code == 0, "\(check.errorText)")

        try becomeMirror(project, language)
        try Workshop.make(project)
        for (options, expected) in zip([[], Self.everyOption], try Self.reference.get()) {
            let outcome = try desk.export("mirror", with: "\(project)/out", options)
            #expect(outcome.code == 0, "\(outcome.errorText)")
            #expect(outcome.output == expected, "\(outcome.text)")
        }
        try failures(desk, project)
        #expect(try desk.temporaryNames().isEmpty)
    }

    private func oneSymbol(_ project: String, _ language: Language) throws {
        let symbols = try Tool.run(["nm", "-D", "--defined-only", "\(project)/out/libmirror.so"]).text
        #expect(symbols.split(separator: "\n").map { $0.split(separator: " ").last } == ["bio_export_entry"])
        let needed = try Tool.run(["readelf", "-dW", "\(project)/out/libmirror.so"]).text
        // A place that only the builder has helps nobody; SwiftPM always adds the library's own.
        #expect(!needed.replacing("RUNPATH)            Library runpath: [$ORIGIN]", with: "").contains("RUNPATH"))
        #expect(!needed.contains("libswift"))
        // The C++ library that a Swift runtime needs is the system's.
        #expect(language == .swift || !needed.contains("libstdc++"))
    }

    /// A refusal keeps its code, subject and hint; what the language itself throws is an error that names the plugin.
    private func failures(_ desk: borrowing ExportDesk, _ project: String) throws {
        let refused = try desk.export("mirror", with: "\(project)/out", ["--refuse", "not today"])
        #expect(refused.code == 64)
        #expect(refused.errorText.contains("not today (option --refuse) (code 100)"), "\(refused.errorText)")
        #expect(refused.errorText.contains("hint: leave it out"))
        let panicked = try desk.export("mirror", with: "\(project)/out", ["--panic"])
        #expect(panicked.code == 5)
        #expect(panicked.output.isEmpty)
        #expect(panicked.errorText.contains("'org.example.mirror' failed in run"), "\(panicked.errorText)")
        #expect(panicked.errorText.contains("boom"))
    }

    /// What builds call: the rules and random exports. It fails where the plugin does.
    @Test func theProjectsOwnBuildTriesItAll() throws {
        let desk = try ExportDesk()
        let project = try desk.project(.c, "tried")
        let environment = [
            "PATH": "\(Repository.path("dist/bin")):/usr/bin:/bin", "HOME": desk.file("home"), "FUZZ_SECONDS": "1",
            "FUZZ_SEED": "7", "MAKEFLAGS": "",
        ]
        let passed = try Tool.run(["\(project)/ci"], environment: environment)
        #expect(passed.code == 0, "\(passed.errorText)")
        #expect(passed.text.contains("passes level full") && passed.text.contains("exports fuzzed from seed 7"))
        try tool("sed", "-i", "s/int failed = ferror(file);/int failed = 1;/", "\(project)/plugin.c")
        let failed = try Tool.run(["\(project)/ci"], environment: environment)
        #expect(failed.code != 0)
    }

    /// The reference itself, by a reader of ours.
    @Test func theMirrorShowsTheJob() throws {
        let job = try DocumentValue(json: try Self.reference.get()[1])
        #expect(job["source_date_epoch"]?.int == 1_000_000_000)
        let options = job["options"]?.array ?? []
        #expect(
            options.map { $0["id"]?.string } == [
                "flag", "count", "word", "path", "shape", "item", "packing", "refuse", "panic",
            ])
        #expect(options[1]["value"]?.int == 7 && options[1]["source"]?.string == "command-line")
        #expect(options[2]["value"]?.string == "{{ \"\u{E4}\" }}")
        #expect(options[5]["value"]?.array?.map(\.string) == ["one", ""])
        #expect(options[7]["kind"]?.string == "unset")
        let packages = job["packages"]?.array ?? []
        #expect(packages.map { $0["ident"]?.string } == [Workshop.library.ident, Workshop.app.ident])
        #expect(packages[1]["flags"]?.array?.map(\.string) == ["root", "service"])
        #expect(packages[1]["dependencies"]?.array?.first?["package"]?.int == 0)
        let paths = (packages[1]["files"]?.array ?? []).compactMap { $0["path"]?.string }
        #expect(paths.contains("strange%01n%C3%A4me") && paths.contains("bin/twin"))
        #expect((packages[0]["files"]?.array ?? []).contains { $0["path"]?.string == "lib/50%25%20off" })
    }
}
