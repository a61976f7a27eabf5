// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioRegistry
import BioTestSupport
import Testing

@Suite struct ManifestTests {
    @Test func readsAManifestByTagAndDigest() throws {
        let world = try ClientWorld(["auth": "token"])
        let image = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        for name in [ManifestName.tag("image-a"), .digest(image.digest)] {
            let found = try #require(try world.client.manifest(name, of: world.repository))
            #expect(found.descriptor.digest == image.digest && found.descriptor.mediaType == .ociManifest)
            let told = try #require(try world.client.describe(name, of: world.repository))
            #expect(told.digest == image.digest && told.size == image.size && told.mediaType == .ociManifest)
        }
        #expect(try world.client.manifest(.tag("other"), of: world.repository) == nil)
        #expect(try world.client.describe(.tag("other"), of: world.repository) == nil)
    }

    private static let lies: [DocumentValue] = [
        ["kind": "manifest-get", "do": "lie", "flip": true],
        [
            "kind": "manifest-get", "do": "lie",
            "headers": ["Docker-Content-Digest": .string("\(Digest.sha256(of: []))")],
        ],
        ["kind": "manifest-get", "do": "lie", "body": "{\"schemaVersion\": 2}"],
    ]

    @Test(arguments: lies) func doesNotBelieveWhatIsSaidOfAManifest(lie: DocumentValue) throws {
        let world = try ClientWorld()
        let image = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        for name in [ManifestName.tag("image-a"), .digest(image.digest)] {
            try world.registry.fail(lie)
            let error = #expect(throws: RegistryError.self) {
                _ = try world.client.manifest(name, of: world.repository)
            }
            guard case .otherContent = error else { return #expect(Bool(false), "\(error as Any)") }
        }
    }

    @Test(arguments: ["", "[]", "{", "\u{0}", "{\"a\":1}", "{\"schemaVersion\":1,\"fsLayers\":[]}"])
    func readsNoNonsense(body: String) throws {
        let world = try ClientWorld()
        _ = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        try world.registry.fail(
            [
                "kind": "manifest-get", "do": "lie", "body": .string(body),
                "headers": ["Docker-Content-Digest": nil, "Content-Type": nil],
            ])
        let error = #expect(throws: RegistryError.self) {
            _ = try world.client.manifest(.tag("image-a"), of: world.repository)
        }
        guard case .malformed = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test func looksItselfWhereNothingIsSaid() throws {
        let world = try ClientWorld()
        let image = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        try world.registry.fail(
            ["kind": "manifest-head", "do": "lie", "headers": ["Docker-Content-Digest": nil, "Content-Type": nil]])
        #expect(try world.client.describe(.tag("image-a"), of: world.repository)?.digest == image.digest)
    }

    @Test(arguments: ["", "a\r\nX-Evil: 1", "ä/b"]) func putsNothingWithoutAMediaType(text: String) throws {
        let world = try ClientWorld()
        #expect(throws: ImageError.self) {
            _ = try world.client.put([1], MediaType(text), as: .tag("x"), in: world.repository)
        }
        #expect(try world.kinds().isEmpty)
    }

    // MARK: - Tags

    @Test func listsAllPagesOfTags() throws {
        let world = try ClientWorld(["page": 2, "auth": "token"])
        for number in 1...5 { _ = try world.putManifest(Array("{}".utf8), .ociManifest, as: "t\(number)") }
        #expect(try world.client.tags(of: world.repository)?.sorted() == ["t1", "t2", "t3", "t4", "t5"])
        #expect(try world.registry.state().requests("tags").count == 4)
        #expect(try world.client.tags(of: Repository(world.repository.registry, path: "no/where")) == nil)
    }

    @Test(arguments: [
        ("{\"tags\": [\"ok\", \"-no\", 3, \"a/b\", \"\\u001b[2J\", \"also.ok\"]}", ["ok", "also.ok"]),
        ("{\"tags\": null}", []),
        ("{}", []),
    ]) func takesOnlyTags(body: String, expected: [String]) throws {
        let world = try ClientWorld()
        _ = try world.putManifest(Array("{}".utf8), .ociManifest, as: "t")
        try world.registry.fail(["kind": "tags", "do": "lie", "body": .string(body)])
        #expect(try world.client.tags(of: world.repository) == expected)
    }

    @Test func endsAListWithoutAnEnd() throws {
        let world = try ClientWorld()
        _ = try world.putManifest(Array("{}".utf8), .ociManifest, as: "t")
        let link: DocumentValue = ["Link": "</v2/team/app/tags/list?n=1000>; rel=\"next\""]
        try world.registry.fail(["kind": "tags", "do": "lie", "headers": link, "times": 0])
        #expect(try world.client.tags(of: world.repository)?.allSatisfy { $0 == "t" } == true)
        #expect(try world.kinds().count <= 2)
    }
}
