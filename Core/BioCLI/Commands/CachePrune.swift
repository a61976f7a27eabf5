// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioPackage
import BioStore
import BioSystem

/// `bio cache prune`
enum CachePrune {
    /// Days after which a layer that no package is in is of no use: a file tree is made anew in no time.
    private static let treeDays: Int64 = 30
    private static let day: Int64 = 86_400

    static let spec = CommandSpec(
        "prune", abstract: "Remove layers from the layer cache",
        discussion: """
            Without an option, removes what no installed package can use any more: layers of packages of which one is \
            not installed (by the artifact it was made from), damaged ones, and file trees that no export used for \
            \(treeDays) days. A layer that an export uses right now stays.
            """,
        examples: [
            CommandSpec.Example("bio cache prune --dryrun", "Show what would be removed"),
            CommandSpec.Example("bio cache prune --keep-size 10G", "Remove the longest unused until 10 GiB are left"),
        ],
        options: [
            OptionSpec("all", .flag, help: "Remove everything"),
            OptionSpec(
                "older-than", .integer("DAYS", 0...36_500), help: "Remove what no export used for this many days"),
            OptionSpec(
                "keep-size", .string("SIZE"),
                help: "Remove what was not used for the longest time, until SIZE is left: bytes, or with K, M, G or T"),
            OptionSpec("dryrun", short: "d", .flag, help: "Remove nothing, show what would be removed"),
            .layerCache, .format,
        ], exitCodes: [.interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let rule = try Rule(arguments)
        let cache = try context.layerCache(arguments)
        let entries = try cache.entries()
        let isDryRun = arguments.flag("dryrun")
        var removed: [LayerCache.Entry] = []
        for entry in try chosen(entries, rule, context) {
            try context.cancellation.check("remove layers from", cache.path)
            if isDryRun {
                context.status.status(.deleting, "\(entry.shownTitle) (dry run, nothing is removed)")
            } else if try !cache.remove(entry) {
                context.status.status(.skipping, "\(entry.shownTitle): an export uses it")
                continue
            }
            removed.append(entry)
        }
        if !isDryRun { try cache.removeLeftovers() }
        let freed = removed.reduce(0) { $0 + $1.size }
        let left = entries.reduce(0) { $0 + $1.size } - freed
        guard arguments.wantsJSON else {
            return try context.result.line(
                "\(removed.count) layers, \(ByteCount.text(freed)); left: \(entries.count - removed.count), "
                    + ByteCount.text(left))
        }
        try context.result.json([
            "schema_version": 1, "path": .string(cache.path), "dry_run": .bool(isDryRun),
            "removed": .array(
                removed.map { entry in
                    ["key": .string(entry.key.hex), "title": .string(entry.title), "size": .integer(entry.size)]
                }),
            "size_removed": .integer(freed), "size_left": .integer(left),
        ])
    }

    private enum Rule {
        case unusable
        case all
        case olderThan(days: Int)
        case keep(bytes: Int64)

        init(_ arguments: ParsedArguments) throws {
            switch (arguments.flag("all"), arguments.integer("older-than"), arguments.string("keep-size")) {
            case (false, nil, nil): self = .unusable
            case (true, nil, nil): self = .all
            case (false, let days?, nil): self = .olderThan(days: days)
            case (false, nil, let text?):
                guard let bytes = ByteCount.bytes(text) else {
                    throw CommandLineParser.Failure(
                        error: .refused("--keep-size wants a size, not '\(text)'", hint: "as in 500M or 10G"),
                        path: arguments.path)
                }
                self = .keep(bytes: bytes)
            default:
                throw CommandLineParser.Failure(
                    error: .refused("only one of --all, --older-than and --keep-size may be given", hint: nil),
                    path: arguments.path)
            }
        }
    }

    private static func chosen(
        _ entries: [LayerCache.Entry], _ rule: Rule, _ context: CommandContext
    ) throws -> [LayerCache.Entry] {
        switch rule {
        case .all: return entries
        case .olderThan(let days):
            let limit = context.clock() - Int64(days) * day
            return entries.filter { $0.lastUsed <= limit }
        case .keep(let bytes):
            var left = entries.reduce(0) { $0 + $1.size }
            return entries.sorted { $0.lastUsed < $1.lastUsed }.prefix { entry in
                defer { left -= entry.size }
                return left > bytes
            }
        case .unusable:
            let installed = try installedArtifacts(context)
            let limit = context.clock() - treeDays * day
            return entries.filter { entry in
                if entry.facts == nil { return true }
                if entry.artifacts.isEmpty { return entry.lastUsed <= limit }
                return !entry.artifacts.allSatisfy(installed.contains)
            }
        }
    }

    /// As layers name what they were made from: place and artifact digest of every installed package.
    private static func installedArtifacts(_ context: CommandContext) throws -> Set<String> {
        var found: Set<String> = []
        for target in PackageTarget.allCases {
            for package in try context.store.all(target: target) {
                // Without one it is no layer's.
                guard let receipt = try? package.receiptOutline() else { continue }
                let prefix = ([context.flavour.rootDirectory, "pkgs"] + package.ident.pathComponents)
                    .joined(separator: "/")
                found.insert("\(prefix) \(receipt.artifactDigest)")
            }
        }
        return found
    }
}

extension ByteCount {
    /// Bytes, or with `K`, `M`, `G` or `T` (also `KiB`, `k` …) multiples of 1024; nil for anything else.
    static func bytes(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits) else { return nil }
        let shift: Int64
        switch text.dropFirst(digits.count).lowercased() {
        case "", "b": shift = 0
        case "k", "kib": shift = 10
        case "m", "mib": shift = 20
        case "g", "gib": shift = 30
        case "t", "tib": shift = 40
        default: return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }
}
