// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore

/// `bio pkg list`
enum PackageList {
    static let spec = CommandSpec(
        "list", aliases: CommandSpec.beginnings(of: "list", 2...2), abstract: "List installed packages",
        discussion: """
            Prints one ident a line, sorted by origin, name, version and release. What matches nothing lists nothing \
            and is no failure.
            """,
        examples: [
            CommandSpec.Example("bio pkg list", "List everything"),
            CommandSpec.Example("bio pkg list core/redis", "List the releases of one package"),
        ],
        arguments: [ArgumentSpec("IDENT", .optional, help: "list the releases that satisfy this ident")],
        options: [
            OptionSpec("all", short: "a", .flag, help: "List all packages, as without any argument"),
            OptionSpec("origin", short: "o", .string("ORIGIN"), help: "List the packages of this origin"),
            .format,
        ], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let packages = try selection(arguments, context)
        guard arguments.wantsJSON else {
            return try context.result.lines(packages.map(\.ident.description))
        }
        try context.result.json([
            "schema_version": 1,
            "packages": .array(
                packages.map { package in
                    [
                        "ident": .string(package.ident.description), "origin": .string(package.ident.origin),
                        "name": .string(package.ident.name), "version": .string(package.ident.version),
                        "release": .string(package.ident.release), "target": .string(package.target.description),
                        "path": .string(package.path),
                    ]
                }),
        ])
    }

    private static func selection(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws -> [InstalledPackage] {
        switch (arguments.argument("IDENT"), arguments.flag("all"), arguments.string("origin")) {
        case (let text?, false, nil): return try context.store.installed(matching: context.parseIdent(text))
        case (nil, _, nil): return try context.store.all()
        case (nil, false, let text?):
            let origin: Origin
            do throws(Origin.ParseError) { origin = try Origin(parsing: text) } catch {
                throw UsageError.refused(error.description, hint: error.hint)
            }
            return try context.store.all().filter { $0.ident.origin == origin.name }
        default:
            throw CommandLineParser.Failure(
                error: .refused("only one of IDENT, --all and --origin may be given", hint: nil), path: arguments.path)
        }
    }
}
