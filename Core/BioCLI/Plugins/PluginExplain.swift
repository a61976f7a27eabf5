// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost

/// `bio plugin explain`
enum PluginExplain {
    static let spec = CommandSpec(
        "explain", abstract: "Tell step by step why a plugin runs or does not, and what would change it",
        discussion: """
            PLUGIN is an id, a name, a directory, or a format; every copy that was found is explained, in the order in \
            which they are looked at. Nothing is loaded or run for it.
            """,
        examples: [
            .init("bio plugin explain tar", "What becomes of the plugins that make tars"),
            .init("bio plugin explain com.acme.nomad --format json", "The same for programs"),
        ],
        arguments: [ArgumentSpec("PLUGIN", help: "Id, name, directory or format")],
        options: [.format] + OptionSpec.plugins, exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let name = arguments.argument("PLUGIN") ?? ""
            let catalog = try context.pluginCatalog()
            var plugins = catalog.plugins(named: name)
            for plugin in catalog.offering(name) where !plugins.contains(plugin) { plugins.append(plugin) }
            guard !plugins.isEmpty else {
                throw CommandFailure(
                    .plugin, "there is no plugin or format '\(name)'", hint: "see 'bio plugin list'")
            }
            if arguments.wantsJSON { return try context.result.json(document(plugins)) }
            let blocks = plugins.map { lines($0).map { $0.terminalSafe() } }
            try context.result.lines(Array(blocks.joined(separator: [""])))
        })

    private static func document(_ plugins: [FoundPlugin]) -> DocumentValue {
        [
            "schema_version": 1,
            "plugins": .array(
                plugins.map { plugin in
                    [
                        "plugin": PluginInfo.summary(plugin), "steps": .array(steps(plugin)),
                        "rule": .optional(plugin.state.rule?.id), "change": .optional(plugin.change),
                    ]
                }),
        ]
    }

    private static func steps(_ plugin: FoundPlugin) -> [DocumentValue] {
        plugin.decision.steps.enumerated().map { index, step in
            [
                "number": .integer(Int64(index + 1)), "topic": .string(step.topic.rawValue),
                "text": .strings(step.lines), "refuses": .optional(step.refusal?.word),
                "decides": .bool(step == plugin.decision.deciding),
            ]
        }
    }

    private static func lines(_ plugin: FoundPlugin) -> [String] {
        let name = plugin.manifest.map { "\($0.id) \($0.version)" } ?? plugin.directory
        var lines = ["\(name) -> \(plugin.state.word)\(plugin.state.rule?.citation ?? "")"]
        for (index, step) in plugin.decision.steps.enumerated() {
            let topic = step.topic.rawValue
            let head = " \(index + 1) \(topic)\(String(repeating: " ", count: 11 - topic.count))"
            for (number, text) in step.lines.enumerated() {
                let isLast = number == step.lines.count - 1
                let mark = isLast && step == plugin.decision.deciding ? "  <- decides" : ""
                lines.append((number == 0 ? head : String(repeating: " ", count: head.count)) + text + mark)
            }
        }
        if plugin.state != .ready { lines.append("why: \(plugin.state.reason)") }
        if let change = plugin.change { lines.append("to change it: \(change)") }
        return lines
    }
}
