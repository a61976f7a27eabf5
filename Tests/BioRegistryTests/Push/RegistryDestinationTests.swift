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

/// Images on their way into a registry that counts.
@Suite struct RegistryDestinationTests {
    private static let lower = PushFixture.bytes(300_000, seed: 1)
    private static let upper = PushFixture.bytes(200_000, seed: 2)

    private static func destination(
        _ registry: ScriptedRegistry, _ name: String, places: BlobPlaces = BlobPlaces(directory: nil)
    ) throws -> RegistryDestination {
        let reference = try ImageReference(parsing: "\(registry.host)/\(name)")
        return RegistryDestination(
            reference, RegistrySession(RegistryHost(registry.host), PushFixture.settings()), places: places,
            compression: .none)
    }

    @discardableResult
    private static func publish(
        _ layers: [[UInt8]], _ references: [String] = ["acme/app:1.0"], to destination: RegistryDestination
    ) throws -> PublishedImage {
        let (image, provider) = try PushFixture.image(layers, references: references)
        try destination.stage(image, layers: provider)
        return try destination.commit()
    }

    @Test func nobodySeesAnImageBeforeItIsCommitted() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let destination = try Self.destination(registry, "acme/app:1.0")
        let (image, provider) = try PushFixture.image([Self.lower, Self.upper])
        try destination.stage(image, layers: provider)
        #expect(try registry.state().repositories["acme/app"]?.tags == [:])
        let published = try destination.commit()
        let digest = try #require(published.manifestDigest)
        #expect(try registry.state().repositories["acme/app"]?.tags == ["1.0": "\(digest)"])
        #expect(digest == destination.stagedManifest?.digest)
        #expect(published.digestReference?.description == "\(registry.host)/acme/app@\(digest)")
        #expect((published.layersWritten, published.layersFound, published.layersMounted) == (2, 0, 0))
    }

    @Test func anImageThatIsThereCostsOneRequestForEachTag() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let names = ["acme/app:latest", "acme/app:1.0", "acme/app:1.0-1"]
        try Self.publish([Self.lower], names, to: try Self.destination(registry, "acme/app"))
        try registry.forgetRequests()
        let again = try Self.publish([Self.lower], names, to: try Self.destination(registry, "acme/app"))
        let state = try registry.state()
        #expect(state.requests.map(\.kind).filter { $0 != "ping" } == Array(repeating: "manifest-head", count: 3))
        #expect(state.repositories["acme/app"]?.tags.count == 3)
        #expect(
            again.references.map { "\($0)" } == ["latest", "1.0", "1.0-1"].map { "\(registry.host)/acme/app:\($0)" })
        #expect(again.bytesWritten == 0)
    }

    @Test func onlyAChangedLayerIsSentAndOthersAreNotAskedFor() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try Self.publish([Self.lower, Self.upper], to: try Self.destination(registry, "acme/app:1.0"))
        try registry.forgetRequests()
        let changed = PushFixture.bytes(1000, seed: 3)
        let published = try Self.publish([Self.lower, changed], to: try Self.destination(registry, "acme/app:1.0"))
        let state = try registry.state()
        #expect((published.layersWritten, published.layersFound) == (1, 1))
        let asked = state.requests("blob-head").map(\.path)
        #expect(!asked.contains { $0.contains(Digest.sha256(of: Self.lower).hex) })
        #expect(state.uploadedBytes < 3000)
    }

    @Test func anotherTagOfAnImageThatIsThereSendsItsManifestOnly() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try Self.publish([Self.lower], to: try Self.destination(registry, "acme/app:1.0"))
        try registry.forgetRequests()
        try Self.publish([Self.lower], to: try Self.destination(registry, "acme/app:2.0"))
        let state = try registry.state()
        #expect(
            state.requests.map(\.kind).filter { $0 != "ping" } == ["manifest-head", "manifest-head", "manifest-put"])
        #expect(state.repositories["acme/app"]?.tags.count == 2)
    }

    @Test func aSecondRepositoryGetsNoByteOfALayer() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let places = BlobPlaces(directory: nil)
        try Self.publish([Self.lower, Self.upper], to: try Self.destination(registry, "acme/app:1", places: places))
        try registry.forgetRequests()
        let published = try Self.publish(
            [Self.lower, Self.upper], to: try Self.destination(registry, "acme/other:1", places: places))
        #expect((published.layersWritten, published.layersMounted) == (0, 2))
        #expect(try registry.state().uploadedBytes == 0)
    }

    /// As after a garbage collection that took too much: the manifest that is there names what is lost.
    @Test func blobsThatWereLostAreSentAgain() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try Self.publish([Self.lower, Self.upper], to: try Self.destination(registry, "acme/app:1.0"))
        try registry.lose("\(Digest.sha256(of: Self.lower))")
        try Self.publish([Self.lower, [1, 2, 3]], to: try Self.destination(registry, "acme/app:1.0"))
        let state = try registry.state()
        #expect(state.blobs["\(Digest.sha256(of: Self.lower))"] == Self.lower.count)
        #expect(state.repositories["acme/app"]?.blobs.contains("\(Digest.sha256(of: Self.lower))") == true)
    }

    @Test func aRegistryThatLiesAboutAManifestIsToldSo() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let other = "\(Digest.sha256(of: [9]))"
        try registry.fail(
            ["kind": "manifest-put", "do": "lie", "headers": ["Docker-Content-Digest": .string(other)], "times": 0])
        #expect {
            try Self.publish([Self.lower], to: try Self.destination(registry, "acme/app:1.0"))
        } throws: { error in
            guard case RegistryError.otherContent = error else { return false }
            return true
        }
    }

    @Test func whatStaysOfACommitThatFailedIsTold() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let destination = try Self.destination(registry, "acme/app")
        let (image, provider) = try PushFixture.image([Self.lower], references: ["a/b:one", "a/b:two"])
        try destination.stage(image, layers: provider)
        #expect(destination.halfCommitted == nil)
        try registry.fail(["kind": "manifest-put", "path": "two", "do": "answer", "status": 403, "times": 0])
        #expect(throws: (any Error).self) { _ = try destination.commit() }
        #expect(destination.halfCommitted?.references.map { "\($0)" } == ["\(registry.host)/acme/app:one"])
    }

    @Test(arguments: [true, false]) func documentsAreKeptWithTheImage(_ knowsReferrers: Bool) throws {
        let registry = try ScriptedRegistry(["auth": "none", "referrers": .bool(knowsReferrers)])
        let destination = try Self.destination(registry, "acme/app:1.0")
        let (image, provider) = try PushFixture.image([Self.lower])
        try destination.stage(image, layers: provider)
        let attachments = ["application/spdx+json", "application/vnd.in-toto+json"].map {
            ImageAttachment(artifactType: $0, bytes: Array("{\"is\": \"\($0)\"}".utf8), fileSuffix: ".json")
        }
        #expect(try destination.attach(attachments))
        let published = try destination.commit()
        let digest = try #require(published.manifestDigest)
        let repository = try #require(try registry.state().repositories["acme/app"])
        // Without the API there are two states of the list.
        #expect(repository.manifests.count == (knowsReferrers ? 3 : 5))
        #expect(repository.tags.keys.sorted() == (knowsReferrers ? ["1.0"] : ["1.0", "sha256-\(digest.hex)"]))
        let manifests = try repository.manifests.values.map { try DocumentValue(json: Array($0.utf8)) }
        let referrers = manifests.filter { $0["subject"]?["digest"]?.string == "\(digest)" }
        #expect(Set(referrers.compactMap { $0["artifactType"]?.string }) == Set(attachments.map(\.artifactType)))
        if !knowsReferrers {
            let list = repository.tags["sha256-\(digest.hex)"].flatMap { repository.manifests[$0] }
            let index = try DocumentValue(json: Array((list ?? "").utf8))
            #expect(index["manifests"]?.array?.count == 2)
        }
        // What is said of an image is there before somebody finds the image by its name.
        let puts = try registry.state().requests("manifest-put").map(\.path)
        #expect(puts.last?.hasSuffix("/1.0") == true)
    }

    @Test func otherReferrersStayInTheList() throws {
        let registry = try ScriptedRegistry(["auth": "none", "referrers": false])
        for type in ["a/one", "a/two"] {
            let destination = try Self.destination(registry, "acme/app:1.0")
            let (image, provider) = try PushFixture.image([Self.lower])
            try destination.stage(image, layers: provider)
            _ = try destination.attach([ImageAttachment(artifactType: type, bytes: Array(type.utf8), fileSuffix: "")])
            _ = try destination.commit()
        }
        let repository = try #require(try registry.state().repositories["acme/app"])
        let tag = try #require(repository.tags.first { $0.key.hasPrefix("sha256-") })
        let index = try DocumentValue(json: Array((repository.manifests[tag.value] ?? "").utf8))
        #expect(index["manifests"]?.array?.compactMap { $0["artifactType"]?.string } == ["a/one", "a/two"])
    }
}
