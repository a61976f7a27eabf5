// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioGraph
import BioPackage

/// `bio pkg graph`
enum PackageGraph {
    static let spec = CommandSpec(
        "graph", abstract: "Show the closure of a package",
        discussion: """
            Shows what runs with a package and who needs what. The package and its dependencies may be installed, in \
            the artifact cache, or an artifact file, of which nothing is verified here; what is nowhere is marked \
            missing.

            As a tree, what a package needs stands below its first place; (*) marks further places, and (transitive) \
            what only the TDEPS of the package tells. dot is for Graphviz. svg is drawn by bio itself: edges that \
            follow from others are faint.
            """,
        examples: [
            CommandSpec.Example("bio pkg graph core/redis", "Look at a closure"),
            CommandSpec.Example("bio pkg graph core/redis --format svg > redis.svg", "Draw it"),
            CommandSpec.Example("bio pkg graph ./app.hart --format dot | dot -Tpdf -o app.pdf", "Let Graphviz draw it"),
        ],
        arguments: [ArgumentSpec("PKG", help: "ident of a package, or artifact file")],
        options: [
            OptionSpec(
                "format",
                .choice(
                    "FORM",
                    [
                        .init("tree", "for people"), .init("dot", "for Graphviz"), .init("svg", "a drawing"),
                        .init("json", "for programs, one document"),
                    ]), fallback: "tree", help: "Print the result in this form"),
            .target,
        ], exitCodes: [.packageNotFound, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let lookup = PackageLookup(context: context, target: try arguments.target())
        let picture = try picture(of: try lookup.find(arguments.argument("PKG") ?? ""), lookup)
        for warning in picture.graph.warnings { context.status.warn(warning.description) }
        switch arguments.string("format") {
        case "dot": try context.result.bytes(Array(picture.dotText().utf8))
        case "svg":
            guard let text = picture.svgText() else {
                throw CommandFailure(
                    .failure, "a closure of \(picture.graph.packages.count) packages is too large to be drawn",
                    hint: "take another form: --format tree, dot or json")
            }
            try context.result.bytes(Array(text.utf8))
        case "json": try context.result.json(json(picture))
        default: try context.result.lines(picture.treeLines())
        }
    }

    private static func picture(of root: FoundPackage, _ lookup: PackageLookup) throws -> GraphPicture {
        var presences: [QualifiedIdent: GraphPicture.Presence] = [:]
        let target = root.metadata.target
        func node(_ ident: QualifiedIdent) throws -> PackageNode {
            try lookup.context.interruption.check()
            let found = ident == root.ident ? root : try lookup.package(ident, target: target)
            presences[ident] = found?.presence ?? .missing
            return PackageNode(ident: ident, deps: found?.metadata.deps ?? [], tdeps: found?.metadata.tdeps ?? [])
        }
        let graph = try DependencyGraph.resolve(roots: [root.ident], base: [], node: node)
        return GraphPicture(graph) { presences[$0] ?? .missing }
    }

    private static func json(_ picture: GraphPicture) -> DocumentValue {
        let packages = picture.graph.packages
        return [
            "schema_version": 1,
            "roots": .strings(picture.graph.roots.map { packages[$0].ident.description }),
            "packages": .array(
                zip(packages, picture.presences).map { package, presence in
                    [
                        "ident": .string(package.ident.description), "presence": .string(presence.rawValue),
                        "dependencies": .array(
                            package.edges.map { edge in
                                [
                                    "ident": .string(packages[edge.to].ident.description),
                                    "kind": edge.kind == .direct ? "direct" : "transitive",
                                ]
                            }),
                    ]
                }),
        ]
    }
}

extension FoundPackage {
    fileprivate var presence: GraphPicture.Presence {
        switch place {
        case .installed: .installed
        case .artifact: .artifact
        }
    }
}
