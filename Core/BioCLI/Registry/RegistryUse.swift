// SPDX-License-Identifier: Apache-2.0

import BioOCI
import BioRegistry
import Synchronization

/// What one command does with registries, all the exports in it counted: whom the given credentials are for, and what is to
/// be pushed last.
final class RegistryUse: Sendable {
    private struct State: Sendable {
        var credentialFor: RegistryHost?
        var warnings: Set<String> = []
        var pushes: [ArtifactPush] = []
        var pushed: [ImageReference] = []
    }

    private let state = Mutex(State())

    /// Whether a name and password that were given for one registry are for this one.
    func claimsCredential(for registry: RegistryHost) -> Bool {
        state.withLock { state in
            if let known = state.credentialFor { return known == registry }
            state.credentialFor = registry
            return true
        }
    }

    /// Whether a warning is the first of its kind.
    func isNew(_ warning: String) -> Bool { state.withLock { $0.warnings.insert(warning).inserted } }

    func add(_ push: ArtifactPush) { state.withLock { $0.pushes.append(push) } }

    /// Puts what was staged under its tags.
    @Sendable func commit() throws {
        for push in state.withLock({ $0.pushes }) {
            try push.commit()
            state.withLock { $0.pushed.append(push.reference) }
        }
    }

    /// What nobody can take back any more.
    var pushed: [ImageReference] { state.withLock { $0.pushed } }
}
