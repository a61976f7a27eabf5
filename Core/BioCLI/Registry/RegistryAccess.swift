// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioOCI
import BioRegistry
import BioStore
import Synchronization

/// The registries of one run: one session for each, however many images go there or come from there.
final class RegistryAccess {
    let settings: RegistrySettings
    let places: BlobPlaces
    private let status: StatusReporter
    private var sessions: [RegistryHost: RegistrySession] = [:]

    init(_ settings: RegistrySettings, _ context: CommandContext) {
        self.settings = settings
        places = BlobPlaces(directory: context.cachePaths().registries, cancellation: context.cancellation)
        status = context.status
    }

    func session(for registry: RegistryHost) -> RegistrySession {
        if let session = sessions[registry] { return session }
        let session = RegistrySession(registry, settings)
        sessions[registry] = session
        return session
    }

    func destination(_ reference: ImageReference, _ compression: Compression) -> RegistryDestination {
        RegistryDestination(
            reference, session(for: Repository(of: reference).registry), places: places, compression: compression,
            report: report("Pushing to \(reference.name)"))
    }

    /// Of what is no image.
    func push(_ manifest: ImageManifest, as reference: ImageReference) -> ArtifactPush {
        ArtifactPush(
            manifest, as: reference, session(for: Repository(of: reference).registry), places: places,
            report: report("Pushing to \(reference.name)"))
    }

    /// Shows what is known to be there beside what has to be.
    func report(_ label: String) -> PushReport {
        let shown: Shown = Shown()
        return PushReport(
            begin: { [status] total in shown.set(status.progress(label, total: total)) },
            advance: { shown.progress?.advance(by: $0) }, end: { shown.set(nil) })
    }

    private final class Shown: Sendable {
        private let running: Mutex<Progress?> = Mutex(nil)
        var progress: Progress? { running.withLock { $0 } }

        func set(_ next: Progress?) {
            let before = running.withLock { current in
                defer { current = next }
                return current
            }
            before?.finish()
        }
    }
}
