// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI

/// `bio cache list`
enum CacheList {
    static let spec = CommandSpec(
        "list", aliases: ["ls"], abstract: "List the layers in the layer cache",
        discussion: """
            Prints one line for each layer: the beginning of its key, its size with all blobs, how it is compressed, \
            the day of its last use (UTC), and the package or packages in it.
            """,
        examples: [CommandSpec.Example("bio cache list --format json", "The same for programs, with digests")],
        options: [.layerCache, .format], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let cache = try context.layerCache(arguments)
        let entries = try cache.entries()
        if arguments.wantsJSON {
            return try context.result.json([
                "schema_version": 1, "path": .string(cache.path), "layers": .array(entries.map(document)),
                "size": .integer(entries.reduce(0) { $0 + $1.size }),
            ])
        }
        var table = Table([
            .init("Layer"), .init("Size", .right), .init("Compression"), .init("Last used"),
            .init("Content", flexible: true),
        ])
        for entry in entries.sorted(by: { $0.shownTitle.utf8.lexicographicallyPrecedes($1.shownTitle.utf8) }) {
            table.add([
                String(entry.key.hex.prefix(12)), ByteCount.text(entry.size),
                entry.blobs.map(\.compression).joined(separator: " "), Timestamp.day(entry.lastUsed),
                entry.shownTitle,
            ])
        }
        try context.result.lines(table.lines(width: context.terminal.outputWidth))
    }

    static func document(_ entry: LayerCache.Entry) -> DocumentValue {
        [
            "key": .string(entry.key.hex), "title": .string(entry.title),
            "diff_id": entry.facts.map { .string("\($0.diffID)") } ?? .null,
            "tar_size": entry.facts.map { .integer($0.size) } ?? .null,
            "artifacts": .strings(entry.artifacts), "size": .integer(entry.size),
            "blobs": .array(
                entry.blobs.map { blob in
                    [
                        "compression": .string(blob.compression), "encoder": .string(blob.encoder),
                        "digest": .string("\(blob.digest)"), "size": .integer(blob.size), "path": .string(blob.path),
                    ]
                }),
        ]
    }
}

extension LayerCache.Entry {
    /// What a person calls it.
    var shownTitle: String { facts == nil ? "(damaged)" : title }
}

extension CommandContext {
    /// The cache that commands about it look after.
    func layerCache(_ arguments: ParsedArguments) throws -> LayerCache {
        guard let path = layerCachePath(arguments) else {
            throw UsageError.refused("there is no layer cache", hint: "name its directory with --layer-cache")
        }
        return LayerCache(path: path, cancellation: cancellation)
    }
}
