// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPackage

/// `bio origin key list`
enum OriginKeyList {
    static let spec = CommandSpec(
        "list", aliases: CommandSpec.beginnings(of: "list", 1...3), abstract: "List the signing keys in the key cache",
        discussion: """
            Prints one key file a line: the name of the key with its revision, two blanks and which half it is. Of \
            each origin the greatest revision signs. Files that are no usable key are left out.
            """,
        examples: [
            CommandSpec.Example("bio origin key list", "List everything"),
            CommandSpec.Example("bio origin key list acme --format json", "The keys of one origin, for programs"),
        ],
        arguments: [ArgumentSpec("ORIGIN", .optional, help: "list the keys of this origin")],
        options: [.cacheKeyPath, .format], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        var wanted: Origin?
        if let text = arguments.argument("ORIGIN") {
            do throws(Origin.ParseError) { wanted = try Origin(parsing: text) } catch {
                throw UsageError.refused(error.description, hint: error.hint)
            }
        }
        let keys = try context.keyRing(arguments).list().filter { key in
            key.kind == .signingPublic || key.kind == .signingSecret
        }.filter { wanted == nil || $0.name.name == wanted?.name }
        guard arguments.wantsJSON else {
            return try context.result.lines(keys.map { "\($0.name)  \(half($0))" })
        }
        try context.result.json([
            "schema_version": 1,
            "keys": .array(
                keys.map { key in
                    [
                        "key_name": .string("\(key.name)"), "origin": .string(key.name.name),
                        "revision": .string(key.name.revision), "kind": .string(half(key)), "path": .string(key.path),
                    ]
                }),
        ])
    }

    private static func half(_ key: KeyFile) -> String { key.kind.isSecret ? "secret" : "public" }
}
