// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// Decides what becomes of plugins: the one place where evidence, rules, ABI and history meet.
package struct PluginJudge: Sendable {
    package let policy: PluginPolicy
    package let quarantine: Quarantine
    private let sandboxGap: @Sendable (_ startsProcesses: Bool) -> String?

    /// `sandboxGap` tells what the kernel cannot keep plugins from; nil when it keeps them from all that it should.
    package init(
        policy: PluginPolicy, quarantine: Quarantine = .none,
        sandboxGap: @escaping @Sendable (_ startsProcesses: Bool) -> String? = { _ in nil }
    ) {
        self.policy = policy
        self.quarantine = quarantine
        self.sandboxGap = sandboxGap
    }

    func decision(_ plugin: PluginCandidate) -> PluginDecision {
        var found = PluginDecision.Step(.found, "\(plugin.directory) (\(plugin.place.origin))")
        guard let manifest = plugin.manifest, let subject = plugin.subject else {
            let text = plugin.problem.map { "\($0)" } ?? "there is no manifest"
            return PluginDecision([PluginDecision.Step(.found, [found.lines[0], text], .broken(text))])
        }
        found.lines[0] = "\(plugin.directory) (\(plugin.place.origin)), \(manifest.id) \(manifest.version)"
        return PluginDecision([
            found, contents(plugin, manifest, subject), signature(plugin, subject), abi(manifest),
            runtime(plugin, manifest), rules(plugin, subject), sandbox(manifest, subject), history(plugin, manifest),
        ])
    }

    private func contents(
        _ plugin: PluginCandidate, _ manifest: PluginManifest, _ subject: PluginPolicy.Subject
    ) -> PluginDecision.Step {
        guard plugin.hasLibrary else {
            let text = "the library '\(manifest.library)' is not there"
            return PluginDecision.Step(.contents, text, .broken(text))
        }
        switch plugin.provenance.evidence {
        case .altered(let text), .badSignature(let text):
            return PluginDecision.Step(.contents, text, .altered(text))
        default: break
        }
        let isNamed = plugin.provenance.evidence == .developer
        let text =
            plugin.provenance.files.map { list in
                let count = list.entries.count
                return "\(list.digest), \(count) file\(count == 1 ? "" : "s") listed"
            } ?? (isNamed ? "not looked at: its place was named for this run" : "no list of files")
        if let rule = policy.pinnedElsewhere(subject, contents: plugin.contents) {
            guard case .pin(let digest) = rule.action else { return PluginDecision.Step(.contents, text) }
            let other =
                isNamed
                ? "must be installed" : plugin.contents == nil ? "has no list of files" : "is another one"
            return PluginDecision.Step(
                .contents, [text], .altered("it is pinned to \(digest) and \(other): \(rule.because)", pin: rule))
        }
        return PluginDecision.Step(.contents, text)
    }

    private func abi(_ manifest: PluginManifest) -> PluginDecision.Step {
        let range = PluginLibrary.hostRange
        let text =
            "host \(range.oldest) to \(range.newest), built \(manifest.abiBuilt), needed \(manifest.abiNeeded), for "
            + "\(manifest.target)"
        if manifest.target != .host { return PluginDecision.Step(.abi, text, .wrongTarget(manifest.target)) }
        guard PluginLibrary.speaks(built: manifest.abiBuilt, needed: manifest.abiNeeded) else {
            return PluginDecision.Step(
                .abi, text, .wrongABI(built: manifest.abiBuilt, needed: manifest.abiNeeded))
        }
        return PluginDecision.Step(.abi, text)
    }

    private func runtime(_ plugin: PluginCandidate, _ manifest: PluginManifest) -> PluginDecision.Step {
        var text = "\(manifest.kind.rawValue), \(manifest.library)"
        if manifest.startsProcesses { text += ", starts processes" }
        if !manifest.tools.isEmpty { text += ", may have run \(manifest.tools.joined(separator: ", "))" }
        return PluginDecision.Step(.runtime, text, plugin.missingNeed.map { .missingNeed($0) })
    }

    private func rules(_ plugin: PluginCandidate, _ subject: PluginPolicy.Subject) -> PluginDecision.Step {
        let disabling = policy.disabling(subject)
        var lines = policy.matching(subject).map { rule in
            "\(rule.action.word) \(rule.match)\(rule.action.object), \(rule.authority.rawValue)'s, \(rule.because)"
                + (rule == disabling ? "  <- disables it" : "")
        }
        if policy.isSafeMode { lines.append("--safe-mode: only plugins beside this program") }
        let pattern = policy.variables.disabling(subject.id, isBundled: subject.isBundled)
        if let pattern { lines.append("\(PolicyVariables.disableName) has \(pattern)") }
        if let path = policy.sitePath {
            lines.append("the user may only narrow: \(path) does not say 'user-may-allow'")
        }
        if lines.isEmpty { lines = ["none is about it"] }
        var refusal: FoundPlugin.State?
        if let disabling {
            refusal = .disabled(disabling)
        } else if policy.isSafeMode && !subject.isBundled {
            refusal = .notAllowed(.safeMode)
        } else if let pattern {
            refusal = .notAllowed(.variable(pattern))
        }
        return PluginDecision.Step(.rules, lines, refusal)
    }

    private func sandbox(_ manifest: PluginManifest, _ subject: PluginPolicy.Subject) -> PluginDecision.Step {
        let text = "around its process" + (manifest.startsProcesses ? " and those that it starts" : "")
        guard let gap = sandboxGap(manifest.startsProcesses) else { return PluginDecision.Step(.sandbox, text) }
        let rule = policy.requiringSandbox(subject)
        return PluginDecision.Step(
            .sandbox, "\(text), but \(gap)", rule.map { .notAllowed(.sandbox(gap: gap, $0)) })
    }

    private func history(_ plugin: PluginCandidate, _ manifest: PluginManifest) -> PluginDecision.Step {
        // Who names a plugin for this run is at work on it, and sees every crash.
        if plugin.provenance.evidence == .developer {
            return PluginDecision.Step(.history, "not kept: its place was named for this run")
        }
        let count = quarantine.crashes(of: manifest.id)
        let text = "\(count) crash\(count == 1 ? "" : "es") within a day"
        // Only then its bytes must be known.
        guard quarantine.isSuspect(manifest.id), let library = plugin.libraryDigest,
            let hold = quarantine.hold(manifest.id, library: library)
        else { return PluginDecision.Step(.history, text) }
        return PluginDecision.Step(.history, hold.sentence, .quarantined(hold))
    }
}
