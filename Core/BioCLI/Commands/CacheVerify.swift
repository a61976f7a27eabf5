// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI

/// `bio cache verify`
enum CacheVerify {
    static let spec = CommandSpec(
        "verify", abstract: "Verify all layers in the layer cache, and remove damaged ones",
        discussion: """
            Reads every blob: it must have the digest that it was made with, and unpack to its layer. A layer that is \
            damaged is removed, with all its blobs: the next export makes it again. One that an export uses right now \
            stays.
            """,
        examples: [CommandSpec.Example("bio cache verify", "Verify everything")],
        options: [.layerCache, .format], exitCodes: [.trustRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let cache = try context.layerCache(arguments)
        context.status.begin("Verifying layers in \(cache.path)")
        let entries = try cache.entries()
        let progress = context.status.progress("Verifying", total: entries.reduce(0) { $0 + $1.size })
        var (done, removed): (Int64, Int) = (0, 0)
        var damaged: [(entry: LayerCache.Entry, damage: [LayerCache.Damage], isRemoved: Bool)] = []
        for entry in entries {
            let damage = try cache.damage(of: entry, cancellation: context.cancellation)
            done += entry.size
            progress.update(to: done)
            if damage.isEmpty { continue }
            let isRemoved = try cache.remove(entry)
            if isRemoved { removed += 1 }
            damaged.append((entry, damage, isRemoved))
        }
        progress.finish()
        for (entry, damage, isRemoved) in damaged {
            context.status.warn(
                "\(entry.shownTitle) (\(entry.key.hex.prefix(12))): \(damage.map(\.description).joined(separator: "; "))"
                    + (isRemoved ? "; removed" : "; an export uses it, so it stays"))
        }
        if arguments.wantsJSON {
            try context.result.json([
                "schema_version": 1, "path": .string(cache.path), "layers": .integer(entries.count),
                "damaged": .array(
                    damaged.map { entry, damage, isRemoved in
                        [
                            "key": .string(entry.key.hex), "title": .string(entry.title),
                            "problems": .strings(damage.map(\.description)), "removed": .bool(isRemoved),
                        ]
                    }),
            ])
        } else {
            try context.result.line("\(entries.count) layers, \(damaged.count) damaged")
        }
        guard damaged.isEmpty else {
            throw CommandFailure(
                .trust, "\(damaged.count) of \(entries.count) layers in '\(cache.path)' were damaged",
                hint: removed == damaged.count
                    ? "they are removed, and the next export makes them again"
                    : "run it again when no export runs")
        }
        context.status.end("Verified \(entries.count) layers")
    }
}
