// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioRegistry
import BioTestSupport
import Testing

@Suite struct ReferrersTests {
    private static let sbom = "application/spdx+json"

    /// A manifest that refers to `subject`, and what a list says of it.
    private static func referrer(_ world: ClientWorld, to subject: Descriptor, _ type: String) throws -> (
        [UInt8], Descriptor
    ) {
        let empty = try world.put(Array("{}".utf8), mediaType: MediaType("application/vnd.oci.empty.v1+json"))
        let manifest = ImageManifest(
            format: .oci, configuration: empty, layers: [try world.put(Array(type.utf8), mediaType: MediaType(type))],
            artifactType: type, subject: subject)
        let bytes = manifest.bytes
        return (
            bytes,
            Descriptor(
                mediaType: .ociManifest, digest: .sha256(of: bytes), size: Int64(bytes.count), artifactType: type)
        )
    }

    @Test(arguments: [true, false]) func findsWhatWasPut(hasAPI: Bool) throws {
        let world = try ClientWorld(["referrers": .bool(hasAPI), "auth": "token", "page": 1])
        let subject = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        #expect(try world.client.referrers(of: subject.digest, in: world.repository).descriptors.isEmpty)
        var put: [Descriptor] = []
        for type in [Self.sbom, "application/other", "text/x+y"] {
            let (bytes, descriptor) = try Self.referrer(world, to: subject, type)
            let isByTag = try world.client.putReferrer(bytes, descriptor, subject: subject.digest, in: world.repository)
            #expect(isByTag == !hasAPI)
            put.append(descriptor)
        }
        let found = try world.client.referrers(of: subject.digest, in: world.repository)
        #expect(Set(found.descriptors.map(\.digest)) == Set(put.map(\.digest)) && found.isByTag == !hasAPI)
        for descriptor in put {
            let type = descriptor.artifactType
            let some = try world.client.referrers(of: subject.digest, in: world.repository, artifactType: type)
            #expect(some.descriptors.map(\.digest) == [descriptor.digest])
        }
    }

    @Test func keepsWhatOthersPutIntoTheList() throws {
        let world = try ClientWorld(["referrers": false])
        let subject = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        let other = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "b")
        let tag = RegistryClient.referrersTag(subject.digest)
        #expect(tag == "sha256-\(subject.digest.hex)")
        let theirs = """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociIndex)","x":1,"manifests":[{"mediaType":"a/b","digest":\
            "\(subject.digest)","size":1},{"mediaType":"a/b","digest":"\(other.digest)","size":0,"y":[2]}]}
            """
        _ = try world.putManifest(Array(theirs.utf8), .ociIndex, as: tag)
        let (bytes, descriptor) = try Self.referrer(world, to: subject, Self.sbom)
        for _ in 0..<2 {
            #expect(try world.client.putReferrer(bytes, descriptor, subject: subject.digest, in: world.repository))
        }
        let list = try #require(try world.client.manifest(.tag(tag), of: world.repository))
        let document = try DocumentValue(json: list.bytes)
        let entries = try #require(document["manifests"]?.array)
        #expect(document["x"]?.int == 1 && entries.count == 3 && entries[1]["y"] == [2])
        #expect(entries[2] == descriptor.document)
    }

    @Test(arguments: [400, 404, 405]) func looksForTheTagWhereTheQuestionIsNotUnderstood(status: Int) throws {
        let world = try ClientWorld()
        try world.registry.fail(["kind": "referrers", "do": "answer", "status": .integer(status), "times": 0])
        #expect(try world.client.referrers(of: .sha256(of: []), in: world.repository).isByTag)
    }

    @Test(arguments: ["[]", "{\"schemaVersion\":2,\"manifests\":[{\"digest\":5}]}", "nonsense"])
    func readsNoNonsense(body: String) throws {
        let world = try ClientWorld()
        try world.registry.fail(["kind": "referrers", "do": "lie", "body": .string(body)])
        let error = #expect(throws: RegistryError.self) {
            try world.client.referrers(of: .sha256(of: []), in: world.repository)
        }
        guard case .malformed = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    /// Somebody else's list wins each time.
    @Test func endsWhenTheListDoesNotKeepWhatIsPutIntoIt() throws {
        let world = try ClientWorld(["referrers": false])
        let subject = try world.putImage(Platform(os: "linux", architecture: "amd64"), mark: "a")
        let (bytes, descriptor) = try Self.referrer(world, to: subject, Self.sbom)
        try world.registry.fail(
            ["kind": "manifest-get", "do": "answer", "status": 404, "code": "MANIFEST_UNKNOWN", "times": 0])
        let error = #expect(throws: RegistryError.self) {
            _ = try world.client.putReferrer(bytes, descriptor, subject: subject.digest, in: world.repository)
        }
        guard case .malformed = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(try world.registry.state().requests("manifest-put").count == 4)
    }
}
