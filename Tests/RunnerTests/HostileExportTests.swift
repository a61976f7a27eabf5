// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// One behaviour of the hostile plugin and what the host must say to it.
struct HostileCase: Sendable, CustomTestStringConvertible {
    let behaviour: String
    let problem: PluginError.Problem

    init(_ behaviour: String, _ problem: PluginError.Problem) {
        self.behaviour = behaviour
        self.problem = problem
    }

    /// A host service refused, and the plugin passed its code on.
    init(_ behaviour: String, _ phase: ExportPhase, _ code: ServiceError.Code, _ message: String) {
        self.init(behaviour, .service(phase, ServiceError(code, message)))
    }

    /// The plugin's own side noticed that a service was called wrongly.
    init(_ behaviour: String, _ phase: ExportPhase, wrongly text: String) {
        self.init(
            behaviour,
            .failed(phase, PluginFailure(code: 2, message: "the plugin called a service wrongly: \(text)")))
    }

    var testDescription: String { behaviour }
}

/// A runner mode as tests name it.
enum Mode: String, Sendable, CaseIterable {
    case child, inProcess

    var runner: RunnerMode {
        get throws {
            switch self {
            case .child: try HostileWorld.child
            case .inProcess: .inProcess
            }
        }
    }
}

/// What a plugin may do wrong without ending its process: the same in a child and on a thread.
@Suite(.timeLimit(.minutes(15))) struct HostileExportTests {
    private static let zeros = String(repeating: "0", count: 64)
    private static let file = "hostile.txt"

    static let artifacts: [HostileCase] = [
        HostileCase("bad-kind-bytes", .plan, wrongly: "the artifact kind is not UTF-8"),
        HostileCase(
            "unknown-kind", .plan, .invalid, "an artifact is of the kind 'novel', which the format does not name"),
        HostileCase("unknown-form", .plan, wrongly: "an artifact has the unknown form 9"),
        HostileCase("unknown-role", .plan, wrongly: "an artifact has the unknown role 9"),
        HostileCase(
            "must-understand", .plan, wrongly: "bio_artifact has flags that must be understood (0x10000)"),
        HostileCase("small-artifact", .plan, wrongly: "bio_artifact has 8 bytes, at least 104 are needed"),
        HostileCase("wrong-size", .run, .digest, "'hostile.txt' has 6 bytes, the plugin said 999"),
        HostileCase(
            "wrong-digest", .run, .digest,
            "'hostile.txt' is \(Digest.sha256(of: Array("hello\n".utf8))), the plugin said sha256:\(zeros)"),
        HostileCase("no-digest", .run, .invalid, "'md5:00' is no SHA-256 digest"),
        HostileCase("not-written", .run, .notFound, "the plugin announced 'hostile.txt', but did not write it"),
        HostileCase("never-made", .lied(.run, "the plugin planned 'hostile.txt', but did not make it")),
        HostileCase(
            "not-planned", .run, .invalid, "the plugin emitted 'other.txt', which it had not planned so"),
        HostileCase("twice", .run, .exists, "the plugin emitted 'hostile.txt' twice"),
        HostileCase("rewrite-longer", .lied(.run, "'hostile.txt' has 12 bytes, the plugin said 6")),
        HostileCase(
            "swap-for-link",
            .lied(.run, "the artifact 'hostile.txt' cannot be taken: Too many levels of symbolic links")),
    ]

    static let plans: [HostileCase] = [
        HostileCase("plan-twice", .plan, .exists, "the plugin plans 'hostile.txt' twice"),
        HostileCase("no-primary", .lied(.plan, "its plan has 0 primary artifacts, one is needed")),
        HostileCase("two-primaries", .lied(.plan, "its plan has 2 primary artifacts, one is needed")),
        HostileCase("no-plan", .lied(.plan, "its plan has 0 primary artifacts, one is needed")),
        HostileCase(
            "nested", .plan, .exists,
            "the plugin plans both 'hostile.txt' and 'hostile.txt/inner', one inside the other"),
        HostileCase(
            "emit-early", .validate, .misuse, "the plugin emitted an artifact outside of plan and run"),
    ]

    static let paths: [HostileCase] = [
        HostileCase(
            "parent-path", .plan, .invalid, "the artifact path '../x' leaves the output directory or is no path"),
        HostileCase(
            "absolute-path", .plan, .invalid,
            "the artifact path '/etc/bio-was-here' leaves the output directory or is no path"),
        HostileCase("dash-path", .plan, .invalid, "the artifact path '-rf' begins with a dash"),
        HostileCase(
            "below-link", .run, .invalid,
            "the artifact 'link/hostile.txt' cannot be taken: Too many levels of symbolic links"),
        HostileCase(
            "symlink", .run, .invalid,
            "the artifact 'hostile.txt' cannot be taken: Too many levels of symbolic links"),
        HostileCase("fifo", .run, .invalid, "the artifact 'hostile.txt' is no regular file"),
        HostileCase("directory", .run, .invalid, "the artifact 'hostile.txt' is no regular file"),
    ]

    static let directories: [HostileCase] = [
        HostileCase(
            "tree-claim", .plan, .invalid, "the artifact 'hostile.txt' is a directory and claims a digest or size"),
        HostileCase(
            "tree-swapped",
            .lied(.run, "the artifact 'hostile.txt' cannot be taken: Too many levels of symbolic links")),
        HostileCase(
            "tree-with-link",
            .lied(.run, "the link 'hostile.txt/link' leads out of the artifact, to '../../x'")),
        HostileCase(
            "tree-with-fifo", .lied(.run, "'hostile.txt/pipe' in the artifact is a device, socket or pipe")),
        HostileCase(
            "dot-path", .plan, .invalid, "the artifact path 'sub/.hidden' has a name that begins with a dot"),
    ]

    static let services: [HostileCase] = [
        HostileCase("zero-handle", .run, .handle, "0x0 is no file tree of this export"),
        HostileCase("forged-handle", .run, .handle, "0xdeadbeef is no file tree of this export"),
        HostileCase("stale-handle", .run, .handle, "0x7265650000000002 is no file tree of this export"),
        HostileCase("archive-early", .plan, .misuse, "the plugin wrote an archive outside of run"),
        HostileCase("archive-twice", .run, .exists, "the plugin wrote 'hostile.txt' twice"),
        HostileCase("many-trees", .run, .limit, "the plugin began more than 64 file trees"),
        HostileCase("package-range", .run, .notFound, "package 4000000000 is not in the graph, which has 2"),
        HostileCase(
            "file-range", .run, .notFound, "'acme/lib/1.0/20260101000001' has no file 1099511627776, it has 6"),
        HostileCase("tree-escape", .run, .invalid, "member 'a/../../b' leaves the archive with '..'"),
        HostileCase(
            "tree-mode", .run, .invalid,
            "0100755 is no mode: permission, set-id and sticky bits only"),
        HostileCase(
            "other-thread",
            .failed(
                .run,
                PluginFailure(code: 13, message: "a service was called from a thread that is not the job's"))),
        HostileCase(
            "fill-trees", .run, .limit, "the plugin's file trees hold more than 64 MiB of paths and content"),
        HostileCase("unknown-progress", .lied(.run, "it went on with progress that it had not begun")),
        HostileCase("much-progress", .lied(.run, "it has 64 pieces of progress open")),
    ]

    static let reasons: [HostileCase] = [
        HostileCase("no-reason", .gaveNoReason(.run, code: 103)),
        HostileCase(
            "reason",
            .failed(
                .run,
                PluginFailure(
                    code: 103, subjectKind: .option, subject: "behaviour", message: "the moon is full",
                    hint: "behave"))),
        HostileCase("bad-reason", .run, wrongly: "the message of an error is not UTF-8"),
        HostileCase(
            "long-reason",
            .failed(
                .run,
                PluginFailure(
                    code: 103, subjectKind: .option, subject: "behaviour",
                    message: "x" + String(repeating: "é", count: 2047), hint: "behave"))),
        HostileCase("zero-reason", .run, wrongly: "0 is no code of an error"),
        HostileCase("stale-reason", .gaveNoReason(.plan, code: 103)),
        HostileCase("small-error", .run, wrongly: "bio_error has 4 bytes, at least 64 are needed"),
        HostileCase("no-such-behaviour", .gaveNoReason(.validate, code: 2)),
    ]

    @Test(arguments: artifacts + plans + paths + directories + services + reasons, Mode.allCases)
    func isNamedWithItsLie(_ hostile: HostileCase, _ mode: Mode) throws {
        let world = try HostileWorld()
        let error = try world.failure(hostile.behaviour, try mode.runner)
        #expect(error?.problem == hostile.problem)
        #expect(error?.plugin == "org.biome.test.hostile")
    }

    @Test(arguments: Mode.allCases)
    func makesWhatItShould(_ mode: Mode) throws {
        let world = try HostileWorld()
        let artifacts = try world.export("good", try mode.runner)
        #expect(artifacts.map(\.address) == ["\(world.out)/hostile.txt"])
        #expect(artifacts.map(\.size) == [6])
        #expect(try treeListing(world.out) == ["f 644 6 hostile.txt"])
        #expect(try ProcessSearch.isGone(world.library))
    }

    @Test(arguments: Mode.allCases)
    func aDirectoryIsPlacedWithPlainModes(_ mode: Mode) throws {
        let world = try HostileWorld()
        let artifacts = try world.export("tree", try mode.runner)
        #expect(artifacts.map(\.place) == [.directory("\(world.out)/hostile.txt")])
        #expect(
            try treeListing(world.out) == [
                "d 755 hostile.txt", "l hostile.txt/link -> text", "f 755 6 hostile.txt/run",
                "f 644 6 hostile.txt/text",
            ])
        let hello = Digest.sha256(of: Array("hello\n".utf8)).hex
        let listing = "l 777 link\0text\0f 755 \(hello) run\0f 644 \(hello) text\0"
        #expect(artifacts.map(\.digest) == [Digest.sha256(of: Array(listing.utf8))])
    }

    @Test(arguments: Mode.allCases)
    func thePlacesThatItIsToldAreAbsolute(_ mode: Mode) throws {
        let world = try HostileWorld()
        let observer = Observer()
        // However the user writes it: here from the working directory of the tests up and down again.
        let relative = String(repeating: "../", count: 64) + world.out.dropFirst()
        let artifacts = try world.export("tell-places", try mode.runner, observer: observer, out: relative)
        #expect(artifacts.map(\.address) == ["\(relative)/hostile.txt"])
        #expect(observer.lines.count == 2)
        for line in observer.lines { #expect(line.hasPrefix("/") && line.contains("/.bio-export-")) }
        #expect(try treeListing(world.out) == ["f 644 6 hostile.txt"])
    }

    @Test func aSidecarReplacesNoFileOfTheUsers() throws {
        let world = try HostileWorld()
        #expect(try world.export("sidecar", .inProcess).count == 2)
        #expect(throws: PlacementError.inTheWay("\(world.out)/theirs.txt")) {
            try world.export("sidecar", .inProcess)
        }
        #expect(try treeListing(world.out) == ["f 644 6 hostile.txt", "f 644 6 theirs.txt"])
    }

    @Test(arguments: Mode.allCases)
    func memoryIsLimitedForEachCallAndCostsNothingUnused(_ mode: Mode) throws {
        let world = try HostileWorld()
        #expect(try world.export("big-arena", try mode.runner).count == 1)
    }

    @Test func aNameThatTheUserWantsIsNotPassedOver() throws {
        let world = try HostileWorld()
        let error = #expect(throws: PluginError.self) {
            try world.export("good", .inProcess, outputName: "wanted.txt")
        }
        #expect(error?.problem == .lied(.plan, "it plans 'hostile.txt' where the user wants 'wanted.txt'"))
        try world.expectNothingLeft()
        #expect(try world.export("good", .inProcess, outputName: "hostile.txt").count == 1)
    }

    @Test(arguments: Mode.allCases)
    func aFileChangedAfterItWasAnnouncedIsHashedAsItIs(_ mode: Mode) throws {
        let world = try HostileWorld()
        let artifacts = try world.export("rewrite", try mode.runner)
        #expect(try contents(of: "\(world.out)/hostile.txt") == Array("HELLO\n".utf8))
        #expect(artifacts.map(\.digest) == [Digest.sha256(of: Array("HELLO\n".utf8))])
    }

    @Test(arguments: Mode.allCases)
    func controlCharactersInTheLogAreTaken(_ mode: Mode) throws {
        let world = try HostileWorld()
        let observer = Observer()
        _ = try world.export("log-controls", try mode.runner, observer: observer)
        #expect(
            observer.lines == [
                "\u{FFFD}]0;owned\u{FFFD}\u{FFFD}[2Jline one\u{FFFD}line two\u{FFFD}\u{FFFD}\u{FFFD}31m \u{FFFD} end"
            ])
    }

    @Test(arguments: Mode.allCases)
    func aFloodOfLogLinesIsEnded(_ mode: Mode) throws {
        let world = try HostileWorld()
        let observer = Observer()
        let error = try world.failure("flood-log", try mode.runner, observer: observer)
        #expect(error?.problem == .flooded(lines: 100_000))
        #expect(observer.lines.first == "drip")
    }

    @Test(arguments: Mode.allCases)
    func aHangIsEndedByTheLimitOfItsPhase(_ mode: Mode) throws {
        var limits = PhaseLimits()
        limits.plan = 2
        limits.run = 3
        let world = try HostileWorld()
        #expect(try world.failure("hang-plan", try mode.runner, limits: limits)?.problem == .hung(.plan, seconds: 2))
        #expect(try world.failure("hang-run", try mode.runner, limits: limits)?.problem == .hung(.run, seconds: 3))
    }
}
