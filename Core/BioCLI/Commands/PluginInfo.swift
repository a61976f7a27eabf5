// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost
import BioSystem

/// `bio plugin info`
enum PluginInfo {
    static let spec = CommandSpec(
        "info", abstract: "Show a plugin: where it is, its formats, their options",
        discussion: "PLUGIN is an id, a name or a directory, as 'bio plugin list' shows them.",
        examples: [.init("bio plugin info tar", "The bundled tar plugin")],
        arguments: [ArgumentSpec("PLUGIN", help: "Id, name or directory of the plugin")],
        options: [.format] + OptionSpec.plugins,
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let name = arguments.argument("PLUGIN") ?? ""
            let plugin = try find(name, context)
            // A library is asked only when it might be used: not against a policy, not when another comes first.
            let description = plugin.state == .ready ? try context.description(of: plugin) : nil
            if arguments.wantsJSON { return try context.result.json(document(plugin, description)) }
            try context.result.lines(lines(plugin, description).map { $0.terminalSafe() })
        })

    static func find(_ name: String, _ context: CommandContext) throws -> FoundPlugin {
        let catalog = try context.pluginCatalog()
        let found = catalog.plugins(named: name)
        if let plugin = PluginCatalog.foremost(found) {
            for other in found where other != plugin {
                context.status.warn("there is '\(other.label)' in '\(other.directory)', too: it is \(other.state.word)")
            }
            return plugin
        }
        throw CommandFailure(.plugin, "there is no plugin '\(name)'", hint: "see 'bio plugin list'")
    }

    static func summary(_ plugin: FoundPlugin) -> DocumentValue {
        [
            "id": .optional(plugin.manifest?.id), "name": .optional(plugin.manifest?.name),
            "version": .optional(plugin.manifest?.version), "summary": .optional(plugin.manifest?.summary),
            "license": .optional(plugin.manifest?.license), "tools": .strings(plugin.manifest?.tools ?? []),
            "denied_tools": .strings(plugin.deniedTools.keys.sorted()),
            "formats": .strings(plugin.manifest?.formats ?? []),
            "directory": .string(plugin.directory), "from": .string(plugin.origin),
            "evidence": .optional(plugin.manifest == nil ? nil : plugin.provenance.evidence.sentence),
            "contents": .optional(plugin.candidate.contents.map { "\($0)" }), "state": .string(plugin.state.word),
            "reason": .optional(plugin.state == .ready ? nil : plugin.state.reason),
        ]
    }

    private static func sandbox(_ plugin: FoundPlugin) -> SandboxReport {
        .ofThisKernel(startsProcesses: plugin.manifest?.startsProcesses ?? false)
    }

    private static func document(_ plugin: FoundPlugin, _ description: PluginDescription?) -> DocumentValue {
        [
            "schema_version": 1, "plugin": summary(plugin), "description": description?.document ?? .null,
            "sandbox": [
                "starts_processes": .bool(plugin.manifest?.startsProcesses ?? false),
                "gap": .optional(sandbox(plugin).gap),
            ],
        ]
    }

    private static func lines(_ plugin: FoundPlugin, _ description: PluginDescription?) -> [String] {
        var lines = ["\(plugin.label) \(plugin.manifest?.version ?? "")"]
        if let manifest = plugin.manifest { lines.append(manifest.summary) }
        lines += ["", "state      \(plugin.state.word)"]
        if plugin.state != .ready { lines.append("reason     \(plugin.state.reason)") }
        lines.append("directory  \(plugin.directory) (\(plugin.origin))")
        if let manifest = plugin.manifest {
            lines.append("library    \(manifest.library)")
            lines.append("license    \(manifest.license)")
            lines.append("abi        built \(manifest.abiBuilt), needs \(manifest.abiNeeded)")
            for tool in manifest.tools {
                let denial = plugin.deniedTools[tool].map { ", denied: \($0.because)" } ?? ""
                lines.append("may run    \(tool)\(denial)")
            }
        }
        if plugin.manifest?.startsProcesses == true { lines.append("may start  processes of its own") }
        lines.append("sandbox    \(sandbox(plugin).gap ?? "around its process")")
        for format in description?.formats ?? [] {
            lines += ["", "format \(format.id)", "  \(format.summary)"] + self.lines(format)
        }
        let functions = description?.functions ?? []
        if !functions.isEmpty { lines += ["", "functions"] }
        for function in functions {
            lines.append("  \(function.name) \(function.signature)" + (function.doc.isEmpty ? "" : ": \(function.doc)"))
        }
        return lines
    }

    private static func lines(_ format: FormatDescription) -> [String] {
        var lines: [String] = []
        if !format.aliases.isEmpty { lines.append("  also called \(format.aliases.joined(separator: ", "))") }
        lines.append("  makes \(format.artifactKinds.joined(separator: ", "))")
        for option in format.options where !option.isHidden {
            let value = option.valueName.isEmpty ? "" : " \(option.valueName)"
            let fallback = option.defaultValue.isEmpty ? "" : " (default \(option.defaultValue))"
            lines.append("  --\(option.id)\(value): \(option.summary)\(fallback)")
        }
        return lines
    }
}
