// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioTemplate

/// The typed functions of the plugins that one export and its children use.
final class FormatFunctions {
    /// How all of them run.
    let runtime: PluginExport.Runtime
    private let context: CommandContext
    private var known: [String: PluginFunctions] = [:]

    init(_ runtime: PluginExport.Runtime, _ context: CommandContext) {
        self.runtime = runtime
        self.context = context
    }

    private func functions(of offer: ExportFormat) -> PluginFunctions? {
        guard !offer.plugin.functions.isEmpty else { return nil }
        if let made = known[offer.plugin.id] { return made }
        // Its own crashes are kept in mind, not those of the plugin that the user asked for.
        let made = PluginFunctions(offer.plugin, offer.bundle, context.hearing(of: offer.found, runtime))
        known[offer.plugin.id] = made
        return made
    }

    /// What a naming template may call: the functions of the format that the user asked for, and of those that it asked
    /// for in turn, because a child's images are named by the user's own words.
    func templates(of offers: [ExportFormat]) -> (functions: TemplateFunctions, rehearsal: TemplateFunctions) {
        (
            offers.reduce(.standard) { functions(of: $1)?.adding(to: $0) ?? $0 },
            offers.reduce(.standard) { functions(of: $1)?.rehearsing(in: $0) ?? $0 }
        )
    }

    /// Refuses the values of a format's own options that their checks do not accept.
    func check(_ offer: ExportFormat, _ values: [OptionValue]) throws {
        try functions(of: offer)?.check(offer.format.options, values)
    }
}
