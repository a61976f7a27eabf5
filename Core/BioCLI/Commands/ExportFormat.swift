// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPackage
import BioPluginHost

/// A format, the plugin that makes it, and what a command line for it looks like.
struct ExportFormat {
    let word: String
    let found: FoundPlugin
    let bundle: PluginBundle
    let plugin: PluginDescription
    let format: FormatDescription
    /// What its plugin may have run.
    let tools: ToolBox

    /// Looks a format up; throws when no usable plugin makes it.
    init(_ word: String, _ context: CommandContext) throws {
        let found = try context.pluginCatalog().plugin(forFormat: word)
        let description = try context.description(of: found)
        guard let format = description.format(named: word), let bundle = found.bundle else {
            throw CommandFailure(
                .plugin, "plugin '\(found.label)' does not offer '\(word)', though its manifest says so")
        }
        if let service = PluginExport.missingService(of: format) {
            throw PluginError(plugin: description.id, .missingService(format: format.id, service: service))
        }
        self.word = word
        self.found = found
        self.bundle = bundle
        plugin = description
        self.format = format
        tools = context.tools(of: found)
    }

    /// The host's options and the plugin's in one table.
    func command(_ flavour: Flavour) throws -> CommandSpec {
        let options =
            try format.options.map { try ExportOptions.spec($0) }
            + (format.groups.contains(FormatDescription.packagesGroup)
                ? ExportOptions.packages(format, flavour) : [])
            + ImageOptions.rows(format) + AttestationOptions.rows + ExportOptions.host + OptionSpec.plugins
        try CommandSpec.check(options)
        return CommandSpec(
            word, abstract: format.summary, discussion: format.doc,
            examples: [
                .init("bio pkg export \(word) core/redis\(ExportOperand.inExample(format))", "Export one package")
            ],
            arguments: [
                ArgumentSpec("PKG", .oneOrMore, help: "Ident of an installed or cached package, or a .hart file")
            ] + ExportOperand.arguments(format),
            options: options,
            exitCodes: [.packageNotFound, .trustRefused, .pluginUnusable]
                + (format.groups.contains(FormatDescription.imageGroup) ? [.remoteRefused] : []) + [.interrupted],
            action: { arguments, context in
                try FormatExport(
                    offer: self, arguments: try ExportOperand.settled(arguments, format),
                    context: context.withSharedInput
                ).run()
            })
    }
}
