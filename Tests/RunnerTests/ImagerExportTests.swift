// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioOCI
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// One export by the plugin that makes images, into a layout.
private struct ImagerWorld: ~Copyable {
    private let scratch: Scratch
    private let fixture: ExportFixture
    private let library: String
    private let variant: String?

    init(variant: String? = nil) throws {
        let made = try Scratch()
        try Directory.create(made.file("out"))
        let plugin = try CPlugin("imager", variant: variant, in: made.path)
        fixture = try ExportFixture.small(in: made.file("root"))
        library = plugin.library
        self.variant = variant
        scratch = made
    }

    var out: String { scratch.file("out") }

    func export(_ behaviour: String, _ mode: RunnerMode, isDryRun: Bool = false) throws -> [Artifact] {
        let runtime = PluginExport.Runtime(mode: mode, hostVersion: "test")
        let description = try PluginExport.describe(PluginBundle(libraryPath: library), runtime)
        let images = ImagePublishing(
            .init(
                references: [
                    try ImageReference(parsing: "acme/app:latest"), try ImageReference(parsing: "acme/app:2.1"),
                ],
                destinations: [LayoutDestination(path: "\(out)/layout", reference: nil)], created: 1, mostLayers: 100,
                compression: .gzip, kind: "image",
                layers: { LayerMaker(threads: 2, cache: nil, scratch: $0, isCancelled: { false }) }))
        let export = PluginExport(
            runtime: runtime, bundle: PluginBundle(libraryPath: library), description: description,
            format: description.formats[0],
            job: fixture.job([OptionValue(.text(behaviour, kind: 3), source: .commandLine)]), bytes: fixture.bytes,
            placement: .directory(out, name: nil), temporaryDirectory: "/nowhere",
            images: variant == nil ? images : nil, threads: 2)
        return try export.run(isDryRun: isDryRun, observer: nil, archiveProgress: { _, _ in }) { _ in }
    }
}

/// What a plugin may do wrong with images: the same in a child and on a thread.
@Suite(.timeLimit(.minutes(15))) struct ImagerExportTests {
    private static func misuse(_ behaviour: String, _ text: String) -> HostileCase {
        HostileCase(behaviour, .plan, .misuse, "the plugin \(text)")
    }

    private static func configured(_ behaviour: String, _ text: String) -> HostileCase {
        HostileCase(behaviour, .plan, .invalid, "the plugin configured an image wrongly: \(text)")
    }

    static let handles: [HostileCase] = [
        HostileCase("zero-handle", .plan, .handle, "0x0 is no image of this export"),
        HostileCase("tree-as-image", .plan, .handle, "0x7265650000000001 is no image of this export"),
        HostileCase("stale-handle", .plan, .handle, "0x696d6700000002 is no image of this export"),
        HostileCase("image-as-tree", .plan, .handle, "0x696d6700000001 is no file tree of this export"),
        HostileCase("many-images", .plan, .limit, "the plugin began more than 16 images"),
        misuse("not-configured", "published an image that it had not configured"),
        HostileCase("no-layers", .plan, .invalid, "the plugin published an image without layers"),
        misuse("publish-twice", "changed or published an image that it had published already"),
        HostileCase("second-image", .plan, .exists, "the plugin planned a second image"),
        HostileCase("second-image-run", .run, .exists, "the plugin published a second image"),
        misuse("add-after-publish", "changed or published an image that it had published already"),
        HostileCase("publish-early", .validate, .misuse, "the plugin published an image outside of plan and run"),
        HostileCase("never-published", .lied(.run, "the plugin planned an image, but did not publish it")),
        HostileCase("never-planned", .lied(.plan, "its plan has 0 primary artifacts, one is needed")),
    ]

    static let layers: [HostileCase] = [
        HostileCase("package-range", .plan, .notFound, "package 4000000000 is not in the graph, which has 2"),
        HostileCase("package-twice", .plan, .exists, "the plugin added package 0 to an image twice"),
        HostileCase("no-packages", .plan, wrongly: "no packages are added"),
        HostileCase("null-packages", .plan, wrongly: "there are 3 packages, but no array"),
        HostileCase("endless-packages", .plan, wrongly: "18446744073709551615 packages are too many"),
        misuse("packages-on-tree", "added packages to an image on top of a tree; trees come last"),
        HostileCase("empty-tree", .plan, .invalid, "the plugin added an empty tree to an image"),
        HostileCase("many-trees", .plan, .limit, "the plugin added more than 16 trees to an image"),
        HostileCase(
            "no-title", .plan, .invalid,
            "the plugin gave a layer a title that is none: one line of at most 256 bytes is"),
        HostileCase(
            "title-of-lines", .plan, .invalid,
            "the plugin gave a layer a title that is none: one line of at most 256 bytes is"),
    ]

    static let configurations: [HostileCase] = [
        HostileCase("configure-twice", .plan, .exists, "the plugin configured an image twice"),
        configured("port-word", "'http' is no port; one is 9631/tcp, with tcp, udp or sctp"),
        configured("port-large", "'65536/tcp' is no port; one is 9631/tcp, with tcp, udp or sctp"),
        configured("port-twice", "the port '80/tcp' is there twice"),
        configured("variable-equals", "'B=C' is no name of an environment variable"),
        configured("variable-empty", "'' is no name of an environment variable"),
        configured("variable-twice", "the environment variable 'A' is there twice"),
        configured("bad-user", "'a:b:c' is no user; one is name, uid, name:group or uid:gid"),
        configured("relative-directory", "the working directory 'srv' is no absolute path"),
        configured("bad-signal", "'STOP' is no signal; one is SIGTERM or 15"),
        configured("times-without-test", "the health check has times, and no test"),
        configured(
            "bad-test", "the health check begins with 'curl'; one is CMD and a program, CMD-SHELL and a line, or NONE"),
        configured(
            "long-interval", "a time of the health check is not within a day, or there are more than 1,000 retries"),
        HostileCase("many-labels", .plan, wrongly: "the labels have 257 members, at most 256 may be"),
        HostileCase("much-text", .plan, wrongly: "bio_image_config holds 80070 bytes of text, at most 65536 may be"),
        HostileCase("counts-without-array", .plan, wrongly: "there are 3 volumes, but no array"),
        HostileCase("short-struct", .plan, wrongly: "bio_image_config has 24 bytes, at least 200 are needed"),
        HostileCase(
            "new-flags", .plan, wrongly: "bio_image_config has flags that must be understood (0x100000)"),
    ]

    @Test(arguments: handles + layers + configurations, Mode.allCases)
    func theHostRefusesAndLeavesNothing(_ row: HostileCase, _ mode: Mode) throws {
        let world = try ImagerWorld()
        let error = #expect(throws: PluginError.self) { try world.export(row.behaviour, try mode.runner) }
        #expect(error?.problem == row.problem)
        #expect(try Directory.names(world.out) == [])
    }

    @Test(arguments: Mode.allCases)
    func anImageOfAllPackagesIsMade(_ mode: Mode) throws {
        let world = try ImagerWorld()
        let planned = try world.export("good", try mode.runner, isDryRun: true)
        #expect(planned.map(\.address) == ["\(world.out)/layout"] && planned[0].digest == nil)
        #expect(try Directory.names(world.out) == [])
        let made = try world.export("good", try mode.runner)
        #expect(made.map(\.address) == ["\(world.out)/layout"])
        #expect(made[0].isPrimary && made[0].kind == "image" && made[0].digest != nil)
        #expect(try treeListing("\(world.out)/layout").contains { $0.hasSuffix(" oci-layout") })
    }

    @Test func aFormatWithoutTheGroupsIsRefused() throws {
        let world = try ImagerWorld(variant: "NO_GROUPS")
        let error = #expect(throws: PluginError.self) { try world.export("good", .inProcess) }
        guard case .service(.plan, let refusal)? = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        // The refusal of the handle comes last: the plugin went on with none.
        #expect(refusal.code == .handle || refusal.code == .unsupported)
    }
}
