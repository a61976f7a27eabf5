// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioAttestation
import BioCrypto
import BioDocument
import BioOCI
import BioSystem
import BioTestSupport
import Testing

@testable import BioExport

/// Documents about an image, at places that keep them and at places that do not.
@Suite struct ImageAttestationsTests {
    private final class Place: ImageDestination {
        let location: ImageLocation
        let keeps: Bool
        let fails: Bool
        private(set) var kept: [ImageAttachment] = []
        private(set) var stagedManifest: Descriptor?
        private var image: Image?

        init(_ location: ImageLocation, keeps: Bool = false, fails: Bool = false) {
            self.location = location
            self.keeps = keeps
            self.fails = fails
        }

        func stage(_ image: Image, layers: any LayerProvider) throws {
            _ = try layers.blobs(of: image.layers, .none)
            self.image = image
            stagedManifest = Descriptor(mediaType: .ociManifest, digest: Self.manifest, size: 1)
        }

        func attach(_ attachments: [ImageAttachment]) throws -> Bool {
            guard keeps else { return false }
            kept = attachments
            return true
        }

        func commit() throws -> PublishedImage {
            if fails { throw Full() }
            return PublishedImage(
                location: location, imageID: .sha256(of: [1]), manifestDigest: Self.manifest,
                references: image?.references ?? [], layersWritten: 0, layersFound: 0, bytesWritten: 0)
        }

        static let manifest = Digest.sha256(of: Array("manifest".utf8))
    }

    private struct Full: Error {}

    private struct World: ~Copyable {
        let scratch: Scratch
        let workspace: ExportWorkspace
        let publishing: ImagePublishing
        let services: ExportServices
        let job: ExportJob

        init(_ scratch: consuming Scratch, _ places: [Place], _ wanted: [Attestation] = [.bill(.spdx), .provenance])
            throws
        {
            let fixture = try ExportFixture.small(in: scratch.file("root"))
            let space = try ExportWorkspace(in: scratch.path)
            let maker = ExportFacts.Maker(
                version: "1", format: "docker", pluginID: "a.b", pluginVersion: "1", parameters: [])
            publishing = ImagePublishing(
                .init(
                    references: [try ImageReference(parsing: "acme/app:1")], destinations: places, created: 1,
                    mostLayers: 100, compression: Compression.none, kind: "image",
                    layers: { LayerMaker(threads: 1, cache: nil, scratch: $0, isCancelled: { false }) },
                    attestations: ExportAttestations(wanted, by: maker, signedWith: nil)))
            job = fixture.job()
            services = ExportServices(
                job: job, artifactKinds: ["image"], bytes: fixture.bytes, workspace: space, images: publishing,
                threads: 1, isCancelled: { false }, progress: { _, _ in })
            workspace = space
            self.scratch = scratch
        }

        private func publish() throws {
            let image = try services.beginImage()
            try services.addPackages([0, 1], toImage: image)
            var settings = ContainerSettings()
            settings.command = ["/bin/hello"]
            try services.configureImage(image, settings)
            try services.publishImage(image)
        }

        func run(then: () throws -> Void = {}) throws -> [Artifact] {
            services.phaseBegan(isPlanning: true, isRunning: false)
            try publish()
            services.phaseBegan(isPlanning: false, isRunning: true)
            try publish()
            return try publishing.commit(isCancelled: { false }) { artifacts in
                try then()
                return artifacts
            }
        }
    }

    private static func tar(_ scratch: borrowing Scratch) -> ImageLocation {
        .ociArchive(path: scratch.file("a.tar"), reference: nil)
    }

    @Test func aPlaceThatKeepsThemGetsThem() throws {
        let scratch = try Scratch()
        let keeping = Place(.registry(try ImageReference(parsing: "localhost:1/a")), keeps: true)
        let filing = Place(Self.tar(scratch))
        let files = [scratch.file("a.tar.spdx.json"), scratch.file("a.tar.provenance.json")]
        let world = try World(scratch, [keeping, filing])
        let artifacts = try world.run()
        #expect(keeping.kept.map(\.artifactType) == ["application/spdx+json", "application/vnd.in-toto+json"])
        #expect(artifacts.map(\.address) == ["localhost:1/a@\(Place.manifest)", filing.location.path] + files)
        #expect(artifacts.dropFirst(2).allSatisfy { !$0.isPrimary && $0.isReproducible })
        #expect(artifacts.map(\.kind) == ["image", "image", "sbom", "provenance"])
        for (file, kept) in zip(files, keeping.kept) { #expect(try contents(of: file) == kept.bytes) }
        #expect(artifacts[2].digest == .sha256(of: keeping.kept[0].bytes))
        let statement = try Statement(parsing: keeping.kept[1].bytes)
        #expect(statement.speaks(of: Place.manifest))
        #expect(statement.subjects.map(\.name) == ["acme/app:1", "acme/app:1 (configuration)"])
        let planned = world.publishing.plannedDocuments(of: world.job)
        #expect(planned.map(\.address) == files && planned.allSatisfy { $0.digest == nil })
    }

    @Test func aPlaceThatFailsLeavesNone() throws {
        let scratch = try Scratch()
        let file = scratch.file("a.tar.spdx.json")
        let place = Place(Self.tar(scratch), fails: true)
        let world = try World(scratch, [place])
        #expect(throws: Full.self) { _ = try world.run() }
        #expect(try FileStatus.ofLink(file) == nil)
    }

    /// What was there comes back when anything after it fails.
    @Test func aFailureAfterThemTakesThemBack() throws {
        let scratch = try Scratch()
        let old = try scratch.write([1, 2, 3], to: "a.tar.spdx.json")
        let new = scratch.file("a.tar.provenance.json")
        let place = Place(Self.tar(scratch))
        let world = try World(scratch, [place])
        #expect(throws: Full.self) {
            _ = try world.run {
                #expect(try contents(of: old) != [1, 2, 3])
                throw Full()
            }
        }
        #expect(try contents(of: old) == [1, 2, 3])
        #expect(try FileStatus.ofLink(new) == nil)
    }

    @Test func onlyAFileIsReplaced() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.tar.spdx.json")
        try Directory.create(path)
        let place = Place(Self.tar(scratch))
        let world = try World(scratch, [place])
        #expect(throws: PlacementError.inTheWay(path)) { _ = try world.run() }
    }

    @Test func whereThereIsNoPathThePackageNamesThem() throws {
        let scratch = try Scratch()
        let job = try ExportFixture.small(in: scratch.file("root")).job()
        #expect(ImageLocation.engine(reference: nil).documentBase(job, []) == "acme-app-2.1-20260101000002")
        #expect(ImageLocation.layout(path: "/", reference: nil).documentBase(job, []) == "acme-app-2.1-20260101000002")
        #expect(ImageLocation.ociArchive(path: "x", reference: "y").documentBase(job, []) == "x")
    }

    /// A layout is made for several images: none takes the documents of another.
    @Test func inALayoutTheImagesNameIsPartOfTheirs() throws {
        let scratch = try Scratch()
        let job = try ExportFixture.small(in: scratch.file("root")).job()
        let names = try ["acme/app:latest", "acme/app:2.1"].map { try ImageReference(parsing: $0) }
        func base(_ reference: String?, _ names: [ImageReference]) -> String {
            ImageLocation.layout(path: "x//", reference: reference).documentBase(job, names)
        }
        #expect(base("y", names) == "x.y" && base("z", names) == "x.z")
        #expect(base(nil, names) == "x.2.1" && base(nil, []) == "x")
        #expect(base("../a/b:1", []) == "x...%2Fa%2Fb%3A1")
        #expect(base("a/b", []) != base("a_b", []) && base("a%2Fb", []) != base("a/b", []))
    }

    @Test func aNameIsOfTheRegistryThatGetsIt() throws {
        let scratch = try Scratch()
        let reference = try ImageReference(parsing: "localhost:1/there/it:3")
        let keeping = Place(.registry(reference), keeps: true)
        let world = try World(scratch, [keeping], [.bill(.cyclonedx)])
        _ = try world.run()
        let bill = try DocumentValue(json: keeping.kept[0].bytes)
        let purl = bill["metadata"]?["component"]?["purl"]?.string ?? ""
        #expect(purl.hasPrefix("pkg:oci/it@") && purl.hasSuffix("&repository_url=localhost%3A1%2Fthere%2Fit&tag=3"))
    }
}
