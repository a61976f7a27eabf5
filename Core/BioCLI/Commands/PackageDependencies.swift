// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore

/// `bio pkg dependencies`
enum PackageDependencies {
    static let spec = CommandSpec(
        "dependencies", abstract: "List what a package needs, or what needs it",
        discussion: """
            Prints the direct runtime dependencies of a package, one ident a line, in the order of its DEPS; with \
            --transitive all of them, in the order of its TDEPS. The package may be installed, in the artifact cache, \
            or an artifact file, of which nothing is verified here.

            With --reverse, prints the installed packages that name this release in their DEPS, or with --transitive \
            in their TDEPS, sorted.
            """,
        examples: [
            CommandSpec.Example("bio pkg dependencies core/redis --transitive", "List all that runs with a package"),
            CommandSpec.Example("bio pkg dependencies core/glibc --reverse", "See who would miss it"),
        ],
        arguments: [ArgumentSpec("PKG", help: "ident of a package, or artifact file")],
        options: [
            OptionSpec("transitive", short: "t", .flag, help: "Count the dependencies of dependencies too"),
            OptionSpec("reverse", short: "r", .flag, help: "List the packages that need this one"),
            .target, .format,
        ], exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let lookup = PackageLookup(context: context, target: try arguments.target())
        let found = try lookup.find(arguments.argument("PKG") ?? "")
        let isTransitive = arguments.flag("transitive")
        func needs(_ metadata: PackageMetadata) -> [QualifiedIdent] {
            isTransitive ? metadata.tdeps : metadata.deps
        }
        let idents: [QualifiedIdent]
        if arguments.flag("reverse") {
            idents = try context.store.all(target: found.metadata.target).filter { package in
                try needs(package.metadata()).contains(found.ident)
            }.map(\.ident)
        } else {
            idents = needs(found.metadata)
        }
        guard arguments.wantsJSON else { return try context.result.lines(idents.map(\.description)) }
        try context.result.json([
            "schema_version": 1, "ident": .string(found.ident.description),
            "target": .string(found.metadata.target.description), "transitive": .bool(isTransitive),
            "reverse": .bool(arguments.flag("reverse")), "packages": .strings(idents.map(\.description)),
        ])
    }
}
