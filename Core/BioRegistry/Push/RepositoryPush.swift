// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioHTTP
package import BioOCI
import BioSystem
import Synchronization

/// Brings blobs and then manifests into one repository: each blob at most once in a run, several at a time. Any thread
/// may ask, one at a time.
package final class RepositoryPush: Sendable {
    /// How a blob came to be there.
    package enum Outcome: Hashable, Sendable { case found, mounted, sent }

    private struct State: Sendable {
        var outcomes: [Digest: Outcome] = [:]
        var bytesSent: Int64 = 0
    }

    package let repository: Repository
    private let pool: ClientPool
    private let places: BlobPlaces
    private let settings: RegistrySettings
    private let progress: @Sendable (Int64) -> Void
    private let state = Mutex(State())

    /// `progress` gets bytes of blobs that the registry has, whether they were sent or not; from any thread.
    package init(
        _ repository: Repository, _ session: RegistrySession, places: BlobPlaces,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) {
        self.repository = repository
        pool = ClientPool(session)
        self.places = places
        settings = session.settings
        self.progress = progress
    }

    package func outcome(of digest: Digest) -> Outcome? { state.withLock { $0.outcomes[digest] } }
    /// Of blobs.
    package var bytesSent: Int64 { state.withLock { $0.bytesSent } }

    // MARK: - Blobs

    /// Brings what is not there. Those of `known` count as being there; `from` are other repositories of the registry
    /// that have the blobs.
    package func bring(_ blobs: [PushedBlob], known: Set<Digest> = [], from repositories: [String] = []) throws {
        var wanted: [PushedBlob] = []
        for blob in blobs where outcome(of: blob.digest) == nil {
            if wanted.contains(where: { $0.digest == blob.digest }) { continue }
            if known.contains(blob.digest) { note(blob, .found) } else { wanted.append(blob) }
        }
        // The longest first: the others fill the gaps.
        wanted.sort { ($1.size, $1.digest.hex) < ($0.size, $0.digest.hex) }
        guard !wanted.isEmpty else { return }
        let work = PushWork(wanted)
        ThreadCrew.run(min(settings.connections, wanted.count)) { [self] _ in
            pool.with { client in
                work.perform { blob in try bring(blob, client, from: repositories) { work.hasFailed } }
            }
        }
        places.save()
        try work.throwFailure()
    }

    private func bring(
        _ blob: PushedBlob, _ client: RegistryClient, from repositories: [String], isStopped: @escaping () -> Bool
    ) throws {
        var shown: Int64 = 0
        let upload = BlobUpload(
            client: client, repository: repository, places: places,
            progress: { [progress] count in
                shown += count
                progress(count)
            },
            isStopped: { [settings] in settings.cancellation.isRequested || isStopped() })
        let outcome = try upload.bring(blob, from: repositories)
        switch outcome {
        case .found: note(blob, .found)
        case .mounted: note(blob, .mounted)
        case .sent: note(blob, .sent, shown: shown)
        }
    }

    private func note(_ blob: PushedBlob, _ outcome: Outcome, shown: Int64 = 0) {
        state.withLock { state in
            state.outcomes[blob.digest] = outcome
            if outcome == .sent { state.bytesSent += blob.size }
        }
        places.remember(blob.digest, in: repository)
        progress(blob.size - shown)
    }

    /// Forgets what was there, so that `bring` asks for all of it again.
    package func doubt() {
        state.withLock { state in state.outcomes = state.outcomes.filter { $0.value == .sent } }
    }

    // MARK: - Manifests

    /// The digest of what `reference`, a tag or a digest, stands for; nil when there is nothing.
    package func digest(of reference: String) throws -> Digest? {
        let action = "say what '\(reference)' is"
        let answer = try pool.with { client in
            var request = RegistryClient.Request("HEAD", repository, .path("manifests/\(reference)"), action: action)
            request.headers = [Self.accept]
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
            request.headers = [Self.accept]
            request.limit = ImageManifest.byteLimit
            return try client.send(request)
        }
        if answer.response.status == 404 { return nil }
        guard answer.response.isSuccess else { throw refusal(answer, action) }
        return (answer.body, .sha256(of: answer.body), answer.response["Content-Type"])
    }

    /// Puts a manifest under a tag or its digest. Everything that it names must be there.
    @discardableResult
    package func put(_ manifest: [UInt8], _ mediaType: MediaType, as reference: String) throws -> HTTPResponse {
        let action = "take the manifest as '\(reference)'"
        let answer = try pool.with { client in
            var request = RegistryClient.Request("PUT", repository, .path("manifests/\(reference)"), action: action)
            request.headers = [HTTPHeader("Content-Type", mediaType.rawValue)]
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

    private func refusal(_ answer: HTTPAnswer, _ action: String) -> RegistryError {
        .refusal(answer, registry: repository.registry, action: action)
    }

    /// All kinds of manifests that are images, artifacts, or lists of those.
    private static let accept = HTTPHeader(
        "Accept",
        [MediaType.ociManifest, .ociIndex, .dockerManifest, .dockerManifestList].map(\.rawValue)
            .joined(separator: ", "))
}
