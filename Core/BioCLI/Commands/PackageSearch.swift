// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore

/// `bio pkg search`
enum PackageSearch {
    static let spec = CommandSpec(
        "search", abstract: "Search the packages of this machine",
        discussion: """
            Prints the releases whose origin/name contains TERM, upper and lower case alike, among what is installed \
            and what lies in the artifact cache; each once, sorted. What matches nothing lists nothing and is no \
            failure. No Builder is contacted yet.
            """,
        examples: [
            CommandSpec.Example("bio pkg search redis", "Look for packages by a part of their name"),
            CommandSpec.Example("bio pkg search core/", "List what is there of an origin"),
        ],
        arguments: [ArgumentSpec("TERM", help: "part of origin/name")],
        options: [
            OptionSpec("limit", short: "l", .integer("N", 1...1_000_000), help: "Print no more than the first N"),
            .target, .format,
        ], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let term = (arguments.argument("TERM") ?? "").lowercased()
        guard !term.isEmpty else { throw UsageError.refused("TERM is empty", hint: "list all: bio pkg list") }
        let target = try arguments.target()
        let installed = try context.store.all(target: target)
        let cached = try context.artifactCache.entries(target: target)
        var paths: [QualifiedIdent: (installed: String?, artifact: String?)] = [:]
        for package in installed { paths[package.ident, default: (nil, nil)].installed = package.path }
        for entry in cached where paths[entry.ident]?.artifact == nil {
            paths[entry.ident, default: (nil, nil)].artifact = entry.path
        }
        let matching = paths.keys.filter { "\($0.origin)/\($0.name)".lowercased().contains(term) }
            .sorted { IdentOrder.byParts($0.ident, $1.ident) == .less }
        let found = matching.prefix(arguments.integer("limit") ?? .max)
        guard arguments.wantsJSON else { return try context.result.lines(found.map(\.description)) }
        try context.result.json([
            "schema_version": 1, "term": .string(arguments.argument("TERM") ?? ""),
            "target": .string(target.description), "total_count": .integer(matching.count),
            "packages": .array(
                found.map { ident in
                    [
                        "ident": .string(ident.description), "installed_path": .optional(paths[ident]?.installed),
                        "artifact": .optional(paths[ident]?.artifact),
                    ]
                }),
        ])
    }
}
