// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioHTTP
import BioOCI
import BioSystem
import BioTestSupport
import Testing

@testable import BioRegistry

/// Images that go from place to place as they are.
@Suite struct RegistryCopyTests {
    private static let layer = PushFixture.bytes(300_000, seed: 1)
    private static let other = PushFixture.bytes(200_000, seed: 2)

    /// A layout with an index of two images, which share a layer, and a referrer of one; the digest of the index.
    private static func layout(_ path: String) throws -> Digest {
        let change = try LayoutChange(of: path, cancellation: .never)
        var entries: [Descriptor] = []
        for bytes in [layer, other] { _ = try change.add(described(bytes, .ociLayer)) { MemorySource(bytes) } }
        for (architecture, layers) in [("amd64", [layer]), ("arm64", [layer, other])] {
            let (_, provider) = try PushFixture.image(layers)
            let image = ImageConfiguration(
                created: "2026-01-01T00:00:00Z", platform: Platform(os: "linux", architecture: architecture),
                process: ProcessConfiguration(), diffIDs: layers.map { .sha256(of: $0) }, history: []
            ).bytes
            let blobs = try provider.blobs(of: provider.layers, .none)
            let manifest = ImageManifest(
                format: .oci,
                configuration: Descriptor(
                    mediaType: .ociConfiguration, digest: .sha256(of: image), size: Int64(image.count)),
                layers: blobs.map { Descriptor(mediaType: .ociLayer, digest: $0.digest, size: $0.size) }
            ).bytes
            for bytes in [image, manifest] {
                _ = try change.add(described(bytes, .ociLayer)) { MemorySource(bytes) }
            }
            var entry = described(manifest, .ociManifest)
            entry.platform = Platform(os: "linux", architecture: architecture)
            entries.append(entry)
        }
        let index = ImageIndex(format: .oci, manifests: entries).bytes
        _ = try change.add(described(index, .ociIndex)) { MemorySource(index) }
        let (empty, document) = (Array("{}".utf8), Array("what it is made of".utf8))
        let referrer = ImageManifest(
            format: .oci, configuration: described(empty, .ociEmpty),
            layers: [described(document, MediaType("text/plain"))], artifactType: "text/plain",
            subject: described(index, .ociIndex)
        ).bytes
        for bytes in [empty, document, referrer] {
            _ = try change.add(described(bytes, .ociLayer)) { MemorySource(bytes) }
        }
        var listed = described(referrer, .ociManifest)
        listed.artifactType = "text/plain"
        try change.commit([
            (described(index, .ociIndex), names: [LayoutName("both")]), (listed, names: []),
        ])
        return .sha256(of: index)
    }

    private static func described(_ bytes: [UInt8], _ type: MediaType) -> Descriptor {
        Descriptor(mediaType: type, digest: .sha256(of: bytes), size: Int64(bytes.count))
    }

    private static func session(_ registry: ScriptedRegistry) -> RegistrySession {
        RegistrySession(RegistryHost(registry.host), PushFixture.settings())
    }

    private static func contents(_ registry: ScriptedRegistry, _ name: String) throws -> RegistryContents {
        RegistryContents(try ImageReference(parsing: "\(registry.host)/\(name)"), session(registry))
    }

    private static func copy(
        _ contents: any ImageContents, to registry: ScriptedRegistry, _ path: String, _ tag: String? = "1",
        platform: Platform? = nil, referrers: Bool = true, isDry: Bool = false
    ) throws -> CopyResult {
        let plan = try CopyPlan(contents, platform: platform, referrers: referrers)
        return try RegistryCopy(
            to: PushFixture.repository(registry.host, path), tag: tag, session(registry),
            places: BlobPlaces(directory: nil)
        ).run(plan, from: contents, isDry: isDry)
    }

    private static func stored(_ path: String, _ name: String = "both") throws -> LayoutContents {
        try #require(try LayoutContents(.layout(path: path, reference: name)))
    }

    @Test func aListGoesWithItsImagesAndWhatIsSaidOfIt() throws {
        let scratch = try Scratch()
        let digest = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none"])
        let result = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b")
        let state = try registry.state()
        #expect(result.top.digest == digest)
        #expect((result.manifests, result.referrers) == (3, 1))
        #expect(state.repositories["a/b"]?.tags == ["1": "\(digest)"])
        #expect(state.repositories["a/b"]?.manifests.count == 4)
        // The shared layer once.
        #expect(state.requests("upload-put").filter { $0.received == Self.layer.count }.count == 1)
        // No manifest twice, the list after its images, its name last of all that is of the image.
        let puts = state.requests("manifest-put").map(\.path)
        #expect(Set(puts).count == puts.count)
        #expect(puts.last?.hasSuffix("/1") == true)

        try registry.forgetRequests()
        let again = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b")
        #expect(again.wasThere)
        #expect(again.bytesSent == 0)
        #expect(try registry.state().requests.allSatisfy { $0.method == "HEAD" || $0.kind == "ping" })
    }

    @Test func betweenRepositoriesOfARegistryNoLayerMoves() throws {
        let scratch = try Scratch()
        let digest = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none"])
        _ = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b")
        try registry.forgetRequests()
        let result = try Self.copy(try Self.contents(registry, "a/b:1"), to: registry, "c/d", "2")
        let state = try registry.state()
        #expect(result.top.digest == digest)
        #expect(result.referrers == 1)
        #expect((state.uploadedBytes, state.downloadedBytes) == (0, 0))
        #expect(state.repositories["c/d"]?.tags == ["2": "\(digest)"])
    }

    @Test func betweenRegistriesEveryByteMovesOnce() throws {
        let scratch = try Scratch()
        _ = try Self.layout(scratch.file("layout"))
        let (first, second) = (try ScriptedRegistry(["auth": "none"]), try ScriptedRegistry(["auth": "none"]))
        _ = try Self.copy(try Self.stored(scratch.file("layout")), to: first, "a/b")
        try first.forgetRequests()
        let result = try Self.copy(try Self.contents(first, "a/b:1"), to: second, "a/b")
        let (source, destination) = (try first.state(), try second.state())
        #expect(source.downloadedBytes == destination.uploadedBytes)
        #expect(Int64(destination.uploadedBytes) == result.bytesSent)
        #expect(destination.repositories["a/b"]?.manifests == source.repositories["a/b"]?.manifests)
    }

    @Test func onePlatformGoesWithoutTheList() throws {
        let scratch = try Scratch()
        _ = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none"])
        let platform = Platform(os: "linux", architecture: "arm64")
        let stored = try Self.stored(scratch.file("layout"))
        let result = try Self.copy(stored, to: registry, "a/b", platform: platform)
        #expect((result.manifests, result.referrers) == (1, 0))
        #expect(try registry.state().repositories["a/b"]?.tags["1"] == "\(result.top.digest)")
        #expect(throws: RegistryError.self) {
            try Self.copy(stored, to: registry, "a/b", platform: Platform(os: "plan9", architecture: "arm64"))
        }
        // One that is in no list is asked what it is.
        let single = try Self.contents(registry, "a/b:1")
        #expect(throws: RegistryError.self) {
            try Self.copy(single, to: registry, "c/d", platform: Platform(os: "linux", architecture: "amd64"))
        }
        #expect(try Self.copy(single, to: registry, "c/d", platform: platform).top == result.top)
    }

    @Test func aDryRunChangesNothing() throws {
        let scratch = try Scratch()
        _ = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.put(blob: Self.layer, in: "a/b")
        let result = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b", isDry: true)
        #expect(result.blobsFound == 1)
        #expect(result.bytesSent > Int64(Self.other.count))
        #expect(try registry.state().requests.allSatisfy { $0.method == "HEAD" || $0.kind == "ping" })
    }

    @Test func aLayerThatIsNotItsDigestIsNotTaken() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        _ = try Self.layout(path)
        var damaged = Self.layer
        damaged[0] ^= 1
        try AtomicFile.write(damaged, to: "\(path)/blobs/sha256/\(Digest.sha256(of: Self.layer).hex)")
        let registry = try ScriptedRegistry(["auth": "none"])
        #expect {
            try Self.copy(try Self.stored(path), to: registry, "a/b")
        } throws: { error in
            guard case ImageError.blobDigest = error else { return false }
            return true
        }
        #expect(try registry.state().repositories["a/b"]?.manifests ?? [:] == [:])
    }

    @Test func aRegistryThatGivesAnotherLayerIsToldSo() throws {
        let scratch = try Scratch()
        _ = try Self.layout(scratch.file("layout"))
        let (first, second) = (try ScriptedRegistry(["auth": "none"]), try ScriptedRegistry(["auth": "none"]))
        _ = try Self.copy(try Self.stored(scratch.file("layout")), to: first, "a/b")
        try first.fail(["kind": "blob-get", "do": "lie", "flip": true, "times": 0])
        #expect(throws: (any Error).self) { try Self.copy(try Self.contents(first, "a/b:1"), to: second, "a/b") }
        #expect(try second.state().repositories["a/b"]?.manifests ?? [:] == [:])
    }

    @Test(arguments: [true, false]) func theWayBackGivesTheSameBytes(_ isArchive: Bool) throws {
        let scratch = try Scratch()
        let digest = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none"])
        _ = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b")
        let contents = try Self.contents(registry, "a/b:1")
        let plan = try CopyPlan(contents, platform: nil, referrers: true)
        let location: ImageLocation =
            isArchive
            ? .ociArchive(path: scratch.file("x.tar"), reference: nil)
            : .layout(path: scratch.file("back"), reference: nil)
        let result = try LayoutCopy(to: location, names: [LayoutName("both")]).run(plan, from: contents)
        #expect(result.top.digest == digest)
        let back = try #require(try LayoutContents(location))
        #expect(try back.top().descriptor.digest == digest)
        #expect(try back.referrers(of: digest).count == 1)
        #expect(try Directory.names(scratch.path).allSatisfy { !$0.starts(with: Array(".bio".utf8)) })
    }

    /// Nobody mends the list of a registry without the API when a referrer is removed.
    @Test func aReferrerThatIsGoneStaysBehind() throws {
        let scratch = try Scratch()
        let digest = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none", "referrers": false])
        _ = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b")
        let gone = Self.described([1, 2, 3], .ociManifest)
        let list = ImageIndex(format: .oci, manifests: [gone]).bytes
        try registry.put(manifest: list, in: "a/b", as: "sha256-\(digest.hex)")
        let result = try Self.copy(try Self.contents(registry, "a/b:1"), to: registry, "c/d", "2")
        #expect((result.referrers, result.referrersLeft) == (0, 1))
        #expect(try registry.state().repositories["c/d"]?.tags["2"] == "\(digest)")
    }

    /// Their sum is no number.
    @Test func sizesThatNobodyHasAreRefused() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let layer = Descriptor(mediaType: .ociLayer, digest: .sha256(of: [1]), size: .max)
        let other = Descriptor(mediaType: .ociLayer, digest: .sha256(of: [2]), size: .max)
        let manifest = ImageManifest(
            format: .oci, configuration: Self.described([], .ociConfiguration), layers: [layer, other])
        try registry.put(manifest: manifest.bytes, in: "a/b", as: "1")
        #expect(throws: ImageError.self) {
            try Self.copy(try Self.contents(registry, "a/b:1"), to: registry, "c/d", isDry: true)
        }
    }

    @Test func cosignsTagsGoWithTheImage() throws {
        let scratch = try Scratch()
        let digest = try Self.layout(scratch.file("layout"))
        let registry = try ScriptedRegistry(["auth": "none"])
        _ = try Self.copy(try Self.stored(scratch.file("layout")), to: registry, "a/b")
        let (empty, signature) = (Array("{}".utf8), Array("signed".utf8))
        for blob in [empty, signature] { try registry.put(blob: blob, in: "a/b") }
        let manifest = ImageManifest(
            format: .oci, configuration: Self.described(empty, .ociConfiguration),
            layers: [Self.described(signature, MediaType("application/vnd.dev.cosign.simplesigning.v1+json"))]
        ).bytes
        try registry.put(manifest: manifest, in: "a/b", as: "sha256-\(digest.hex).sig")
        _ = try Self.copy(try Self.contents(registry, "a/b:1"), to: registry, "c/d", "2")
        let tags = try registry.state().repositories["c/d"]?.tags
        #expect(tags?["sha256-\(digest.hex).sig"] == "\(Digest.sha256(of: manifest))")
        // On a disk and from there too.
        let carried = scratch.file("carried")
        let plan = try CopyPlan(try Self.contents(registry, "a/b:1"), platform: nil, referrers: true)
        _ = try LayoutCopy(to: .layout(path: carried, reference: nil), names: [])
            .run(plan, from: try Self.contents(registry, "a/b:1"))
        let stored = try #require(try LayoutContents(.layout(path: carried, reference: nil)))
        _ = try Self.copy(stored, to: registry, "g/h", "3")
        let again = try registry.state().repositories["g/h"]?.tags
        #expect(again?["sha256-\(digest.hex).sig"] == "\(Digest.sha256(of: manifest))")
        #expect(again?["3"] == "\(digest)")
        _ = try Self.copy(try Self.contents(registry, "a/b:1"), to: registry, "e/f", "2", referrers: false)
        #expect(try registry.state().repositories["e/f"]?.tags.count == 1)
    }
}
