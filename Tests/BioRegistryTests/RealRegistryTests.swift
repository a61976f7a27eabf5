// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioOCI
import BioRegistry
import BioTestSupport
import Testing

/// With Debian's docker-registry.
@Suite struct RealRegistryTests {
    private static func client(_ registry: TestRegistry) throws -> RegistryClient {
        let tls = TLSSettings(authorities: [try TestCertificates.shared().authority])
        let credential = RegistryCredential.basic(username: TestRegistry.user, password: TestRegistry.password)
        let settings = RegistrySettings(credentials: GivenCredentials(credential: credential), tls: { _ in tls })
        return RegistryClient(RegistrySession(RegistryHost(registry.host), settings))
    }

    @Test(arguments: [TestRegistry.Kind.plain, .basic, .token]) func doesAllOfIt(kind: TestRegistry.Kind) throws {
        let registry = try TestRegistry.shared(kind)
        let client = try Self.client(registry)
        try client.ping()
        let repository = Repository(client.session.registry, path: "client/all-\(kind.rawValue)")
        #expect(try client.tags(of: repository) == nil)
        let content = Array("{}".utf8)
        var start = Request(
            "POST", repository, .path("blobs/uploads/?digest=\(Digest.sha256(of: content))"), action: "upload")
        start.writes = true
        let location = try #require(try client.send(start).response["Location"])
        let mark = location.contains("?") ? "&" : "?"
        var put = Request(
            "PUT", repository, .location("\(location)\(mark)digest=\(Digest.sha256(of: content))"), action: "upload")
        put.writes = true
        let answer = try client.send(put, length: 2) { exchange in
            _ = try content.withUnsafeBytes { try exchange.push($0) }
        }
        #expect(answer.response.status == 201, "\(answer)")
        let empty = Descriptor(
            mediaType: MediaType("application/vnd.oci.empty.v1+json"), digest: .sha256(of: content), size: 2)
        #expect(try client.content(empty, of: repository, what: "blob", limit: 10) == content)
        let manifest = ImageManifest(format: .oci, configuration: empty, layers: [empty])
        _ = try client.put(manifest.bytes, .ociManifest, as: .tag("one"), in: repository)
        #expect(try client.tags(of: repository) == ["one"])
        let found = try #require(try client.manifest(.tag("one"), of: repository))
        #expect(found.bytes == manifest.bytes)
        // It is too old for the referrers API.
        var artifact = manifest
        artifact.subject = found.descriptor
        artifact.artifactType = "application/spdx+json"
        let descriptor = Descriptor(
            mediaType: .ociManifest, digest: .sha256(of: artifact.bytes), size: Int64(artifact.bytes.count),
            artifactType: "application/spdx+json")
        #expect(try client.putReferrer(artifact.bytes, descriptor, subject: found.descriptor.digest, in: repository))
        let referrers = try client.referrers(of: found.descriptor.digest, in: repository)
        #expect(referrers.isByTag && referrers.descriptors == [descriptor])
    }
}
