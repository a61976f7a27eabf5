// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost

/// `bio plugin list`
enum PluginList {
    static let spec = CommandSpec(
        "list", abstract: "List the plugins of this machine and what becomes of them",
        discussion: """
            Plugins are found by their manifests in what --plugin and --plugin-dir name, in the directories of \
            BIO_PLUGIN_PATH, in $XDG_DATA_HOME/bio/plugins, /usr/local/lib/bio/plugins, beside this program and in \
            /usr/lib/bio/plugins; the first of an id that can be used wins. No library is opened.

            Rules say which of them may run; 'bio plugin explain' tells which rule does, and what would change it.
            """,
        examples: [.init("bio plugin list --format json", "The same for programs")],
        options: [.format] + OptionSpec.plugins,
        action: { arguments, context in
            let catalog = try context.pluginCatalog()
            if arguments.wantsJSON { return try context.result.json(document(catalog)) }
            try context.result.lines(lines(catalog).map { $0.terminalSafe() })
            for (word, plugin, winner) in catalog.outranked {
                context.status.warn(
                    "the format '\(word)' of '\(plugin.label)' is made by '\(winner.label)', which comes first")
            }
            if catalog.plugins.isEmpty { context.status.warn("no plugin was found") }
        })

    private static func document(_ catalog: PluginCatalog) -> DocumentValue {
        ["schema_version": 1, "plugins": .array(catalog.plugins.map(PluginInfo.summary))]
    }

    private static func lines(_ catalog: PluginCatalog) -> [String] {
        var rows = [["ID", "VERSION", "FORMATS", "STATE", "FROM"]]
        for plugin in catalog.plugins {
            rows.append([
                plugin.label, plugin.manifest?.version ?? "-", plugin.manifest?.formats.joined(separator: ",") ?? "-",
                plugin.state.word, plugin.origin,
            ])
        }
        let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            String(
                zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
                    .trimmedEnd)
        }
        for (index, plugin) in catalog.plugins.enumerated().reversed() where plugin.state != .ready {
            lines.insert("  \(plugin.state.reason)", at: index + 2)
        }
        return catalog.plugins.isEmpty ? [] : lines
    }
}

extension String {
    fileprivate var trimmedEnd: Substring {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return self[...last]
    }
}
