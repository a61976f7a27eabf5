// SPDX-License-Identifier: Apache-2.0

/// Who vouches for a plugin, and whether that is enough.
extension PluginJudge {
    func signature(_ plugin: PluginCandidate, _ subject: PluginPolicy.Subject) -> PluginDecision.Step {
        let (evidence, acceptance) = (plugin.provenance.evidence, plugin.provenance.acceptance)
        switch evidence {
        case .bundled: return PluginDecision.Step(.signature, "none needed: \(evidence.sentence)")
        case .developer:
            guard let rule = policy.requiringSignature(subject) else {
                return PluginDecision.Step(.signature, "none needed: \(evidence.sentence)")
            }
            return PluginDecision.Step(
                .signature, evidence.sentence,
                .unsigned("a plugin must be installed and signed, wherever it lies: \(rule.because)"),
                permission: .refused(by: rule))
        case .altered, .badSignature: return PluginDecision.Step(.signature, "does not hold")
        case .signed(let key), .installed(_, let key):
            let acceptedBy = acceptance == .key(key) ? plugin.place.authority : nil
            let permission = policy.permitting(key: key, subject, acceptedBy: acceptedBy)
            if permission.isGiven {
                return PluginDecision.Step(
                    .signature, "\(evidence.sentence); \(permission.text)", permission: permission)
            }
            return unvouched(plugin, subject, permission) { .untrustedKey($0) }
        case .unknownKey: return unvouched(plugin, subject) { .untrustedKey($0) }
        case .unsigned: return unvouched(plugin, subject) { .unsigned($0) }
        }
    }

    /// A plugin for which nobody vouches who is allowed to. Where unsigned ones run it runs, whatever key is on it: who
    /// wanted to get around a refusal could take the signature away.
    private func unvouched(
        _ plugin: PluginCandidate, _ subject: PluginPolicy.Subject, _ ofKey: PluginPolicy.Permission? = nil,
        _ refusal: (String) -> FoundPlugin.State
    ) -> PluginDecision.Step {
        let sentence = plugin.provenance.evidence.sentence
        let permission = policy.permittingUnsigned(
            subject, acceptedBy: plugin.provenance.acceptance == .unsigned ? plugin.place.authority : nil)
        if permission.isGiven {
            return PluginDecision.Step(.signature, "\(sentence); \(permission.text)", permission: permission)
        }
        // What is said of its key tells more, where there is one that is known.
        let said = ofKey ?? permission
        return PluginDecision.Step(.signature, sentence, refusal("\(sentence); \(said.text)"), permission: said)
    }
}

extension PluginPolicy.Permission {
    /// The other half of a sentence about a signature.
    var text: String {
        switch self {
        case .rule(let rule): "\(rule.action.word) \(rule.match): \(rule.because)"
        case .option: "--allow-unsigned lets it run"
        case .acceptedAtInstall(.site): "accepted for the site when it was installed"
        case .acceptedAtInstall(.user): "accepted by the user when he installed it"
        case .refused(let rule): "\(rule.action.word) \(rule.match) says otherwise: \(rule.because)"
        case .notForUser: "the user would have it, but here he may only narrow what the site says"
        case .nobody: "nobody has allowed it"
        }
    }
}
