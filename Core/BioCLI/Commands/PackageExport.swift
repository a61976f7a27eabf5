// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioPackage
import BioPluginHost
import BioStore

/// `bio pkg export`: one subcommand for each format that a plugin offers.
enum PackageExport {
    static let spec = CommandSpec(
        "export", abstract: "Write packages, with all they need, in a format that a plugin makes",
        discussion: """
            PKG is the ident of an installed or cached package, or a .hart file, which is verified and installed \
            first. The format's own options are in 'bio pkg export FORMAT --help'.
            """,
        examples: [
            .init("bio pkg export --list", "The formats of this machine"),
            .init("bio pkg export tar core/redis", "A tar of core/redis in the working directory"),
        ],
        options: [
            OptionSpec("list", .flag, help: "List the formats and the plugins that make them"), .format,
        ] + OptionSpec.plugins,
        dynamic: CommandSpec.Dynamic(placeholder: "FORMAT", names: names, command: command),
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            guard arguments.flag("list") else {
                throw CommandFailure(
                    .usage, "a format is missing", hint: "see 'bio pkg export --list'")
            }
            try list(arguments, context)
        })

    private static func list(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let formats = try context.pluginCatalog().formats
        if arguments.wantsJSON {
            return try context.result.json([
                "schema_version": 1,
                "formats": .array(
                    formats.map {
                        [
                            "format": .string($0.word), "plugin": .string($0.plugin.label),
                            "version": .optional($0.plugin.manifest?.version),
                            "summary": .optional($0.plugin.manifest?.summary),
                        ]
                    }),
            ])
        }
        let width = formats.map(\.word.count).max() ?? 0
        try context.result.lines(
            formats.map {
                $0.word + String(repeating: " ", count: width - $0.word.count + 2) + ($0.plugin.manifest?.summary ?? "")
            })
        if formats.isEmpty { context.status.warn("no plugin offers a format; see 'bio plugin list'") }
    }

    @Sendable private static func names(_ context: CommandContext) throws -> [(name: String, abstract: String)] {
        try context.pluginCatalog().formats.map { ($0.word, $0.plugin.manifest?.summary ?? "") }
    }

    @Sendable private static func command(_ word: String, _ context: CommandContext) throws -> CommandSpec? {
        do { return try ExportFormat(word, context).command(context.flavour) } catch let error
            as PluginCatalog.LookupError
        {
            guard case .unknownFormat(_, let known) = error else { throw error }
            let near = NearestName.of(word, among: known)
            throw UsageError.refused(
                error.description, hint: near.map { "did you mean 'bio pkg export \($0)'?" } ?? error.hints.first)
        }
    }
}
