// SPDX-License-Identifier: Apache-2.0

import BioGraph
import BioPackage
import Testing

/// The graph of some roots is the one that they would have by themselves.
@Suite struct DependencyGraphRestrictionTests {
    private static func ident(_ name: String) -> QualifiedIdent {
        try! QualifiedIdent(parsing: "acme/\(name)/1/20260101000000")
    }

    /// Who needs whom.
    private static let needs: [String: [String]] = [
        "base": ["shell"], "shell": [], "zlib": [], "ssl": ["zlib"], "redis": ["ssl", "libc"], "web": ["libc", "json"],
        "json": ["libc"], "libc": [], "cron": ["shell", "zlib"],
    ]

    private static func reach(_ name: String) -> [String] {
        var found: Set<String> = []
        var rest = needs[name] ?? []
        while let next = rest.popLast() { if found.insert(next).inserted { rest += needs[next] ?? [] } }
        return found.sorted()
    }

    private static func graph(_ roots: [String]) throws -> DependencyGraph {
        try DependencyGraph.resolve(roots: roots.map(ident), base: [ident("base")]) { (ident) -> PackageNode? in
            PackageNode(
                ident: ident, deps: (needs[ident.name] ?? []).map(Self.ident), tdeps: reach(ident.name).map(Self.ident))
        }
    }

    @Test(arguments: [["redis"], ["web"], ["cron"], ["web", "redis"], ["cron", "web"], ["redis", "web", "cron"]])
    func itIsTheGraphOfTheseAlone(_ roots: [String]) throws {
        let whole = try Self.graph(["redis", "web", "cron"])
        let numbers = roots.map { name in whole.packages.firstIndex { $0.ident.name == name } ?? -1 }
        let (graph, kept) = whole.restricted(to: numbers)
        #expect(graph == (try Self.graph(roots)))
        #expect(kept.map { whole.packages[$0].ident } == graph.packages.map(\.ident))
    }
}
