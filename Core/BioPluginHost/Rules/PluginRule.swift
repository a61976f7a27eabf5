// SPDX-License-Identifier: Apache-2.0

/// One numbered rule between plugin and host. `BIO-P-nnn` binds a plugin, `BIO-H-nnn` the host. A number is given once:
/// a rule that falls leaves a gap (docs/reference/plugin-rules.md, which is made from this).
package struct PluginRule: Hashable, Sendable {
    /// Who sees to it that the rule is kept, and when.
    package enum Enforcement: String, Hashable, Sendable, CaseIterable {
        /// From the manifest and the library's bytes: nothing of the plugin has run.
        case beforeLoading = "before loading"
        /// When the library describes itself.
        case describing = "while it describes itself"
        /// At the call that breaks it.
        case calling = "at the call"
        /// From what is there when a phase has ended.
        case afterwards = "after the phase"
        /// By the sandbox around the runner, as far as the kernel can.
        case sandbox = "by the sandbox"
        /// By nobody but `bio plugin check`.
        case checked = "no: by the check alone"
        /// A promise of the host: by its tests.
        case tested = "by the tests of bio"
    }

    /// `BIO-P-010`
    package let id: String
    package let text: String
    /// What follows when it is broken.
    package let consequence: String
    package let enforcement: Enforcement
    /// The case of `bio plugin check` that catches it, of a host's rule the tests; empty: another command's work.
    package let check: String

    /// `" [BIO-P-010]"`, for the end of a sentence.
    package var citation: String { " [\(id)]" }

    init(
        _ id: String, _ text: String, _ consequence: String, _ enforcement: Enforcement, check: String = ""
    ) {
        self.id = id
        self.text = text
        self.consequence = consequence
        self.enforcement = enforcement
        self.check = check
    }

    /// In the order of their numbers.
    package static let all =
        ofBundles + ofLibraries + ofDescriptions + ofExporters + ofArtifacts + ofProcesses + ofHosts
}
