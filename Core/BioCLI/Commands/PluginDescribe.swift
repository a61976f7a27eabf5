// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost
import BioSystem

/// `bio plugin describe`
enum PluginDescribe {
    static let spec = CommandSpec(
        "describe", abstract: "Ask a plugin what it is and keep the answer beside its manifest",
        discussion: """
            Run it when a plugin is built or installed: --help and the parser then know the plugin's options without \
            loading it. DIRECTORY holds plugin.toml and the library; description.json is written into it. The library \
            is loaded in a child process.
            """,
        examples: [.init("bio plugin describe ./my-plugin", "After building it")],
        arguments: [ArgumentSpec("DIRECTORY", help: "Directory of the plugin")], options: [.format],
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let directory = arguments.argument("DIRECTORY") ?? ""
            let found = try context.pluginCatalog(of: directory).plugins
            guard found.count == 1, let plugin = found.first, plugin.directory == context.absolute(directory) else {
                throw CommandFailure(
                    .plugin, "'\(directory)' is no directory of a plugin", hint: "it needs a file plugin.toml")
            }
            guard plugin.state == .ready else {
                throw CommandFailure(
                    .plugin, "plugin '\(plugin.label)' is \(plugin.state.word): \(plugin.state.reason)",
                    hint: plugin.change)
            }
            let description = try context.freshDescription(of: plugin)
            try DescriptionFile.write(description, in: plugin.directory)
            let path = "\(directory)/\(PluginDescription.fileName)"
            guard arguments.wantsJSON else { return try context.result.line(path) }
            try context.result.json([
                "schema_version": 1, "path": .string(path), "description": description.document,
            ])
        })
}
