// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// What the rules say of one plugin.
extension PluginPolicy {
    /// The plugin that is asked about.
    package struct Subject: Hashable, Sendable {
        package let id: String
        package let isBundled: Bool

        package init(id: String, isBundled: Bool) {
            self.id = id
            self.isBundled = isBundled
        }
    }

    /// Every rule about it, in order.
    package func matching(_ subject: Subject) -> [PolicyRule] {
        rules.filter { $0.match.matches(subject.id, isBundled: subject.isBundled) }
    }

    /// The last rule of one authority that says something of the kind.
    private func last(
        _ authority: PolicyRule.Authority, _ subject: Subject, _ isOfKind: (PolicyRule.Action) -> Bool
    ) -> PolicyRule? {
        rules.last { rule in
            rule.authority == authority && isOfKind(rule.action)
                && rule.match.matches(subject.id, isBundled: subject.isBundled)
        }
    }

    /// The rule that switches it off.
    package func disabling(_ subject: Subject) -> PolicyRule? {
        PolicyRule.Authority.allCases.lazy.compactMap { last($0, subject) { $0 == .enable || $0 == .disable } }
            .first { $0.action == .disable }
    }

    /// The rule by which it must be signed, wherever it lies.
    package func requiringSignature(_ subject: Subject) -> PolicyRule? {
        PolicyRule.Authority.allCases.lazy.compactMap { saidOfSignatures($0, subject) }
            .first { $0.action == .requireSignature }
    }

    private func saidOfSignatures(_ authority: PolicyRule.Authority, _ subject: Subject) -> PolicyRule? {
        last(authority, subject) { $0 == .requireSignature || $0 == .allowUnsigned }
    }

    /// Who lets a plugin run, or why nobody does.
    package enum Permission: Hashable, Sendable {
        case rule(PolicyRule)
        /// `--allow-unsigned`.
        case option
        /// Whoever installed it said yes to its key.
        case acceptedAtInstall(PolicyRule.Authority)
        /// A rule that says otherwise.
        case refused(by: PolicyRule)
        /// The user would have it, and the site leaves him no say.
        case notForUser
        case nobody

        package var isGiven: Bool {
            switch self {
            case .rule, .option, .acceptedAtInstall: true
            case .refused, .notForUser, .nobody: false
            }
        }
    }

    /// Whether it may run though nobody vouches for it. `acceptedBy` tells who accepted these very bytes.
    package func permittingUnsigned(_ subject: Subject, acceptedBy: PolicyRule.Authority?) -> Permission {
        if let rule = requiringSignature(subject) { return .refused(by: rule) }
        if let rule = saidOfSignatures(.site, subject) { return .rule(rule) }
        if acceptedBy == .site { return .acceptedAtInstall(.site) }
        let rule = saidOfSignatures(.user, subject)
        guard rule != nil || allowsUnsigned || acceptedBy == .user else { return .nobody }
        guard userMayAllow else { return .notForUser }
        if let rule { return .rule(rule) }
        return acceptedBy == .user ? .acceptedAtInstall(.user) : .option
    }

    /// Whether it may run when `key`, `name-revision`, has signed it. `acceptedBy` tells who said yes at its installation.
    package func permitting(key: String, _ subject: Subject, acceptedBy: PolicyRule.Authority?) -> Permission {
        func allows(_ rule: PolicyRule) -> Bool {
            guard case .allow(let keys) = rule.action else { return false }
            return keys.contains { PolicyRule.names($0, key) }
        }
        // A rule names all keys of its plugins: what was accepted before it came counts where there is none.
        if let site = last(.site, subject, Self.isAllow) { return allows(site) ? .rule(site) : .refused(by: site) }
        if acceptedBy == .site { return .acceptedAtInstall(.site) }
        let user = last(.user, subject, Self.isAllow)
        if let user, !allows(user) { return .refused(by: user) }
        guard user != nil || acceptedBy == .user else { return .nobody }
        guard userMayAllow else { return .notForUser }
        return user.map { .rule($0) } ?? .acceptedAtInstall(.user)
    }

    /// The rule of the highest authority that names the keys which may sign it.
    package func allowing(_ subject: Subject) -> PolicyRule? {
        PolicyRule.Authority.allCases.lazy.compactMap { last($0, subject, Self.isAllow) }.first
    }

    private static func isAllow(_ action: PolicyRule.Action) -> Bool {
        if case .allow = action { true } else { false }
    }

    /// The rule that wants other contents than these; nil when all that pin it are satisfied. `contents` is the digest
    /// of the list of its files; nil when it has none.
    package func pinnedElsewhere(_ subject: Subject, contents: Digest?) -> PolicyRule? {
        PolicyRule.Authority.allCases.lazy.compactMap { authority in
            last(authority, subject) { if case .pin = $0 { true } else { false } }
        }.first { rule in
            if case .pin(let digest) = rule.action { digest != contents } else { false }
        }
    }

    /// The first rule that denies it a program. Denials of all files add up.
    package func denying(_ tool: String, to subject: Subject) -> PolicyRule? {
        matching(subject).first { rule in
            guard case .denyTools(let names) = rule.action else { return false }
            return names?.contains(tool) ?? true
        }
    }

    /// The rule that wants all of the sandbox, or no run.
    package func requiringSandbox(_ subject: Subject) -> PolicyRule? {
        matching(subject).first { $0.action == .requireSandbox }
    }
}
