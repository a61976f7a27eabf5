// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
package import BioHTTP
package import BioOCI

/// What refers to a manifest.
package struct Referrers: Hashable, Sendable {
    /// Each with its artifact type and annotations, as the registry or the tag's index has them: claims.
    package var descriptors: [Descriptor]
    /// The registry has no referrers API: the list is kept under a tag.
    package let isByTag: Bool
}

// SPEC: distribution-spec 1.1, "Listing Referrers", "Unavailable Referrers API", "Pushing Manifests with Subject".
extension RegistryClient {
    private static let referrerLimit = 1000
    private static let rounds = 3

    /// Manifests whose subject is that digest, all or those of one artifact type.
    package func referrers(
        of subject: Digest, in repository: Repository, artifactType: String? = nil
    ) throws -> Referrers {
        var found: [Descriptor] = []
        let query = artifactType.map { "?artifactType=" + FormText.escape($0).replacing("+", with: "%2B") } ?? ""
        let hasAPI = try hasReferrers(repository, "referrers/\(subject)\(query)") { document in
            found += try index(document.jsonBytes(.compact), repository).manifests
            guard found.count <= Self.referrerLimit else {
                throw ImageError.tooMany(what: "referrers", place: "\(repository)", limit: Self.referrerLimit)
            }
        }
        if !hasAPI, let list = try manifest(.tag(Self.referrersTag(subject)), of: repository) {
            found = try index(list.bytes, repository).manifests
        }
        // Registries need not filter.
        if let artifactType { found.removeAll { $0.artifactType != artifactType } }
        var seen: Set<Digest> = []
        return Referrers(descriptors: found.filter { seen.insert($0.digest).inserted }, isByTag: !hasAPI)
    }

    /// Pushes a manifest that has a subject; where the registry does not list it by itself, it is put into the list that
    /// clients keep.
    /// - Parameter descriptor: of `bytes`, with the artifact type and annotations that the list is to show.
    /// - Returns: whether the list was kept under a tag.
    @discardableResult
    package func putReferrer(
        _ bytes: [UInt8], _ descriptor: Descriptor, subject: Digest, in repository: Repository
    ) throws -> Bool {
        let response = try put(bytes, descriptor.mediaType, as: .digest(descriptor.digest), in: repository)
        if response["OCI-Subject"] != nil { return false }
        // Others may change the list at the same time: looked at again, whether what was put in is in it.
        for _ in 0..<Self.rounds {
            guard let changed = try listWith(descriptor, subject, repository) else { return true }
            _ = try put(changed, .ociIndex, as: .tag(Self.referrersTag(subject)), in: repository)
        }
        guard try listWith(descriptor, subject, repository) == nil else {
            throw RegistryError.malformed(
                registry: session.registry.name, problem: "it does not keep the list of what refers to \(subject)")
        }
        return true
    }

    /// Pushes a manifest or index, whose blobs must be there.
    package func put(
        _ bytes: [UInt8], _ mediaType: MediaType, as name: ManifestName, in repository: Repository
    ) throws -> HTTPResponse {
        var request = Request("PUT", repository, .path("manifests/\(name)"), action: "take the manifest '\(name)'")
        request.writes = true
        request.headers = [try mediaType.header(repository)]
        request.body = bytes
        let answer = try send(request)
        guard answer.response.isSuccess else { throw refusal(answer, request) }
        return answer.response
    }

    /// Where clients keep the list when the registry does not: algorithm and digits, with a dash between.
    package static func referrersTag(_ subject: Digest) -> String { "\(subject.algorithm.rawValue)-\(subject.hex)" }

    /// The list with one entry more, everything else in it as it is; nil when the entry is in it.
    private func listWith(_ entry: Descriptor, _ subject: Digest, _ repository: Repository) throws -> [UInt8]? {
        var document = ImageIndex(format: .oci, manifests: []).document.object ?? DocumentObject()
        if let old = try manifest(.tag(Self.referrersTag(subject)), of: repository) {
            let known = try index(old.bytes, repository)
            if known.manifests.contains(where: { $0.digest == entry.digest }) { return nil }
            document = try DocumentValue(json: old.bytes).object ?? document
        }
        document["manifests"] = .array((document["manifests"]?.array ?? []) + [entry.document])
        return DocumentValue.object(document).jsonBytes(.compact)
    }

    private func index(_ bytes: [UInt8], _ repository: Repository) throws -> ImageIndex {
        do throws(ImageError) { return try ImageIndex(parsing: bytes, place: "\(repository)") } catch {
            guard case .malformed(_, _, let problem) = error else { throw error }
            throw RegistryError.malformed(
                registry: session.registry.name, problem: "the list of referrers cannot be read: \(problem)")
        }
    }

    /// False where the API is not known: registries without it answer as they do to any path that they do not have.
    private func hasReferrers(
        _ repository: Repository, _ path: String, _ take: (DocumentValue) throws -> Void
    ) throws -> Bool {
        do {
            return try pages(
                of: repository, from: .path(path), accept: MediaType.ociIndex.rawValue, action: "list referrers"
            ) { document, _ in try take(document) }
        } catch RegistryError.refused(_, _, let status, _, _) where [400, 405, 406, 501].contains(status) {
            return false
        }
    }
}
