// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore

/// `bio pkg path`
enum PackagePath {
    static let spec = CommandSpec(
        "path", aliases: CommandSpec.beginnings(of: "path", 1...3),
        abstract: "Print the directory of an installed package",
        discussion: "Of several releases that satisfy the ident, the newest counts.",
        examples: [CommandSpec.Example("ls \"$(bio pkg path core/redis)/bin\"", "Look into a package")],
        arguments: [ArgumentSpec("IDENT", help: "origin/name[/version[/release]]")],
        options: [.format], exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let ident = try context.parseIdent(arguments.argument("IDENT") ?? "")
        let package = try context.installed(ident)
        guard arguments.wantsJSON else { return try context.result.line(package.path) }
        try context.result.json([
            "schema_version": 1, "ident": .string(package.ident.description), "path": .string(package.path),
        ])
    }
}
