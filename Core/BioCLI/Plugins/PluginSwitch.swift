// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// `bio plugin enable` and `bio plugin disable`
enum PluginSwitch {
    static let enable = CommandSpec(
        "enable", abstract: "Let a plugin run again that a rule disables",
        discussion: """
            A rule that 'bio plugin disable' wrote is taken away; against any other one a rule is added behind it. What \
            the site disables, its users cannot enable.
            """,
        examples: [.init("bio plugin enable com.acme.nomad", "Use it again")],
        arguments: [PluginRuleEdit.argument], options: [PluginRuleEdit.site, PluginRuleEdit.reason, .format],
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let edit = try PluginRuleEdit(arguments, context)
            let reason = try PluginReason.text(arguments) ?? ""
            try edit.checkUnopposed(edit.current.disabling)
            try edit.write(
                RuleText(edit.subject, .enable, reason: reason), replacing: isSwitch,
                unless: { rules in
                    // Whether a pattern has plugins in common with another one is not asked: one rule more says the same.
                    if edit.subject.isPattern { return !rules.contains { $0.action == .disable } }
                    let policy = PluginPolicy(rules: rules)
                    return edit.subjects.allSatisfy { policy.disabling($0) == nil }
                })
            try edit.checkEffect { $0.disabling($1) }
        })

    static let disable = CommandSpec(
        "disable", abstract: "Switch a plugin off, with a reason",
        discussion: """
            A rule is written into $XDG_CONFIG_HOME/bio/export-plugins.toml, with --site into \
            /etc/bio/export-plugins.toml, and its place is printed. Whoever asks for the plugin reads the reason.
            """,
        examples: [
            .init("bio plugin disable com.acme.nomad --reason 'ticket 4711'", "Switch it off for yourself"),
            .init("bio plugin disable '~third-party~' --site --reason 'change freeze'", "For everybody, all of them"),
        ],
        arguments: [PluginRuleEdit.argument], options: [PluginRuleEdit.site, PluginRuleEdit.reason, .format],
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let edit = try PluginRuleEdit(arguments, context)
            let reason = try PluginReason.text(arguments) ?? "switched off with 'bio plugin disable'"
            try edit.write(RuleText(edit.subject, .disable, reason: reason), replacing: isSwitch)
            try edit.checkHolds("enables") { $0.disabling($1) != nil }
        })

    private static func isSwitch(_ action: PolicyRule.Action) -> Bool { action == .enable || action == .disable }
}
