// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPluginHost

/// `bio plugin pin`
enum PluginPin {
    static let spec = CommandSpec(
        "pin", abstract: "Let a plugin run with exactly these files and no others",
        discussion: """
            Without --digest it is pinned to what is installed now. The digest is that of the list of its files, as \
            'bio plugin explain' shows it.
            """,
        examples: [.init("bio plugin pin com.acme.nomad --site", "Nobody gets another version of it")],
        arguments: [PluginRuleEdit.argument],
        options: [
            OptionSpec("digest", .string("DIGEST"), help: "Of the list of files, blake2b-256:…"), PluginRuleEdit.site,
            PluginRuleEdit.reason, .format,
        ], exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let edit = try PluginRuleEdit(arguments, context)
            let digest = try given(arguments) ?? installed(edit.subject, context)
            let isPin = { (action: PolicyRule.Action) in if case .pin = action { true } else { false } }
            try edit.write(
                RuleText(edit.subject, .pin(digest), reason: try PluginReason.text(arguments) ?? ""), replacing: isPin)
            try edit.checkEffect { $0.pinnedElsewhere($1, contents: digest) }
        })

    private static func given(_ arguments: ParsedArguments) throws -> Digest? {
        guard let text = arguments.string("digest") else { return nil }
        do throws(Digest.ParseError) { return try Digest(parsing: text) } catch {
            throw CommandFailure(
                .usage, "--digest: \(error.description)", hint: "'bio plugin explain' shows it, as blake2b-256:…")
        }
    }

    /// What the only plugin of that id has.
    private static func installed(_ subject: PluginPattern, _ context: CommandContext) throws -> Digest {
        guard !subject.isPattern else {
            throw CommandFailure(
                .usage, "'\(subject)' may match several plugins, and each has files of its own",
                hint: "name one plugin, or the files with --digest")
        }
        let plugins = try context.pluginCatalog().plugins(named: subject.text)
        guard plugins.isEmpty || plugins.contains(where: { $0.provenance.evidence != .bundled }) else {
            throw CommandFailure(
                .plugin,
                "the plugin '\(subject)' has no list of files: it lies beside this program and changes with it",
                hint: "keep this bio as it is")
        }
        let digests = Set(plugins.compactMap(\.candidate.contents))
        guard let digest = digests.first, digests.count == 1 else {
            let text =
                plugins.isEmpty
                ? "there is no plugin '\(subject)'"
                : digests.isEmpty ? "the plugin '\(subject)' has no list of files" : "there are several '\(subject)'"
            throw CommandFailure(
                .plugin, "\(text), so there is nothing that it could be pinned to",
                hint: digests.isEmpty ? "install it with 'bio plugin install'" : "choose one with --digest")
        }
        return digest
    }
}
