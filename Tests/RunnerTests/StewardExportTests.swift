// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioExport
import BioOCI
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// What would be pushed, and when.
private final class PushRecorder: RegistryArtifacts {
    struct Refusal: Error {}

    var planned: [String] = []
    var staged: [StagedRegistryArtifact] = []
    var conclusions = 0
    /// What lay in the result's place when the manifests were put.
    var present: [String] = []
    var refuses = false
    private let out: String

    init(out: String) { self.out = out }

    func plan(_ reference: ImageReference) throws { planned.append("\(reference)") }
    func stage(_ artifact: StagedRegistryArtifact) throws { staged.append(artifact) }

    func conclude() throws {
        conclusions += 1
        present = try Directory.names(out).map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix(".") }
        if refuses { throw Refusal() }
    }
}

/// One export by the plugin that has a letter sealed.
private struct StewardWorld: ~Copyable {
    private let scratch: Scratch
    private let fixture: ExportFixture
    private let library: String
    let registries: PushRecorder

    init() throws {
        let made = try Scratch()
        try Directory.create(made.file("out"))
        let plugin = try CPlugin("steward", in: made.path)
        let small = try ExportFixture.small(in: made.file("root"))
        library = plugin.library
        fixture = small
        registries = PushRecorder(out: made.file("out"))
        scratch = made
    }

    var out: String { scratch.file("out") }

    func secret(_ text: String) throws -> String { try scratch.write(Array(text.utf8), to: "secret") }

    func export(
        _ mode: RunnerMode, behaviour: String = "honest", passphrase: String? = nil, push: String? = nil,
        source: OptionValue.Source = .commandLine, isDryRun: Bool = false, pushes: Bool = true
    ) throws -> [Artifact] {
        let runtime = PluginExport.Runtime(mode: mode, hostVersion: "test")
        let description = try PluginExport.describe(PluginBundle(libraryPath: library), runtime)
        let values = [
            OptionValue(.text(behaviour, kind: 3), source: .commandLine),
            OptionValue(passphrase.map { .text($0, kind: 4) } ?? .unset),
            OptionValue(push.map { .text($0, kind: 3) } ?? .unset, source: source), OptionValue(.unset),
        ]
        let tools = ToolBox(listed: ["sh"], searchPath: "/usr/bin:/bin", variables: ["PATH=/usr/bin:/bin"])
        let export = PluginExport(
            runtime: runtime, bundle: PluginBundle(libraryPath: library), description: description,
            format: description.formats[0],
            job: fixture.job(values), bytes: fixture.bytes, placement: .directory(out, name: nil),
            temporaryDirectory: "/nowhere",
            reach: ExportReach(
                tools: tools, registries: pushes ? registries : nil, conclude: registries.conclude),
            threads: 1)
        return try export.run(isDryRun: isDryRun, observer: nil, archiveProgress: { _, _ in }) { _ in }
    }
}

/// `bio.host.tool/1`, `bio.host.secret/1` and `bio.host.registry/1`, through a plugin in C: the same in a child and on a
/// thread.
@Suite(.timeLimit(.minutes(15))) struct StewardExportTests {
    private static let letter = "dear reader,\nnote: none\n"
    private static let place = "oci://registry.example:5000/post/"

    // MARK: - What an honest plugin gets

    @Test(arguments: Mode.allCases) func aProgramReadsAndWritesArtifacts(_ mode: Mode) throws {
        let world = try StewardWorld()
        let artifacts = try world.export(try mode.runner)
        #expect(artifacts.map(\.address) == ["\(world.out)/letter", "\(world.out)/letter.seal"])
        #expect(artifacts.map(\.shownText) == [Self.letter, nil])
        #expect(String(decoding: try contents(of: "\(world.out)/letter.seal"), as: UTF8.self) == "sealed 24\n")
        #expect(world.registries.staged.isEmpty && world.registries.conclusions == 1)
    }

    @Test(arguments: Mode.allCases) func aProgramGetsTheSecret(_ mode: Mode) throws {
        let world = try StewardWorld()
        _ = try world.export(try mode.runner, passphrase: try world.secret("12345678\nand more\n"))
        #expect(String(decoding: try contents(of: "\(world.out)/letter.seal"), as: UTF8.self) == "sealed 24\n8\n")
    }

    @Test(arguments: Mode.allCases) func anArtifactIsPushedOnceItsFilesAreInTheirPlaces(_ mode: Mode) throws {
        let world = try StewardWorld()
        let artifacts = try world.export(try mode.runner, push: Self.place)
        let staged = try #require(world.registries.staged.first)
        #expect(world.registries.staged.count == 1 && world.registries.conclusions == 1)
        #expect(world.registries.present.sorted() == ["letter", "letter.seal"])
        #expect("\(staged.reference)" == "registry.example:5000/post/letter:1.0_2")
        #expect(staged.configuration == Array("{\"from\":\"steward\"}".utf8))
        let manifest = staged.manifest
        #expect(manifest.configuration.mediaType == MediaType("application/vnd.biome.test.config+json"))
        #expect(manifest.configuration.digest == .sha256(of: staged.configuration))
        #expect(
            manifest.layers
                == [
                    Descriptor(
                        mediaType: MediaType("text/plain"), digest: .sha256(of: Array(Self.letter.utf8)), size: 24)
                ])
        #expect(manifest.annotations == ["org.opencontainers.image.title": "letter"])
        let pushed = try #require(artifacts.last)
        let digest = Digest.sha256(of: manifest.bytes)
        #expect(pushed.place == .reference("registry.example:5000/post/letter@\(digest)") && pushed.digest == digest)
        #expect(pushed.kind == "letter" && !pushed.isPrimary)
    }

    @Test func aDryRunNamesWhatWouldBePushed() throws {
        let world = try StewardWorld()
        let artifacts = try world.export(.inProcess, push: Self.place, isDryRun: true)
        #expect(artifacts.last?.place == .reference("registry.example:5000/post/letter:1.0_2"))
        #expect(artifacts.last?.digest == nil && artifacts.allSatisfy { $0.shownText == nil })
        #expect(world.registries.staged.isEmpty && world.registries.conclusions == 0)
    }

    @Test(arguments: [
        "registry.example/post", "https://registry.example/post", "oci://", "oci:///x", "oci://post",
        "oci://registry.example/Post", "oci://registry.example/post:tag", "oci://registry.example/post@sha256:00",
        "oci://user:word@registry.example/post",
    ]) func whatIsNoPlaceIsRefused(_ place: String) throws {
        let world = try StewardWorld()
        let error = #expect(throws: RegistryPlaceError.self) { try world.export(.inProcess, push: place) }
        #expect(error?.option == "push" && error?.value == place && error?.reason.isEmpty == false)
    }

    /// The user's name and password go where the user says, and not where a plugin says by default.
    @Test func aPlaceThatTheUserDidNotNameIsNone() throws {
        let world = try StewardWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(.inProcess, push: Self.place, source: .standard)
        }
        #expect(
            error?.problem
                == .service(
                    .plan,
                    ServiceError(
                        .invalid, "the plugin pushes as --push says, with which the user named no place")))
        #expect(world.registries.planned.isEmpty && world.registries.staged.isEmpty)
    }

    /// What can be taken back is, when the last step fails.
    @Test(arguments: Mode.allCases) func aManifestThatIsRefusedTakesTheFilesBack(_ mode: Mode) throws {
        let world = try StewardWorld()
        world.registries.refuses = true
        #expect(throws: PushRecorder.Refusal.self) { try world.export(try mode.runner, push: Self.place) }
        #expect(world.registries.present.sorted() == ["letter", "letter.seal"])
        #expect(try Directory.names(world.out) == [])
    }

    /// What a program says may grow on its way to the plugin.
    @Test(arguments: ["not-text", "many-secrets"], Mode.allCases)
    func whatIsTooLongForThePluginIsNoEndOfTheHost(_ behaviour: String, _ mode: Mode) throws {
        let world = try StewardWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(try mode.runner, behaviour: behaviour, passphrase: try world.secret("y\n"))
        }
        #expect(
            error?.problem
                == .service(
                    .run, ServiceError(.limit, "'sh' printed more than is allowed and was ended", fault: .machine)))
        #expect(try Directory.names(world.out) == [])
    }

    @Test func withoutTheOptionsNothingIsPushed() throws {
        let world = try StewardWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(.inProcess, push: Self.place, pushes: false)
        }
        #expect(
            error?.problem
                == .service(
                    .plan,
                    ServiceError(
                        .unsupported, "the format pushes to registries and does not include the options for that")))
    }

    // MARK: - What a hostile one gets

    private static func run(_ behaviour: String, _ code: ServiceError.Code, _ text: String) -> HostileCase {
        HostileCase(behaviour, .run, code, text)
    }

    static let programs: [HostileCase] =
        [
            HostileCase("early", .validate, .misuse, "the plugin ran 'sh' outside of run"),
            HostileCase("no-arguments", .run, wrongly: "there are 3 arguments, but no array"),
            HostileCase("endless-arguments", .run, wrongly: "4294967295 arguments are too many"),
            run("many-arguments", .limit, "the plugin gives 'sh' 257 arguments, at most 256 can be"),
            HostileCase("nul-argument", .run, wrongly: "the argument holds a NUL"),
            HostileCase("argument-nowhere", .run, wrongly: "the argument has a length but no bytes"),
            HostileCase("short-call", .run, wrongly: "bio_tool_call has 16 bytes, at least 80 are needed"),
            HostileCase("new-flags", .run, wrongly: "bio_tool_call has flags that must be understood (0x100000)"),
            run("long-time", .invalid, "the plugin gives 'sh' 4294967295 seconds, more than an hour"),
            run(
                "input-outside", .invalid,
                "the artifact path '../../../etc/passwd' leaves the output directory or is no path"),
            run("input-missing", .notFound, "'nothing' is to be the input of a program and is not there"),
            run(
                "output-outside", .invalid, "the artifact path '/tmp/steward' leaves the output directory or is no path"
            ),
            run("output-taken", .exists, "the output of a program would replace 'letter'"),
            HostileCase(
                "loud",
                .service(
                    .run, ServiceError(.limit, "'sh' printed more than is allowed and was ended", fault: .machine))),
            HostileCase(
                "slow",
                .service(
                    .run,
                    ServiceError(
                        .limit, "'sh' was ended after 1 seconds",
                        hint: "it may wait for an answer that nobody can give it: a passphrase, a question",
                        fault: .machine))),
            HostileCase(
                "from-thread",
                .failed(
                    .run,
                    PluginFailure(code: 13, message: "a service was called from a thread that is not the job's"))),
        ]
        + ["not-listed": "cc", "path-as-program": "/bin/sh"].sorted { $0.key < $1.key }.map { behaviour, program in
            HostileCase(
                behaviour,
                .service(
                    .run,
                    ServiceError(
                        .unsupported, "the plugin wants to run '\(program)', which its manifest does not list",
                        hint: "its author adds it to 'tools' in plugin.toml")))
        }

    static let secrets: [HostileCase] = [
        run("forged-secret", .handle, "0x4d is no secret of this export"),
        run(
            "secret-of-nothing", .invalid,
            "the plugin takes a secret from the option 'nothing', which it does not have"),
        run("secret-of-text", .invalid, "the plugin takes a secret from --behaviour, which names no file"),
        run("secret-not-given", .invalid, "the plugin takes a secret from --note, which names no file"),
    ]

    static let pushes: [HostileCase] = [
        HostileCase("push-early", .validate, .misuse, "the plugin pushed an artifact outside of plan and run"),
        run(
            "push-unplanned", .invalid,
            "the plugin emitted 'registry.example:5000/post/letter:other', which it had not planned so"),
        run(
            "push-no-option", .invalid,
            "the plugin pushes as the option 'nothing' says, which it does not have"),
        run("push-to-path", .invalid, "the plugin pushes as --note says, with which the user named no place"),
        run(
            "push-odd-type", .invalid,
            "the plugin pushes an artifact of the type 'text/plain\nX-Evil: 1', which is no media type"),
        HostileCase("push-large-config", .run, wrongly: "the configuration has 65537 bytes"),
        run("push-key-twice", .invalid, "the plugin pushes an artifact with an annotation that is nameless or double"),
        run("push-nothing", .notFound, "'nothing' is to be pushed and is not there"),
    ]

    @Test(arguments: programs + secrets + pushes, Mode.allCases)
    func theHostRefuses(_ row: HostileCase, _ mode: Mode) throws {
        let world = try StewardWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(try mode.runner, behaviour: row.behaviour, push: Self.place)
        }
        #expect(error?.problem == row.problem)
        #expect(try Directory.names(world.out) == [])
        #expect(world.registries.staged.isEmpty && world.registries.conclusions == 0)
    }

    @Test(arguments: ["push-no-tag", "push-odd-name"]) func namesAreChecked(_ behaviour: String) throws {
        let world = try StewardWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export(.inProcess, behaviour: behaviour, push: Self.place)
        }
        guard case .service(.run, let refusal)? = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.code == .invalid && refusal.fault == .plugin)
        #expect(refusal.message.hasPrefix("the plugin pushes under a wrong name: "))
    }
}
