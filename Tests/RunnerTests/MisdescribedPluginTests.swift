// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// Plugins that are wrong before an export begins.
@Suite(.timeLimit(.minutes(15))) struct MisdescribedPluginTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        let problem: PluginError.Problem
        let plugin: String?

        /// `plugin`: the id by which it is named; nil where it has not said one and its path stands in.
        init(_ name: String, _ problem: PluginError.Problem, plugin: String? = nil) {
            self.name = name
            self.problem = problem
            self.plugin = plugin
        }

        /// Its tables are not what the header says.
        init(_ name: String, table text: String) { self.init(name, .notLoaded(.table(text))) }

        /// Its description breaks a rule.
        init(_ name: String, unsound text: String, plugin: String = "org.biome.test.misdescribed") {
            self.init(name, .unsound(text), plugin: plugin)
        }

        var testDescription: String { name }
    }

    private static func version(_ minor: UInt32) -> ABIVersion { ABIVersion(rawValue: minor) }

    static let unloadable: [Variant] = [
        Variant("NO_ENTRY", .notLoaded(.noEntry)),
        Variant("ENTRY_REFUSES", .notLoaded(.refused(code: 4))),
        Variant("ENTRY_ASKS_FOR_MORE", .notLoaded(.refused(code: 777))),
        Variant("ENTRY_GIVES_NOTHING", table: "the entry returned 0, but no plugin"),
        Variant(
            "NEWER_ABI", .notLoaded(.abi(used: version(0x1_0002), built: version(0x1_0002), needed: version(0x1_0002)))),
        Variant("PLUGIN_TOO_SMALL", table: "bio_plugin has 32 bytes, at least 144 are needed"),
        Variant("PLUGIN_TINY", table: "bio_plugin has 8 bytes"),
    ]

    static let tables: [Variant] = [
        Variant("BAD_UTF8", table: "the format summary is not UTF-8"),
        Variant("CONTROL_CHARACTERS", table: "the format summary holds control characters"),
        Variant("TEXT_WITHOUT_BYTES", table: "the format summary has a length but no bytes"),
        Variant("HUGE_TEXT", table: "the format summary has 1152921504606846976 bytes"),
        Variant("NULL_IN_ARRAY", table: "one of the options is null"),
        Variant("CHOICES_WITHOUT_ARRAY", table: "there are 1 choices of 'which', but no array"),
        Variant("UNKNOWN_OPTION_KIND", table: "option 'which' is of the unknown kind 99"),
        Variant("UNKNOWN_ROLE", table: "a base package has the unknown role 77"),
        Variant("MUST_UNDERSTAND_FLAG", table: "bio_format has flags that must be understood (0x10000)"),
        Variant("NULL_FUNCTION", table: "one of the functions is null"),
        Variant("FUNCTION_WITHOUT_ADDRESS", table: "function 'look' has no address"),
        Variant("NO_CREATE", table: "format 'misdescribed' has no create function"),
    ]

    static let unsound: [Variant] = [
        Variant("NO_FORMATS", unsound: "it offers no format"),
        Variant(
            "NEEDS_MORE_THAN_BUILT",
            .notLoaded(.abi(used: version(0x1_0001), built: version(0x1_0001), needed: version(0x1_0002)))),
        Variant(
            "NO_GROUP",
            unsound: "format 'misdescribed': it wants base packages, but does not include 'bio.options.packages/1', "
                + "which finds them"),
        Variant(
            "UNKNOWN_GROUP",
            unsound: "format 'misdescribed': it includes the option group 'bio.options.packages/2', "
                + "which this host does not have"),
        Variant("STEERS_TERMINAL", unsound: "format 'misdescribed': it holds characters that steer a terminal"),
        Variant(
            "BAD_ID", unsound: "its id 'nonsense' is not a reverse domain such as org.example.thing",
            plugin: "nonsense"),
        Variant(
            "BAD_SIGNATURE",
            unsound: "function 'look': its signature 's(bio_str)' is none: 'bio_str' is no type at column 3"),
        Variant("BAD_FUNCTION_NAME", unsound: "function 'each': templates have that name by themselves"),
        Variant("FUNCTION_TWICE", unsound: "it has the function 'look' twice"),
        Variant(
            "CHECK_OF_NOBODY",
            unsound: "format 'misdescribed': option 'which': its check 'nobody' is no function of the plugin"),
        Variant(
            "BAD_CHECK",
            unsound: "format 'misdescribed': option 'which': its check 'look' is s(s), which is neither check(s) nor *"
        ),
        Variant("DUPLICATE_OPTION", unsound: "format 'misdescribed': the option 'which' stands twice"),
        Variant(
            "BAD_OPTION_NAME",
            unsound: "format 'misdescribed': option 'Bad Name': 'Bad Name' is no option name: lower-case letters, "
                + "digits and dashes, at most 32"),
        Variant(
            "CHOICE_WITHOUT_CHOICES", unsound: "format 'misdescribed': option 'which': it has no choices"),
        Variant(
            "OMIT_WHEN_UNKNOWN",
            unsound: "format 'misdescribed': a base package is omitted by the option 'tiny', which it does not have"),
        Variant(
            "OMIT_WHEN_IMPOSSIBLE",
            unsound: "format 'misdescribed': a base package is omitted by 'which', which the option 'which' can "
                + "never be"),
    ]

    @Test(arguments: unloadable + tables + unsound, Mode.allCases)
    func isRefusedWithItsReason(_ variant: Variant, _ mode: Mode) throws {
        try expect(variant, try mode.runner)
    }

    @Test(arguments: [
        Variant("ENTRY_CRASHES", .crashed(.describe, signal: "SIGABRT", exitCode: nil)),
        Variant("ENTRY_EXITS", .crashed(.describe, signal: nil, exitCode: 3)),
        Variant("ENTRY_HANGS", .hung(.describe, seconds: 3)),
        Variant("ENTRY_SHOWS_PROGRESS", .lied(.describe, "it spoke before it described itself")),
        Variant("DESCRIPTION_IS_EVENT", .lied(.describe, "its description cannot be read: Operation not permitted")),
    ])
    func anEntryThatEndsItsProcessIsNamed(_ variant: Variant) throws {
        try expect(variant, try HostileWorld.child)
    }

    @Test func whatItWroteInItsEntryIsShown() throws {
        let scratch = try Scratch()
        let plugin = try CPlugin("misdescribed", variant: "ENTRY_CRASHES", in: scratch.path)
        let error = #expect(throws: PluginError.self) { try describe(plugin, try HostileWorld.child) }
        #expect(error?.lastLines == ["entering badly"])
    }

    @Test(arguments: Mode.allCases)
    func aLibraryThatCannotBeLinkedIsNamedByTheLinker(_ mode: Mode) throws {
        let scratch = try Scratch()
        let plugin = try CPlugin("misdescribed", variant: "UNDEFINED_SYMBOL", in: scratch.path)
        let error = #expect(throws: PluginError.self) { try describe(plugin, try mode.runner) }
        #expect(error?.description.contains("undefined symbol: bio_nobody_defines_this") == true)
    }

    @Test(arguments: ["missing.so", "text.so"])
    func whatIsNoLibraryIsNamedByTheLinker(_ name: String) throws {
        let scratch = try Scratch()
        _ = try scratch.write(Array("no library\n".utf8), to: "text.so")
        let error = #expect(throws: PluginError.self) {
            try PluginExport.describe(PluginBundle(libraryPath: scratch.file(name)), runtime(try HostileWorld.child))
        }
        #expect(error?.plugin == scratch.file(name))
        guard case .notLoaded(.library(let text)) = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains(name))
    }

    @Test(arguments: Mode.allCases)
    func aLibraryWithASharedSwiftRuntimeIsRefusedByItsName(_ mode: Mode) throws {
        let scratch = try Scratch()
        let source = try scratch.write(Array("int runtime(void) { return 1; }\n".utf8), to: "runtime.c")
        let user = try scratch.write(
            Array("int runtime(void); int bio_export_entry(void) { return runtime(); }\n".utf8), to: "user.c")
        for words in [
            ["-Wl,-soname,libswiftCore.so", "-o", scratch.file("libswiftCore.so"), source],
            ["-o", scratch.file("libuser.so"), user, "-L\(scratch.path)", "-lswiftCore"],
        ] {
            let outcome = try Tool.run(["cc", "-shared", "-fPIC"] + words)
            #expect(outcome.code == 0, "\(outcome.errorText)")
        }
        let error = #expect(throws: PluginError.self) {
            try PluginExport.describe(PluginBundle(libraryPath: scratch.file("libuser.so")), runtime(try mode.runner))
        }
        #expect(error?.problem == .notLoaded(.runtime("libswiftCore.so")))
        #expect(error?.hint == "link it with -static-stdlib, and use no Foundation")
    }

    // MARK: - Exporters

    @Test(
        arguments: [
            Variant("CREATE_FAILS", .gaveNoReason(.create, code: 104)),
            Variant(
                "CREATE_GIVES_NOTHING",
                .failed(.create, PluginFailure(code: 2, message: "create returned 0, but no exporter"))),
            Variant(
                "EXPORTER_TOO_SMALL",
                .failed(.create, PluginFailure(code: 2, message: "bio_exporter has 16 bytes, at least 48 are needed"))),
            Variant(
                "EXPORTER_WITHOUT_RUN",
                .failed(
                    .create,
                    PluginFailure(code: 2, message: "the exporter lacks one of validate, plan, run, destroy"))),
            Variant(
                "EXPORTER_FLAG",
                .failed(
                    .create,
                    PluginFailure(
                        code: 2, message: "bio_exporter has flags that must be understood (0x80000000)"))),
            Variant(
                "UNKNOWN_SERVICE", .missingService(format: "misdescribed", service: "bio.host.time-travel/1")),
        ], Mode.allCases)
    func anExporterThatIsNoneIsRefused(_ variant: Variant, _ mode: Mode) throws {
        try expectExport(variant, try mode.runner)
    }

    @Test func aCrashInCreateIsNamed() throws {
        try expectExport(
            Variant("CREATE_CRASHES", .crashed(.create, signal: "SIGABRT", exitCode: nil)), try HostileWorld.child)
    }

    @Test func aCrashInDestroyComesAfterThePlanWasRefused() throws {
        try expectExport(
            Variant("DESTROY_CRASHES", .lied(.plan, "its plan has 0 primary artifacts, one is needed")),
            try HostileWorld.child)
    }

    @Test func aLibraryThatChangedAfterItsDescriptionIsRefused() throws {
        let scratch = try Scratch()
        let plugin = try CPlugin("misdescribed", in: scratch.path)
        var description = try describe(plugin, .inProcess)
        description.formats[0].options[0].summary = "Choose another"
        let error = #expect(throws: PluginError.self) {
            try export(plugin, description, try HostileWorld.child, in: scratch.path)
        }
        #expect(error?.problem == .descriptionStale)
    }

    // MARK: -

    private func runtime(_ mode: RunnerMode) -> PluginExport.Runtime {
        var limits = PhaseLimits()
        limits.describe = 3
        return PluginExport.Runtime(mode: mode, limits: limits, hostVersion: "test")
    }

    private func describe(_ plugin: CPlugin, _ mode: RunnerMode) throws -> PluginDescription {
        try PluginExport.describe(PluginBundle(libraryPath: plugin.library), runtime(mode))
    }

    private func expect(
        _ variant: Variant, _ mode: RunnerMode, location: SourceLocation = #_sourceLocation
    ) throws {
        let scratch = try Scratch()
        let plugin = try CPlugin("misdescribed", variant: variant.name, in: scratch.path)
        let error = #expect(throws: PluginError.self, sourceLocation: location) { try describe(plugin, mode) }
        #expect(error?.problem == variant.problem, sourceLocation: location)
        #expect(error?.plugin == variant.plugin ?? plugin.library, sourceLocation: location)
        #expect(try ProcessSearch.isGone(plugin.library), sourceLocation: location)
    }

    private func expectExport(
        _ variant: Variant, _ mode: RunnerMode, location: SourceLocation = #_sourceLocation
    ) throws {
        let scratch = try Scratch()
        let plugin = try CPlugin("misdescribed", variant: variant.name, in: scratch.path)
        let description = try describe(plugin, mode)
        let error = #expect(throws: PluginError.self, sourceLocation: location) {
            try export(plugin, description, mode, in: scratch.path)
        }
        #expect(error?.problem == variant.problem, sourceLocation: location)
        #expect(error?.plugin == "org.biome.test.misdescribed", sourceLocation: location)
        #expect(try Directory.names("\(scratch.path)/out") == [], sourceLocation: location)
        #expect(try ProcessSearch.isGone(plugin.library), sourceLocation: location)
    }

    private func export(
        _ plugin: CPlugin, _ description: PluginDescription, _ mode: RunnerMode, in directory: String
    ) throws {
        let fixture = try ExportFixture.small(in: "\(directory)/root")
        try Directory.create("\(directory)/out")
        let export = PluginExport(
            runtime: runtime(mode), bundle: PluginBundle(libraryPath: plugin.library), description: description,
            format: description.formats[0],
            job: fixture.job([OptionValue(.unset), OptionValue(.flag(false))]), bytes: fixture.bytes,
            placement: .directory("\(directory)/out", name: nil), temporaryDirectory: "/nowhere", threads: 1)
        _ = try export.run(isDryRun: false, observer: nil, archiveProgress: { _, _ in }) { _ in }
    }
}
