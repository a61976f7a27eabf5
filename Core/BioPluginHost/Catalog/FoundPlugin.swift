// SPDX-License-Identifier: Apache-2.0

/// A plugin that was found, and what becomes of it.
package struct FoundPlugin: Hashable, Sendable {
    package let candidate: PluginCandidate
    /// How it was decided what becomes of it.
    package internal(set) var decision: PluginDecision
    /// The programs that its manifest lists and a policy denies it.
    package let deniedTools: [String: PolicyRule]
    /// The rule that wants all of the sandbox around it.
    private let sandboxRule: PolicyRule?
    /// Whether its user has a say in whom it may be from.
    let userMayAllow: Bool

    package init(_ candidate: PluginCandidate, _ judge: PluginJudge) {
        self.candidate = candidate
        decision = judge.decision(candidate)
        userMayAllow = judge.policy.userMayAllow
        sandboxRule = candidate.subject.flatMap(judge.policy.requiringSandbox)
        var denied: [String: PolicyRule] = [:]
        if let subject = candidate.subject {
            for tool in candidate.manifest?.tools ?? [] { denied[tool] = judge.policy.denying(tool, to: subject) }
        }
        deniedTools = denied
    }

    package var directory: String { candidate.directory }
    package var origin: String { candidate.place.origin }
    /// Nil when the manifest cannot be read.
    package var manifest: PluginManifest? { candidate.manifest }
    package var provenance: PluginProvenance { candidate.provenance }
    package var state: State { decision.state }

    package var bundle: PluginBundle? {
        manifest.map { manifest in
            var bundle = PluginBundle(
                directory: directory, library: manifest.library, files: provenance.files,
                startsProcesses: manifest.startsProcesses)
            bundle.needsSandbox = sandboxRule?.because
            return bundle
        }
    }

    /// The id, or the directory of a plugin that has not said one.
    package var label: String { manifest?.id ?? directory }
}
