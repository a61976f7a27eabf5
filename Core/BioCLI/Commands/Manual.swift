// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// `bio __manual`, run when the program is built: the manual pages of all commands. They depend on nothing but the
/// program and the plugins named.
enum Manual {
    static let spec = CommandSpec(
        "__manual", hidden: true, abstract: "Write the manual pages",
        arguments: [
            ArgumentSpec("DIRECTORY", help: "where to write them"),
            ArgumentSpec("PLUGINS", help: "directory of plugins whose formats get pages"),
        ],
        action: { arguments, context in
            let directory = arguments.argument("DIRECTORY") ?? ""
            try Directory.create(directory)
            try write([CommandTree.root], to: directory, context.withPlugins(in: arguments.argument("PLUGINS") ?? ""))
        })

    private static func write(_ path: [CommandSpec], to directory: String, _ context: CommandContext) throws {
        guard let command = path.last else { return }
        let names = try command.dynamic?.names(context) ?? []
        let text = ManualPage.text(for: path, dynamicNames: names)
        try AtomicFile.write(Array(text.utf8), to: "\(directory)/\(ManualPage.name(path)).1")
        var children = command.subcommands.filter { !$0.isHidden }
        for (name, _) in names { children += try command.dynamic?.command(name, context).map { [$0] } ?? [] }
        for child in children { try write(path + [child], to: directory, context) }
    }
}
