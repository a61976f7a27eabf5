// SPDX-License-Identifier: Apache-2.0

extension FoundPlugin {
    /// The command or the line that would let the plugin run; nil when it runs.
    package var change: String? { change(of: state) }

    /// The same for one of the states that its decision tells.
    package func change(of state: State) -> String? {
        let id = manifest?.id ?? ""
        switch state {
        case .ready: return nil
        case .disabled(let rule):
            return rule.reached("enable \(id)", orBy: "take the rule at \(rule.place) away")
        case .notAllowed(.safeMode): return "leave --safe-mode out"
        case .notAllowed(.variable):
            return "set \(PolicyVariables.allowName)=\(id), or change \(PolicyVariables.disableName)"
        case .notAllowed(.sandbox(_, let rule)):
            return "run bio where the kernel has all that the sandbox needs, or take the rule at \(rule.place) away"
        case .shadowed(let first):
            return "remove '\(first)', or name this one: bio pkg export --plugin \(directory)"
        case .unsigned, .untrustedKey: return changeOfTrust(id)
        case .altered(_, let rule?):
            let install = "install what it is pinned to"
            guard let digest = candidate.contents else { return "\(install), or change the rule at \(rule.place)" }
            return "\(install), or "
                + rule.reached("pin \(id) --digest \(digest)", orBy: "change the rule at \(rule.place)")
        case .altered: return "install the plugin again"
        case .wrongABI: return "install a build of it for this bio, or rebuild it with this bio's bio_export.h"
        case .wrongTarget(let target): return "install its build for this machine; this one is for \(target)"
        case .missingNeed: return "install the version of bio that the plugin asks for"
        case .quarantined: return "run 'bio plugin clear \(id)' to try it again at once"
        case .broken: return "mend '\(directory)', or install the plugin again"
        }
    }

    private func changeOfTrust(_ id: String) -> String {
        let key = provenance.evidence.key
        if case .refused(let rule)? = decision.permission,
            rule.authority == .site || userMayAllow || rule.action == .requireSignature
        {
            guard rule.action != .requireSignature, let key else {
                return "install a signed one, or change the rule at \(rule.place)"
            }
            return rule.reached("allow \(id) --key \(key)", orBy: "change the rule at \(rule.place)")
        }
        guard userMayAllow else { return Self.administrator + changeOfSite(id, key) }
        if case .unknownKey(let name) = provenance.evidence {
            return "import the public key \(name) with 'bio origin key import', then run 'bio plugin allow \(id) "
                + "--key \(name)'"
        }
        if let key { return "run 'bio plugin allow \(id) --key \(key)'" }
        return "install it with 'bio plugin install', run 'bio plugin allow \(id) --unsigned', or give "
            + "--allow-unsigned"
    }

    private static let administrator = "ask whoever administers this machine to "

    /// The same where a user may only narrow what the site says.
    private func changeOfSite(_ id: String, _ key: String?) -> String {
        if case .unknownKey(let name) = provenance.evidence {
            return "import the public key \(name) and run 'bio plugin allow \(id) --key \(name) --site'"
        }
        if let key { return "run 'bio plugin allow \(id) --key \(key) --site'" }
        return "install it with 'bio plugin install --site', or run 'bio plugin allow \(id) --unsigned --site'"
    }
}

extension PolicyRule {
    /// What overrules it: the command, where what that writes comes behind it, or `change`.
    fileprivate func reached(_ command: String, orBy change: String) -> String {
        let site = authority == .site ? " --site" : ""
        return isWithinReach ? "run 'bio plugin \(command)\(site)', or \(change)" : change
    }
}
