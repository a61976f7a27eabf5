// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSystem

/// `bio pkg provides`
enum PackageProvides {
    static let spec = CommandSpec(
        "provides", abstract: "Find the installed packages that hold a file",
        discussion: """
            FILE is a name, as redis-server, or the end of a path, as bin/redis-server; one that begins with a slash \
            is the whole path. Files and links count, directories do not. Prints the packages as origin/name, each \
            once, sorted. A package is asked by the receipt of its installation, or, without one, by its directory.
            """,
        examples: [
            CommandSpec.Example("bio pkg provides redis-cli", "See where a program comes from"),
            CommandSpec.Example("bio pkg provides -p libssl.so.3", "List all places of a library"),
        ],
        arguments: [ArgumentSpec("FILE", help: "name of a file, or end of its path")],
        options: [
            OptionSpec("full-releases", short: "r", .flag, help: "Print version and release too"),
            OptionSpec("full-paths", short: "p", .flag, help: "Print the paths of the files instead"),
            .format,
        ], exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let text = arguments.argument("FILE") ?? ""
        guard let wanted = WantedFile(text, root: context.store.root) else {
            throw UsageError.refused("'\(text)' names no file", hint: nil)
        }
        var found: [(package: InstalledPackage, paths: [String])] = []
        for package in try context.store.all() {
            try context.interruption.check()
            let paths = try files(of: package, wanted, context)
            if !paths.isEmpty { found.append((package, paths)) }
        }
        if found.isEmpty {
            throw CommandFailure(
                .packageNotFound, "no package below '\(context.store.root.packages)' holds '\(text)'")
        }
        guard arguments.wantsJSON else { return try context.result.lines(lines(found, arguments)) }
        try context.result.json([
            "schema_version": 1, "file": .string(text),
            "packages": .array(
                found.map { ["ident": .string($0.package.ident.description), "paths": .strings($0.paths)] }),
        ])
    }

    private static func lines(
        _ found: [(package: InstalledPackage, paths: [String])], _ arguments: ParsedArguments
    ) -> [String] {
        if arguments.flag("full-paths") { return found.flatMap(\.paths).map { $0.terminalSafe() } }
        if arguments.flag("full-releases") { return found.map(\.package.ident.description) }
        var seen: Set<String> = []
        return found.map { "\($0.package.ident.origin)/\($0.package.ident.name)" }.filter { seen.insert($0).inserted }
    }

    /// The full paths of the matching files in a package, sorted.
    private static func files(
        of package: InstalledPackage, _ wanted: WantedFile, _ context: CommandContext
    ) throws -> [String] {
        let receipt: Receipt?
        do throws(StoreError) { receipt = try package.receipt() } catch {
            context.status.warn("the receipt of '\(package.ident)' is not used: \(error)")
            receipt = nil
        }
        let own = Array(package.path.utf8)
        let paths: [[UInt8]]
        if let receipt {
            paths = receipt.entries.filter { $0.kind != .directory }.map(\.path)
        } else {
            paths = try PackageTree.files(in: package.path)
        }
        return paths.map { own + [UInt8(ascii: "/")] + $0 }.filter(wanted.matches)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// What `FILE` asks for.
struct WantedFile {
    private let whole: [UInt8]?
    private let end: [UInt8]

    /// nil when the text names nothing. A whole path may be as packages write it, without the root.
    init?(_ text: String, root: FileSystemRoot) {
        guard let last = text.utf8.last, last != UInt8(ascii: "/") else { return nil }
        if text.hasPrefix("/") {
            let isBelow = root.path != "/" && text.hasPrefix("\(root.path)/")
            whole = Array((isBelow ? text : root.rooted(text)).utf8)
            end = []
        } else {
            whole = nil
            end = Array("/\(text)".utf8)
        }
    }

    func matches(_ path: [UInt8]) -> Bool {
        if let whole { return path == whole }
        return path.count >= end.count && path[(path.count - end.count)...].elementsEqual(end)
    }
}

/// The files below a directory, links never followed.
enum PackageTree {
    /// Relative paths in byte order.
    static func files(in root: String) throws(SystemError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var open: [[UInt8]] = [[]]
        while let relative = open.popLast() {
            let prefix = relative.isEmpty ? [] : relative + [UInt8(ascii: "/")]
            // A name that is not UTF-8 cannot be looked into; nobody can ask for it either.
            let path = String(decoding: Array("\(root)/".utf8) + relative, as: UTF8.self)
            for name in try Directory.names(path) {
                let entry = prefix + name
                let status = try FileStatus.ofLink(String(decoding: Array("\(root)/".utf8) + entry, as: UTF8.self))
                if status?.kind == .directory { open.append(entry) } else { found.append(entry) }
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
