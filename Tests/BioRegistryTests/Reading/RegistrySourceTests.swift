// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioDocument
import BioOCI
import BioRegistry
import BioTestSupport
import Testing

@Suite struct RegistrySourceTests {
    private static let amd64 = Platform(os: "linux", architecture: "amd64")
    private static let arm64 = Platform(os: "linux", architecture: "arm64", variant: "v8")
    private static let s390x = Platform(os: "linux", architecture: "s390x")

    private static func source(
        _ world: ClientWorld, _ name: String, _ platform: Platform = amd64, chosen: Bool = false
    ) throws -> RegistrySource {
        let reference = try ImageReference(parsing: "\(world.repository)\(name)")
        return RegistrySource(reference, world.client.session, platform: platform, isPlatformChosen: chosen)
    }

    /// An index of three images in an index; with something that is no image beside them.
    private static func putIndex(_ world: ClientWorld) throws -> [Descriptor] {
        let images = [
            try world.putImage(amd64, mark: "a"), try world.putImage(arm64, mark: "b"),
            try world.putImage(s390x, mark: "c"),
        ]
        var attested = try world.putImage(Platform(os: "unknown", architecture: "unknown"), mark: "d")
        attested.annotations["vnd.docker.reference.type"] = "attestation-manifest"
        let inner = ImageIndex(format: .oci, manifests: [images[1], images[2]])
        let nested = try world.putManifest(inner.bytes, .ociIndex, as: "inner")
        let outer = ImageIndex(format: .oci, manifests: [attested, images[0], nested])
        _ = try world.putManifest(outer.bytes, .ociIndex, as: "multi")
        return images
    }

    @Test func findsTheImageOfATag() throws {
        let world = try ClientWorld(["auth": "token"])
        let put = try world.putImage(Self.s390x, mark: "a")
        for name in [":image-a", "@\(put.digest)", ":gone@\(put.digest)"] {
            let source = try Self.source(world, name)
            let image = try source.image()
            #expect(image.manifest?.digest == put.digest && image.configuration.platform == Self.s390x)
            #expect(try source.images() == [image])
            var layer = try #require(try source.openLayer(image.layers[0]))
            let read = try withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { try layer.read(into: $0) }
            #expect(read == 1025)
        }
    }

    @Test func choosesThePlatform() throws {
        let world = try ClientWorld()
        let images = try Self.putIndex(world)
        let arm = Platform(os: "linux", architecture: "arm64")
        for (platform, image) in [
            (Self.amd64, images[0]), (Self.arm64, images[1]), (arm, images[1]), (Self.s390x, images[2]),
        ] {
            #expect(try Self.source(world, ":multi", platform, chosen: true).image().manifest?.digest == image.digest)
        }
        let windows = Platform(os: "windows", architecture: "amd64")
        let error = #expect(throws: RegistryError.self) {
            try Self.source(world, ":multi", windows, chosen: true).image()
        }
        guard case .noPlatform(_, "windows/amd64", let known) = error else {
            return #expect(Bool(false), "\(error as Any)")
        }
        #expect(known == ["linux/arm64/v8", "linux/s390x"] && error?.hint?.contains("linux/s390x") == true)
    }

    @Test func takesTheOnlyImageUnlessAnotherIsWanted() throws {
        let world = try ClientWorld()
        let image = try world.putImage(Self.s390x, mark: "a")
        _ = try world.putManifest(ImageIndex(format: .oci, manifests: [image]).bytes, .ociIndex, as: "single")
        #expect(try Self.source(world, ":single").image().manifest?.digest == image.digest)
        #expect(throws: RegistryError.self) { try Self.source(world, ":single", chosen: true).image() }
    }

    @Test func anImageByItselfIsForItsPlatform() throws {
        let world = try ClientWorld()
        _ = try world.putImage(Self.s390x, mark: "a")
        let source = try Self.source(world, ":image-a", chosen: true)
        #expect(
            throws: RegistryError.noPlatform(place: "\(source.location)", wanted: "linux/amd64", known: ["linux/s390x"])
        ) {
            try source.image()
        }
    }

    @Test(arguments: ["redis", "docker.io/redis", "index.docker.io/redis", "docker.io/library/redis"])
    func knowsDockerHub(name: String) throws {
        let repository = Repository(of: try ImageReference(parsing: name))
        #expect("\(repository)" == "docker.io/library/redis" && repository.registry.endpoint == "registry-1.docker.io")
    }

    @Test func listsAllTags() throws {
        let world = try ClientWorld(["page": 2])
        let images = try Self.putIndex(world)
        _ = try world.putManifest(
            ImageManifest(
                format: .oci, configuration: try world.put([1], mediaType: MediaType("a/b")), layers: []
            ).bytes, .ociManifest, as: "artifact")
        let found = try Self.source(world, "").images()
        let ours = try #require(found.first { $0.manifest?.digest == images[0].digest })
        #expect(ours.names.sorted() == ["\(world.repository):image-a", "\(world.repository):multi"])
        // Images of one platform are what they are; an index without this machine's is left out.
        #expect(found.count == 4, "\(found.map(\.names))")
    }

    @Test func saysWhatIsNotThere() throws {
        let world = try ClientWorld()
        #expect(throws: RegistryError.missing(what: "image 'latest'", place: "\(world.repository)")) {
            try Self.source(world, "").image()
        }
        #expect(throws: RegistryError.self) { try Self.source(world, "").images() }
        _ = try world.putManifest(
            ImageManifest(
                format: .oci, configuration: try world.put([1], mediaType: MediaType("a/b")), layers: []
            ).bytes, .ociManifest, as: "artifact")
        #expect(throws: RegistryError.self) { try Self.source(world, ":artifact").image() }
    }

    @Test func goesNotDownForEver() throws {
        let world = try ClientWorld()
        var inner = try world.putImage(Self.amd64, mark: "a")
        for depth in 0..<6 {
            let index = ImageIndex(format: .oci, manifests: [inner])
            inner = try world.putManifest(index.bytes, .ociIndex, as: "depth-\(depth)")
        }
        #expect(try Self.source(world, ":depth-3").image().layers.count == 1)
        #expect(throws: ImageError.self) { try Self.source(world, ":depth-5").image() }
    }
}
