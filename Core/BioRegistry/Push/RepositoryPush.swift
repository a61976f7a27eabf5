// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioSystem
import Synchronization

/// Brings blobs into one repository: each at most once in a run, several at a time. Any thread may ask, one at a time.
/// Manifests come after them (`manifests`).
package final class RepositoryPush: Sendable {
    /// How a blob came to be there.
    package enum Outcome: Hashable, Sendable { case found, mounted, sent }

    private struct State: Sendable {
        var outcomes: [Digest: Outcome] = [:]
        var bytesSent: Int64 = 0
    }

    package let repository: Repository
    package let manifests: RepositoryManifests
    private let pool: ClientPool
    private let places: BlobPlaces
    private let settings: RegistrySettings
    private let progress: @Sendable (Int64) -> Void
    private let state = Mutex(State())

    /// With `writes` false nothing is brought, only asked for. `progress` gets bytes of blobs that the registry has, whether they were sent or not; from any thread.
    package init(
        _ repository: Repository, _ session: RegistrySession, places: BlobPlaces, writes: Bool = true,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) {
        self.repository = repository
        pool = ClientPool(session)
        manifests = RepositoryManifests(repository, pool, writes: writes)
        self.places = places
        settings = session.settings
        self.progress = progress
    }

    package func outcome(of digest: Digest) -> Outcome? { state.withLock { $0.outcomes[digest] } }
    /// Of blobs, as many as went out: what was sent twice counts twice.
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

    /// Those that `bring` would send or mount. No right to push is asked for.
    package func missing(_ blobs: [PushedBlob], known: Set<Digest>) throws -> [PushedBlob] {
        try pool.with { client in
            let upload = BlobUpload(
                client: client, repository: repository, places: places, progress: { _ in }, sent: { _ in },
                isStopped: { false }, writes: false)
            return try blobs.filter { try !known.contains($0.digest) && !upload.isThere($0) }
        }
    }

    private func bring(
        _ blob: PushedBlob, _ client: RegistryClient, from repositories: [String],
        isStopped: @escaping @Sendable () -> Bool
    ) throws {
        var shown: Int64 = 0
        let upload = BlobUpload(
            client: client, repository: repository, places: places,
            progress: { [progress] count in
                shown += count
                progress(count)
            },
            sent: { [self] count in state.withLock { $0.bytesSent += count } },
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
        }
        places.remember(blob.digest, in: repository)
        progress(blob.size - shown)
    }

    /// The repository has these blobs: the next push to another one can mount them.
    package func remember(_ digests: [Digest]) {
        for digest in digests { places.remember(digest, in: repository) }
        places.save()
    }

    /// Forgets what was there, so that `bring` asks for all of it again.
    package func doubt() {
        state.withLock { state in state.outcomes = state.outcomes.filter { $0.value == .sent } }
    }
}
