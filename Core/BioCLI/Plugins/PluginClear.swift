// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost

/// `bio plugin clear`
enum PluginClear {
    static let spec = CommandSpec(
        "clear", abstract: "Forget a plugin's crashes, and end its quarantine",
        discussion: """
            A plugin whose process crashed three times within a day rests for a week, by the digest of its library and \
            the version of bio: a rebuilt one, or another bio, is tried at once.
            """,
        examples: [.init("bio plugin clear com.acme.nomad", "Try it again")],
        arguments: [ArgumentSpec("PLUGIN", help: "Id or name of a plugin")], options: [.format],
        exitCodes: [.pluginUnusable],
        action: { arguments, context in
            let name = arguments.argument("PLUGIN") ?? ""
            guard let log = context.crashLog else {
                throw CommandFailure(
                    .failure, "no crashes are kept: neither XDG_STATE_HOME nor HOME is set", hint: "set HOME")
            }
            let plugins = try context.pluginCatalog().plugins(named: name)
            let ids = Set(plugins.compactMap { $0.manifest?.id } + [name])
            var count = 0
            for id in ids.sorted() { count += try log.clear(id) }
            guard count > 0 || !plugins.isEmpty else {
                throw CommandFailure(
                    .plugin, "there is no plugin '\(name)', and no crash of one is kept", hint: "see 'bio plugin list'")
            }
            if arguments.wantsJSON {
                try context.result.json(
                    ["schema_version": 1, "plugin": .string(name), "forgotten": .integer(Int64(count))])
            }
            context.status.end("Forgot \(count) crash\(count == 1 ? "" : "es") of '\(name)'")
        })
}
