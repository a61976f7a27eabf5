// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioOCI
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// Exports by the plugin that asks for others: images by `imager`, into layouts of their own.
private final class AskerWorld {
    private let scratch: Scratch
    private let fixture: ExportFixture
    private let asker: CPlugin
    private let imager: CPlugin
    private let runtime: PluginExport.Runtime
    private var layouts = 0
    private var tree = ExportTree()

    init(_ mode: RunnerMode) throws {
        let made = try Scratch()
        try Directory.create(made.file("out"))
        asker = try CPlugin("asker", in: made.path)
        imager = try CPlugin("imager", in: made.path)
        fixture = try ExportFixture.small(in: made.file("root"))
        runtime = PluginExport.Runtime(mode: mode, hostVersion: "test")
        scratch = made
    }

    var out: String { scratch.file("out") }

    private struct NoFormat: Error {}

    func export(_ behaviour: String, as format: String = "asker", isDryRun: Bool = false) throws -> [Artifact] {
        tree = ExportTree()
        let export = try export(
            format, [OptionValue(.text(behaviour, kind: 3), source: .commandLine)], fixture.job(), [])
        return try export.run(isDryRun: isDryRun, observer: nil, archiveProgress: { _, _ in }) { _ in }
    }

    private func child(_ request: ChildRequest, _ job: ExportJob, _ ancestors: [String]) throws
        -> ChildExportRuns.Child
    {
        let value = request.format == "imager" ? "good" : request.options.first?.value ?? "good"
        let export = try export(
            request.format, [OptionValue(.text(value, kind: 3), source: .standard)], job, ancestors)
        return .init(export, observer: nil) { _, _ in }
    }

    private func export(
        _ name: String, _ values: [OptionValue], _ job: ExportJob, _ ancestors: [String]
    ) throws -> PluginExport {
        let library = name == "imager" ? imager.library : asker.library
        let description = try PluginExport.describe(PluginBundle(libraryPath: library), runtime)
        guard let format = description.format(named: name) else { throw NoFormat() }
        var job = job
        job.values = values
        return PluginExport(
            runtime: runtime, bundle: PluginBundle(libraryPath: library), description: description, format: format,
            job: job,
            bytes: fixture.bytes, placement: .directory(out, name: nil), temporaryDirectory: "/nowhere",
            images: format.makesImages ? try images() : nil,
            children: ChildExportRuns(of: ancestors + [name], in: tree) { [unowned self] in try child($0, $2, $3) },
            threads: 2)
    }

    private func images() throws -> ImagePublishing {
        layouts += 1
        return ImagePublishing(
            .init(
                references: [try ImageReference(parsing: "acme/app:\(layouts)")],
                destinations: [LayoutDestination(path: "\(out)/layout\(layouts)", reference: nil)], created: 1,
                mostLayers: 100, compression: .gzip, kind: "image",
                layers: { LayerMaker(threads: 2, cache: nil, scratch: $0, isCancelled: { false }) }))
    }
}

/// What a plugin may do wrong with other exports: the same in a child and on a thread.
@Suite(.timeLimit(.minutes(15))) struct AskerExportTests {
    static let wrong: [HostileCase] = [
        HostileCase("early", .validate, .misuse, "the plugin asked for an export outside of plan and run"),
        HostileCase("twice", .plan, .exists, "the plugin planned one export as 'imager' twice"),
        HostileCase("unplanned", .run, .misuse, "the plugin ran an export as 'imager' that it had not planned"),
        HostileCase("made-twice", .run, .exists, "the plugin ran one export as 'imager' twice"),
        HostileCase("forgotten", .lied(.run, "the plugin planned an export as 'imager', but did not run it")),
        HostileCase("many", .plan, .limit, "the plugin asked for more than 64 exports"),
        HostileCase("null-options", .plan, wrongly: "there are 3 child options, but no array"),
        HostileCase("many-options", .plan, wrongly: "a child export has 5000 options"),
        HostileCase("short-struct", .plan, wrongly: "bio_child has 24 bytes, at least 48 are needed"),
        HostileCase("long-format", .plan, wrongly: "the child format has 1048576 bytes"),
    ]

    @Test(arguments: wrong, Mode.allCases)
    func theHostRefusesAndLeavesNothing(_ row: HostileCase, _ mode: Mode) throws {
        let world = try AskerWorld(try mode.runner)
        let error = #expect(throws: PluginError.self) { try world.export(row.behaviour) }
        #expect(error?.problem == row.problem)
        #expect(try Directory.names(world.out) == [])
    }

    static let failing: [(String, String, String)] = [
        ("asker", "itself", "the format 'asker' asks for itself: asker → asker"),
        ("asker", "no-root", "the format 'asker' asks for an export of package 0, which nobody named"),
        ("asker", "wild-root", "the format 'asker' asks for an export of package 4000000000, which nobody named"),
        ("asker", "root-twice", "the format 'asker' asks for an export of package 0, which nobody named"),
        ("asker", "unknown", "the format 'asker' needs an export as 'nothing': NoFormat()"),
        ("asker", "swallowed", "the format 'asker' needs an export as 'nothing': NoFormat()"),
        ("asker", "no-format", "the format 'asker' needs an export as '': NoFormat()"),
        ("builder", "upon-nothing", "the format 'builder' builds upon the image of 'asker', which makes none"),
    ]

    @Test(arguments: failing)
    func whatStoppedAChildIsTold(_ format: String, _ behaviour: String, _ text: String) throws {
        let world = try AskerWorld(.inProcess)
        let error = #expect(throws: ChildExportError.self) { try world.export(behaviour, as: format) }
        #expect(error.map { "\($0)" } == text)
        #expect(try Directory.names(world.out) == [])
    }

    static let building: [HostileCase] = [
        HostileCase(
            "upon-some", .plan, .invalid, "the plugin asked for an image of some packages to build upon, not of all"),
        HostileCase("configured-twice", .plan, .exists, "the plugin configured an image twice"),
    ]

    @Test(arguments: building)
    func anImageIsBuiltUponAsOneOfOnesOwn(_ row: HostileCase) throws {
        let world = try AskerWorld(.inProcess)
        let error = #expect(throws: PluginError.self) { try world.export(row.behaviour, as: "builder") }
        #expect(error?.problem == row.problem)
        #expect(try Directory.names(world.out) == [])
    }

    @Test(arguments: Mode.allCases)
    func aChildComesToItsPlaceTogetherWithWhoAsked(_ mode: Mode) throws {
        let world = try AskerWorld(try mode.runner)
        let planned = try world.export("good", isDryRun: true)
        #expect(planned.map(\.address) == ["\(world.out)/asked", "\(world.out)/layout1"])
        #expect(try Directory.names(world.out) == [])
        let made = try world.export("good")
        #expect(made.map(\.address) == ["\(world.out)/asked", "\(world.out)/layout2"])
        let image = try #require(made.last)
        #expect(
            try contents(of: "\(world.out)/asked")
                == Array("image \(world.out)/layout2 \(try #require(image.digest))\n".utf8))
    }

    /// It is the plugin that is in the way, so it has to run where no sandbox keeps it from that.
    @Test func nothingComesToItsPlaceWhereOneCannot() throws {
        let world = try AskerWorld(.inProcess)
        // The child's place is taken by something that is no layout, once it has been planned.
        let error = #expect(throws: (any Error).self) { try world.export("blocked") }
        #expect(error.map { "\($0)" }?.contains("asked") == true)
        #expect(try Directory.names(world.out).map { String(decoding: $0, as: UTF8.self) } == ["asked"])
        #expect(try Directory.names("\(world.out)/asked") == [])
    }

    /// An export that asks for one that asks for a third.
    @Test func nothingIsLeftThreeFormatsDeep() throws {
        let world = try AskerWorld(.inProcess)
        let made = try world.export("good", as: "outer")
        #expect(made.count == 3)
        #expect(try Directory.names(world.out).count == 3)
        #expect(try Directory.names(world.out).allSatisfy { $0.first != UInt8(ascii: ".") })
    }

    @Test func anImageUponAnotherHasItsLayersAndItsStart() throws {
        let world = try AskerWorld(.inProcess)
        let made = try world.export("good", as: "builder")
        // Number one is the child's, which is never made.
        #expect(made.map(\.address) == ["\(world.out)/layout1"])
        let image = try Tool.run([
            "skopeo", "inspect", "--config", "oci:\(world.out)/layout1",
        ])
        #expect(image.text.contains("/start"), "\(image.text) \(image.errorText)")
        #expect(try Directory.names(world.out).count == 1)
    }

    @Test func formatsAskFourDeepAtMost() throws {
        let runs = ChildExportRuns(of: ["one", "two", "three", "four"], in: ExportTree()) { request, _, _, _ in
            throw ChildExportError(parent: "four", format: request.format, .noImage)
        }
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.path)
        let error = #expect(throws: ChildExportError.self) {
            try runs.plan(ChildRequest(format: "five"), of: fixture.job())
        }
        #expect(
            error.map { "\($0)" }
                == "the format 'four' asks for exports 5 deep: one → two → three → four → five")
    }
}
