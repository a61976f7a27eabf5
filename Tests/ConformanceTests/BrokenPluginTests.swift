// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// One plugin for each rule, which breaks it: its case says so, and no other does.
@Suite(.timeLimit(.minutes(15))) struct BrokenPluginTests {
    struct Broken: Sendable, CustomTestStringConvertible {
        let variant: String
        let rule: PluginRule
        var link: [String] = []

        init(_ variant: String, _ rule: PluginRule, link: [String] = []) {
            self.variant = variant
            self.rule = rule
            self.link = link
        }

        var testDescription: String { variant }
    }

    static let libraries = [
        Broken("MORE_SYMBOLS", .oneSymbol), Broken("UNIQUE_SYMBOL", .noUniqueSymbols),
        Broken("NO_ENTRY", .entryExported), Broken("TEXT_RELOCATION", .noTextRelocations, link: ["-Wl,-z,notext"]),
        Broken("EXECUTABLE_STACK", .noExecutableStack, link: ["-Wl,-z,execstack"]),
        Broken("RUN_PATH", .noBuilderPath, link: ["-Wl,-rpath,/home/builder/lib"]),
        Broken("NO_DLOPEN", .loads, link: ["-Wl,-z,nodlopen"]), Broken("UNDEFINED_SYMBOL", .symbolsProvided),
    ]
    static let descriptions = [
        Broken("ENTRY_CRASHES", .entrySurvives), Broken("ENTRY_IS_SLOW", .entryPrompt), Broken("WRONG_ABI", .abiHonest),
        Broken("BAD_TABLE", .tableReadable), Broken("BAD_DESCRIPTION", .descriptionSound),
        Broken("OTHER_VERSION", .manifestTrue), Broken("UNKNOWN_NEED", .needsKnown),
        Broken("ENTRY_CHANGES_DIRECTORY", .entryPure), Broken("ENTRY_COUNTS", .entryRepeats),
        Broken("TAKES_ANY_HOST", .abiRefused), Broken("EXACT_SIZE", .structsLonger),
        Broken("RESERVED", .tableReadable), Broken("NEEDS_ZERO", .abiHonest), Broken("ENTRY_FLOODS", .entrySurvives),
        Broken("ENTRY_FORKS", .entrySurvives), Broken("ENTRY_CONNECTS", .entryPure),
    ]
    static let exporters = [
        Broken("NO_EXPORTER", .exporterComplete), Broken("RUN_CRASHES", .survives), Broken("HANGS", .inTime),
        Broken("NO_REASON", .giveReason), Broken("BAD_ARGUMENT", .callsSound), Broken("OTHER_THREAD", .jobThread),
        Broken("EMITS_EARLY", .emitInTime), Broken("FORGES_A_HANDLE", .handlesOnly), Broken("LIES", .truthful),
        Broken("FLOODS", .quiet), Broken("NEVER_MADE", .planIsRun), Broken("SWAPS_FOR_A_LINK", .artifactsInside),
        Broken("WRONG_SIZE", .artifactsTrue), Broken("NO_PRIMARY", .onePrimary),
        Broken("DESTROY_CRASHES", .destroyable),
    ]
    static let manners = [
        Broken("WRITES_IN_PLAN", .validatePure), Broken("CHANGES_UMASK", .processUnchanged),
        Broken("LEAVES_A_THREAD", .threadsJoined), Broken("LEAVES_A_DESCRIPTOR", .descriptorsClosed),
        Broken("PRINTS", .streamsUntouched), Broken("USES_UNLISTED", .needsComplete),
        Broken("NEEDS_UNASKED", .needsRefused), Broken("COUNTS_EXPORTERS", .restartable),
        Broken("WRITES_THE_TIME", .reproducible), Broken("WRITES_THE_ZONE", .environmentIndependent),
        Broken("WRITES_ELSEWHERE", .writesInside), Broken("IGNORES_THE_USER", .cancels),
        Broken("ONE_EXPORTER", .restartable),
        Broken("SWALLOWS_FAULTS", .faultsHandled), Broken("EXACT_JOB", .jobLonger),
        Broken("CRASHES_ON_ONE_PACKAGE", .graphsTaken),
        Broken("CRASHES_ON_LEVEL", .optionsTaken), Broken("FORKS", .noProcesses), Broken("CONNECTS", .noNetwork),
        Broken("WATCHES_OTHERS", .othersUntouched),
    ]

    static let functions = [
        Broken("LYING_SIGNATURE", .functionsTaken), Broken("FUNCTION_DIVIDES_BY_ZERO", .functionsTaken),
        Broken("FUNCTION_COUNTS", .functionsTaken), Broken("FUNCTION_SAYS_NOTHING", .functionsTaken),
    ]

    @Test(arguments: libraries + descriptions + exporters + manners + functions)
    func isCaughtByItsCaseAlone(_ broken: Broken) throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: broken.variant, link: broken.link, in: desk.path)
        let report = try desk.check(plugin.directory, "--level", "full")
        #expect(report.failed == [broken.rule.check])
        #expect(report.code == 5)
        #expect(report.cases.first { $0.name == broken.rule.check }?.rule == broken.rule.id)
        try desk.expectNothingLeft(plugin.library)
    }

    @Test func aPluginThatKeepsThemPasses() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        let report = try desk.check(plugin.directory, "--level", "full")
        #expect(report.failed == [] && report.code == 0)
        // Neither of these can be looked at there.
        #expect(report.skipped == ["go-runtime", "description-lasting"])
        try desk.expectNothingLeft(plugin.library)
    }

    /// What does not apply to one format is looked at in those behind it.
    @Test func aFormatBehindOneThatChangesIsLookedAt() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: "TWO_FORMATS", in: desk.path)
        let path = "\(plugin.directory)/plugin.toml"
        let manifest = String(decoding: try contents(of: path), as: UTF8.self)
        try AtomicFile.write(
            Array(manifest.replacing("formats = [\"broken\"]", with: "formats = [\"changing\", \"broken\"]").utf8),
            to: path)
        let report = try desk.check(
            plugin.directory, "--only", "reproducible", "--only", "environment", "--only", "two-exporters")
        #expect(report.names("passed") == ["reproducible", "environment"], "\(report.errors)")
        #expect(report.failed == ["two-exporters"] && report.errors.contains("the format 'broken' makes other bytes"))
    }

    @Test func aDescriptionThatLiesIsFound() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        #expect(try desk.bio.run("plugin", "describe", plugin.directory).code == 0)
        #expect(try desk.check(plugin.directory).failed == [])
        let path = "\(plugin.directory)/description.json"
        let text = String(decoding: try contents(of: path), as: UTF8.self)
        try AtomicFile.write(Array(text.replacing("Use this level", with: "Use that level").utf8), to: path)
        #expect(try desk.check(plugin.directory).failed == ["description-lasting"])
    }

    @Test func aManifestThatIsNoneIsFound() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        try AtomicFile.write(Array("manifest = 1\nid = \"odd\"\n".utf8), to: "\(plugin.directory)/plugin.toml")
        #expect(try desk.check(plugin.directory).failed == ["manifest"])
    }

    @Test func aLibraryOfAnotherMachineIsFound() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        var bytes = try contents(of: plugin.library)
        (bytes[18], bytes[19]) = (183, 0)
        try AtomicFile.write(bytes, to: plugin.library)
        let report = try desk.check(plugin.directory)
        #expect(report.failed == ["machine"])
        try AtomicFile.write(Array("no library\n".utf8), to: plugin.library)
        #expect(try desk.check(plugin.directory).failed.first == "machine")
    }

    /// Nobody can say what it shows: that is no pass of those who ask.
    @Test func aTableOfSymbolsThatCannotBeReadIsFound() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", link: ["-Wl,--hash-style=gnu"], in: desk.path)
        let sections = try Tool.run(["readelf", "-SW", plugin.library]).text
        let offset = try #require(sections.firstMatch(of: /\.gnu\.hash +GNU_HASH +[0-9a-f]+ ([0-9a-f]+)/)).output.1
        let place = try #require(Int(offset, radix: 16))
        var bytes = try contents(of: plugin.library)
        bytes.replaceSubrange(place..<(place + 4), with: [0xFF, 0xFF, 0xFF, 0x7F])
        try AtomicFile.write(bytes, to: plugin.library)
        let report = try desk.check(
            plugin.directory, "--only", "entry-exported", "--only", "one-symbol", "--only", "no-unique-symbols")
        #expect(report.failed == ["entry-exported"])
        #expect(report.names("blocked") == ["one-symbol", "no-unique-symbols"])
    }

    /// Stands for a shared Swift runtime, and for a library that is there no more.
    @Test(arguments: [("libswiftCore.so", "own-swift-runtime", false), ("libgone.so", "libraries-found", true)])
    func whatItNeedsIsFound(_ library: String, _ check: String, _ isGone: Bool) throws {
        let desk = try CheckDesk()
        let source = "\(desk.path)/needed.c"
        try AtomicFile.write(Array("int needed(void) { return 0; }\n".utf8), to: source)
        let path = "\(desk.path)/\(library)"
        let made = try Tool.run(["cc", "-shared", "-fPIC", "-Wl,-soname,\(library)", "-o", path, source])
        #expect(made.code == 0, "\(made.errorText)")
        let plugin = try CPlugin("broken", link: ["-Wl,--no-as-needed", path], in: desk.path)
        if isGone { try Directory.remove(path) }
        #expect(try desk.check(plugin.directory).failed == [check])
    }
}
