// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioSystem
import BioTestSupport
import Testing

@testable import BioExport

/// From a plugin's calls to places, with places that only take notes.
@Suite struct ImagePublishingTests {
    private final class Notes {
        var lines: [String] = []
    }

    private struct Full: Error {}

    private final class Place: ImageDestination {
        let location: ImageLocation
        let notes: Notes
        let fails: String?
        let name: ImageReference?
        private var image: Image?

        init(_ location: ImageLocation, _ notes: Notes, fails: String?, name: ImageReference?) {
            self.name = name
            self.location = location
            self.notes = notes
            self.fails = fails
        }

        private func note(_ step: String) throws {
            notes.lines.append("\(step) \(location)")
            if fails == step { throw Full() }
        }

        func stage(_ image: Image, layers: any LayerProvider) throws {
            try note("stage")
            _ = try layers.blobs(of: image.layers, .none)
            self.image = image
        }

        func commit() throws -> PublishedImage {
            try note("commit")
            return PublishedImage(
                location: location, imageID: .sha256(of: [1]), manifestDigest: nil,
                references: name.map { [$0] } ?? image?.references ?? [], layersWritten: 0, layersFound: 0,
                bytesWritten: 0)
        }

        func takeBack() { notes.lines.append("take back \(location)") }
    }

    private struct World: ~Copyable {
        let scratch: Scratch
        let workspace: ExportWorkspace
        let publishing: ImagePublishing
        let services: ExportServices
        let notes: Notes

        init(fails: [Int: String] = [:], names: [Int: ImageReference] = [:]) throws {
            let made = try Scratch()
            let fixture = try ExportFixture.small(in: made.file("root"))
            let space = try ExportWorkspace(in: made.path)
            let notes = Notes()
            let locations: [ImageLocation] = [
                .layout(path: "one", reference: nil), .engine(reference: nil),
                .ociArchive(path: "two.tar", reference: nil),
            ]
            publishing = ImagePublishing(
                .init(
                    references: [try ImageReference(parsing: "acme/app:1")],
                    destinations: locations.enumerated().map { Place($1, notes, fails: fails[$0], name: names[$0]) },
                    created: 1, mostLayers: 100, compression: Compression.none, kind: "image",
                    layers: { LayerMaker(threads: 1, cache: nil, scratch: $0, isCancelled: { false }) }))
            services = ExportServices(
                job: fixture.job(), artifactKinds: ["image"], bytes: fixture.bytes, workspace: space,
                images: publishing, threads: 1, isCancelled: { false }, progress: { _, _ in })
            workspace = space
            self.notes = notes
            scratch = made
        }

        func publish() throws {
            let image = try services.beginImage()
            try services.addPackages([0, 1], toImage: image)
            let tree = try services.beginTree()
            try services.add(.content([0x61], mode: 0o644), at: [0x62], to: tree)
            try services.addTree(tree, title: "files", toImage: image)
            var settings = ContainerSettings()
            settings.command = ["/bin/hello"]
            try services.configureImage(image, settings)
            try services.publishImage(image)
        }

        func planAndRun() throws {
            services.phaseBegan(isPlanning: true, isRunning: false)
            try publish()
            _ = try services.plan()
            services.phaseBegan(isPlanning: false, isRunning: true)
            try publish()
        }
    }

    @Test func theFirstPlaceIsPrimaryAndEnginesCommitFirst() throws {
        let world = try World()
        try world.planAndRun()
        #expect(try world.services.made().isEmpty)
        let artifacts = try world.publishing.commit(isCancelled: { false }) { $0 }
        #expect(artifacts.map(\.isPrimary) == [true, false, false])
        #expect(artifacts.map(\.address) == ["one", "acme/app:1", "two.tar"])
        #expect(
            world.notes.lines == [
                "stage oci:one", "stage docker-daemon", "stage oci-archive:two.tar", "commit docker-daemon",
                "commit oci:one", "commit oci-archive:two.tar",
            ])
        let exported = try #require(world.publishing.exported)
        #expect(exported.layers.map(\.packages.count) == [1, 1, 0])
        #expect(exported.layers.allSatisfy { $0.blob?.digest == $0.facts.diffID })
        #expect(exported.created == "1970-01-01T00:00:01Z")
    }

    @Test func aPlaceThatFailsTakesTheOthersBack() throws {
        let world = try World(fails: [2: "commit"])
        try world.planAndRun()
        #expect(throws: Full.self) { try world.publishing.commit(isCancelled: { false }) { $0 } }
        #expect(world.notes.lines.suffix(2) == ["take back oci:one", "take back docker-daemon"])
        #expect(world.publishing.exported == nil)
        #expect(world.publishing.remaining.map(\.location) == [.engine(reference: nil)])
    }

    @Test func theReportHasTheNamesOfTheFirstPlace() throws {
        let name = try ImageReference(parsing: "other/name:2")
        let world = try World(names: [0: name])
        try world.planAndRun()
        _ = try world.publishing.commit(isCancelled: { false }) { $0 }
        #expect(world.publishing.exported?.references == [name])
    }

    @Test func treesThatAreAddedToImagesCount() throws {
        let world = try World()
        let tree = try world.services.beginTree()
        for number in 0..<300 {
            let file = [UInt8](repeating: 1, count: 65_536)
            try world.services.add(.content(file, mode: 0o644), at: Array("f\(number)".utf8), to: tree)
        }
        let image = try world.services.beginImage()
        var added = 0
        let error = #expect(throws: ServiceError.self) {
            while true {
                try world.services.addTree(tree, title: "files", toImage: image)
                added += 1
            }
        }
        #expect(error?.code == .limit && added == 3)
        #expect(error?.message.hasPrefix("the plugin's file trees hold more than") == true)
    }

    @Test func whatElseFailsTakesThemBackToo() throws {
        let world = try World()
        try world.planAndRun()
        #expect(throws: Full.self) {
            try world.publishing.commit(isCancelled: { false }) { _ throws -> Void in throw Full() }
        }
        #expect(world.notes.lines.count { $0.hasPrefix("take back") } == 3)
    }

    @Test func anInterruptionBeforeTheFirstPlaceLeavesNothing() throws {
        let world = try World()
        try world.planAndRun()
        #expect(throws: ExportCancelled.self) { try world.publishing.commit(isCancelled: { true }) { $0 } }
        #expect(!world.notes.lines.contains { $0.hasPrefix("commit") })
    }

    @Test func aPlaceThatCannotStageIsTheHostsFailure() throws {
        let world = try World(fails: [1: "stage"])
        #expect(throws: ServiceError.self) { try world.planAndRun() }
        #expect(world.publishing.failure is Full)
        #expect(!world.notes.lines.contains("stage oci-archive:two.tar"))
    }

    @Test func whatWasPlannedMustBePublished() throws {
        let world = try World()
        world.services.phaseBegan(isPlanning: true, isRunning: false)
        try world.publish()
        #expect(try world.services.plan().isEmpty)
        #expect(world.publishing.planned.map(\.address) == ["one", "acme/app:1", "two.tar"])
        let error = #expect(throws: ServiceError.self) { try world.services.made() }
        #expect(error?.message == "the plugin planned an image, but did not publish it")
    }

    @Test func aFormatWithoutTheGroupsMakesNoImages() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let services = ExportServices(
            job: fixture.job(), artifactKinds: ["image"], bytes: fixture.bytes,
            workspace: try ExportWorkspace(in: scratch.path), threads: 1, isCancelled: { false },
            progress: { _, _ in })
        for call in [{ try _ = services.beginImage() }, { try _ = services.imageReference(of: 0, 0) }]
            as [() throws -> Void]
        {
            let error = #expect(throws: ServiceError.self) { try call() }
            #expect(error?.code == .unsupported)
        }
    }
}
