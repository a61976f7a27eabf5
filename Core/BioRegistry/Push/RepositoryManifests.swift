// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioHTTP
package import BioOCI

/// The manifests of one repository (distribution-spec 1.1, "Pulling manifests" and "Pushing manifests"). Any thread.
package final class RepositoryManifests: Sendable {
    package let repository: Repository
    private let pool: ClientPool
    /// Asks for the right to push with every request, so that one token does for all.
    private let writes: Bool

    init(_ repository: Repository, _ pool: ClientPool, writes: Bool) {
        self.repository = repository
        self.writes = writes
        self.pool = pool
    }

    /// The digest of what `reference`, a tag or a digest, stands for; nil when there is nothing.
    package func digest(of reference: String) throws -> Digest? {
        let action = "say what '\(reference)' is"
        let answer = try pool.with { client in
            var request = RegistryClient.Request("HEAD", repository, .path("manifests/\(reference)"), action: action)
            request.headers = [RegistryClient.accepted]
            request.writes = writes
            return try client.send(request)
        }
        if answer.response.status == 404 { return nil }
        guard answer.response.isSuccess else { throw refusal(answer, action) }
        guard let text = answer.response["Docker-Content-Digest"] else { return try content(of: reference)?.digest }
        return try? Digest(parsing: text)
    }

    /// The manifest that is there, whose bytes have been digested; nil when there is none.
    package func content(of reference: String) throws -> (bytes: [UInt8], digest: Digest, mediaType: String?)? {
        let action = "give the manifest '\(reference)'"
        let answer = try pool.with { client in
            var request = RegistryClient.Request("GET", repository, .path("manifests/\(reference)"), action: action)
            request.headers = [RegistryClient.accepted]
            request.writes = writes
            request.limit = ImageManifest.byteLimit
            return try client.send(request)
        }
        if answer.response.status == 404 { return nil }
        guard answer.response.isSuccess else { throw refusal(answer, action) }
        return (answer.body, .sha256(of: answer.body), answer.response["Content-Type"])
    }

    /// Blobs that the repository has because an image in it names them; none when `image` is a list, or has gone.
    func blobs(of image: Digest) throws -> Set<Digest> {
        guard let there = try content(of: "\(image)"), there.digest == image,
            let manifest = try? ImageManifest(parsing: there.bytes, place: "\(repository)")
        else { return [] }
        return Set(manifest.layers.map(\.digest) + [manifest.configuration.digest])
    }

    /// Puts a manifest under a tag or its digest. Everything that it names must be there.
    @discardableResult
    package func put(_ manifest: [UInt8], _ mediaType: MediaType, as reference: String) throws -> HTTPResponse {
        let action = "take the manifest as '\(reference)'"
        let answer = try pool.with { client in
            var request = RegistryClient.Request("PUT", repository, .path("manifests/\(reference)"), action: action)
            request.headers = [try mediaType.header(repository)]
            request.body = manifest
            request.writes = true
            return try client.send(request)
        }
        guard answer.response.isSuccess else { throw refusal(answer, action) }
        let expected = Digest.sha256(of: manifest)
        if let text = answer.response["Docker-Content-Digest"], let found = try? Digest(parsing: text),
            found != expected
        {
            throw RegistryError.otherContent(
                what: "the manifest", place: "\(repository)", expected: expected, found: found)
        }
        return answer.response
    }

    /// Puts a manifest with a subject, and into the list of referrers where the registry leaves that to its clients.
    /// `descriptor` is what such a list says of it.
    package func put(referrer manifest: [UInt8], _ descriptor: Descriptor, subject: Digest) throws {
        try pool.with { _ = try $0.putReferrer(manifest, descriptor, subject: subject, in: repository) }
    }

    private func refusal(_ answer: HTTPAnswer, _ action: String) -> RegistryError {
        .refusal(answer, registry: repository.registry, action: action)
    }
}
