// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioPluginHost

/// `bio plugin allow` and `bio plugin require-signature`
enum PluginAllow {
    static let allow = CommandSpec(
        "allow", abstract: "Say whose signature a plugin may run with",
        discussion: """
            The last rule that matches a plugin names all keys that may sign it. KEY is the name of a key, with its \
            revision or without one for all revisions. With --unsigned the plugin runs though nobody vouches for it.
            """,
        examples: [
            .init("bio plugin allow 'com.acme.*' --key acme", "Plugins of Acme, signed by Acme"),
            .init("bio plugin allow com.acme.trial --unsigned", "One plugin that nobody has signed"),
        ],
        arguments: [PluginRuleEdit.argument],
        options: [
            OptionSpec("key", .string("KEY"), repeatable: true, help: "Name of a key that may sign it"),
            OptionSpec("unsigned", .flag, help: "Run it whoever made it"), PluginRuleEdit.site, PluginRuleEdit.reason,
            .format,
        ], exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let keys = arguments.strings("key")
            guard keys.isEmpty == arguments.flag("unsigned") else {
                throw CommandFailure(.usage, "one of --key KEY and --unsigned is needed")
            }
            if let wrong = keys.first(where: { !PolicyKeys.isName($0) }) {
                throw CommandFailure(.usage, "--key: \(wrong.quoted) is no name of a key")
            }
            let edit = try PluginRuleEdit(arguments, context)
            try edit.checkUserMayAllow()
            let reason = try PluginReason.text(arguments) ?? ""
            guard arguments.flag("unsigned") else {
                try edit.checkUnopposed(edit.current.allowing)
                try edit.write(RuleText(edit.subject, .allow(keys: keys), reason: reason)) {
                    if case .allow = $0 { true } else { false }
                }
                return try edit.checkEffect { policy, asked in
                    policy.allowing(asked).flatMap { $0.action == .allow(keys: keys) ? nil : $0 }
                }
            }
            try edit.checkUnopposed(edit.current.requiringSignature)
            try edit.write(RuleText(edit.subject, .allowUnsigned, reason: reason), replacing: isAboutSignatures)
            try edit.checkEffect { $0.requiringSignature($1) }
        })

    static let requireSignature = CommandSpec(
        "require-signature", abstract: "Refuse a plugin that is not signed, wherever it lies",
        discussion: """
            It must be installed, and signed with a key that is allowed: neither --allow-unsigned nor a directory that \
            the user names helps then. What came with bio needs no signature.
            """,
        examples: [.init("bio plugin require-signature '~all~' --site", "The rule of a careful site")],
        arguments: [PluginRuleEdit.argument], options: [PluginRuleEdit.site, PluginRuleEdit.reason, .format],
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let edit = try PluginRuleEdit(arguments, context)
            try edit.write(
                RuleText(edit.subject, .requireSignature, reason: try PluginReason.text(arguments) ?? ""),
                replacing: isAboutSignatures)
            try edit.checkHolds("allows no signature for") { $0.requiringSignature($1) != nil }
        })

    private static func isAboutSignatures(_ action: PolicyRule.Action) -> Bool {
        action == .allowUnsigned || action == .requireSignature
    }
}
