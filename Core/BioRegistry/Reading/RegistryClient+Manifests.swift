// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHTTP
package import BioOCI

// SPEC: distribution-spec 1.1, "Pulling manifests".
extension RegistryClient {
    /// All kinds of manifests that are images, artifacts, or lists of those.
    static let accepted = HTTPHeader(
        "Accept",
        [MediaType.ociIndex, .ociManifest, .dockerManifestList, .dockerManifest].map(\.rawValue).joined(separator: ", ")
    )

    /// The manifest or index of that name, its digest checked; nil when there is none.
    package func manifest(_ name: ManifestName, of repository: Repository) throws -> FetchedManifest? {
        var request = Request("GET", repository, .path("manifests/\(name)"), action: "give the manifest '\(name)'")
        request.headers = [Self.accepted]
        request.limit = ImageManifest.byteLimit
        let answer = try send(request)
        guard try isThere(answer, request) else { return nil }
        let place = "\(repository):\(name)"
        let digest = Digest.sha256(of: answer.body)
        for claim in [Self.claim(answer.response), name.digest].compactMap(\.self) where claim != digest {
            throw RegistryError.otherContent(what: "the manifest", place: place, expected: claim, found: digest)
        }
        let header = answer.response["Content-Type"]
        guard let mediaType = FetchedManifest.mediaType(of: answer.body, contentType: header) else {
            throw RegistryError.malformed(
                registry: session.registry.name, problem: "the manifest '\(name)' is no document of an image")
        }
        let descriptor = Descriptor(mediaType: mediaType, digest: digest, size: Int64(answer.body.count))
        return FetchedManifest(descriptor: descriptor, bytes: answer.body)
    }

    /// What the registry says of a manifest without giving it: a claim. Nil when there is none.
    package func describe(_ name: ManifestName, of repository: Repository) throws -> Descriptor? {
        var request = Request("HEAD", repository, .path("manifests/\(name)"), action: "tell of the manifest '\(name)'")
        request.headers = [Self.accepted]
        let answer = try send(request)
        guard try isThere(answer, request) else { return nil }
        let type = answer.response["Content-Type"].map { String($0.prefix { $0 != ";" }) }
        guard let digest = Self.claim(answer.response) ?? name.digest, let type,
            let size = answer.response["Content-Length"].flatMap(Int64.init), size >= 0
        else {
            return try manifest(name, of: repository)?.descriptor
        }
        return Descriptor(mediaType: MediaType(type), digest: digest, size: size)
    }

    /// False for a 404; every other no is thrown.
    func isThere(_ answer: HTTPAnswer, _ request: Request) throws -> Bool {
        if answer.response.status == 404 { return false }
        guard answer.response.status == 200 else { throw refusal(answer, request) }
        return true
    }

    /// Nil also for digests that are not SHA-256: their bytes are not compared.
    private static func claim(_ response: HTTPResponse) -> Digest? {
        response["Docker-Content-Digest"].flatMap { try? Digest(parsing: $0) }
    }
}

extension ManifestName {
    fileprivate var digest: Digest? { if case .digest(let digest) = self { digest } else { nil } }
}

extension MediaType {
    /// What a manifest is sent as. Documents of others say what they want of themselves: it may be no header.
    func header(_ repository: Repository) throws(ImageError) -> HTTPHeader {
        guard !rawValue.isEmpty, rawValue.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw .malformed(what: "manifest", place: "\(repository)", problem: "its media type is no media type")
        }
        return HTTPHeader("Content-Type", rawValue)
    }
}
