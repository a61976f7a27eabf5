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
            and is no failure. With --cached, lists the artifacts in the artifact cache instead: their names, of which \
            nothing is verified.
            """,
        examples: [
            CommandSpec.Example("bio pkg list", "List everything"),
            CommandSpec.Example("bio pkg list core/redis", "List the releases of one package"),
            CommandSpec.Example(
                "bio pkg list --cached --target x86_64-windows", "List the artifacts for another platform"),
        ],
        arguments: [ArgumentSpec("IDENT", .optional, help: "list the releases that satisfy this ident")],
        options: [
            OptionSpec("all", short: "a", .flag, help: "List all packages, as without any argument"),
            OptionSpec("origin", short: "o", .string("ORIGIN"), help: "List the packages of this origin"),
            OptionSpec("cached", .flag, help: "List the artifacts in the artifact cache"),
            .target, .format,
        ], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let target = try arguments.target()
        let wanted = try selection(arguments, context)
        let packages: [Row]
        if arguments.flag("cached") {
            packages = try context.artifactCache.entries(target: target).map { Row(ident: $0.ident, path: $0.path) }
        } else if case .ident(let ident) = wanted {
            packages = try context.store.installed(matching: ident, target: target).map(Row.init)
        } else {
            packages = try context.store.all(target: target).map(Row.init)
        }
        let found = packages.filter { wanted.includes($0.ident) }
        guard arguments.wantsJSON else { return try context.result.lines(found.map(\.ident.description)) }
        try context.result.json([
            "schema_version": 1,
            "packages": .array(
                found.map { package in
                    [
                        "ident": .string(package.ident.description), "origin": .string(package.ident.origin),
                        "name": .string(package.ident.name), "version": .string(package.ident.version),
                        "release": .string(package.ident.release), "target": .string(target.description),
                        "path": .string(package.path),
                    ]
                }),
        ])
    }

    /// One package of the list.
    private struct Row {
        let ident: QualifiedIdent
        /// Its directory, or its artifact.
        let path: String

        init(ident: QualifiedIdent, path: String) {
            self.ident = ident
            self.path = path
        }

        init(_ package: InstalledPackage) { self.init(ident: package.ident, path: package.path) }
    }

    private enum Selection {
        case all
        case origin(Origin)
        case ident(PackageIdent)

        func includes(_ ident: QualifiedIdent) -> Bool {
            switch self {
            case .all: true
            case .origin(let origin): ident.origin == origin.name
            case .ident(let wanted): ident.satisfies(wanted)
            }
        }
    }

    private static func selection(_ arguments: ParsedArguments, _ context: CommandContext) throws -> Selection {
        switch (arguments.argument("IDENT"), arguments.flag("all"), arguments.string("origin")) {
        case (let text?, false, nil): return .ident(try context.parseIdent(text))
        case (nil, _, nil): return .all
        case (nil, false, let text?):
            do throws(Origin.ParseError) { return .origin(try Origin(parsing: text)) } catch {
                throw UsageError.refused(error.description, hint: error.hint)
            }
        default:
            throw CommandLineParser.Failure(
                error: .refused("only one of IDENT, --all and --origin may be given", hint: nil), path: arguments.path)
        }
    }
}
