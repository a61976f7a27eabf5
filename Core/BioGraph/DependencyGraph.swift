// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// The runtime closure of some packages, in layer order.
///
/// Layer order: the closure of the base packages first, then the rest; dependencies before dependents; otherwise by
/// origin and name. Versions and releases do not weigh, so a new release of one package moves no other.
package struct DependencyGraph: Hashable, Sendable {
    package struct Edge: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// Named in DEPS.
            case direct
            /// Named in TDEPS, and no chain of DEPS leads there.
            case transitive
        }
        /// Index into `packages`.
        package let to: Int
        package let kind: Kind
    }

    package struct Package: Hashable, Sendable {
        package let ident: QualifiedIdent
        /// By `to`.
        package let edges: [Edge]
        package let isRoot: Bool
        /// A base package, or in the closure of one.
        package let isBase: Bool
    }

    /// In layer order; a package's index is its identity.
    package let packages: [Package]
    /// Indices of what was asked for, in the order it was asked, each once.
    package let roots: [Int]
    package let warnings: [GraphWarning]

    /// Builds the graph.
    ///
    /// - Parameters:
    ///   - roots: what is exported. Two releases of one package may be roots side by side.
    ///   - base: the base packages; may overlap with `roots`.
    ///   - node: the package of an ident, nil when it is not there. Called once an ident.
    package static func resolve<E: Error>(
        roots: [QualifiedIdent], base: [QualifiedIdent],
        node: (QualifiedIdent) throws(E) -> PackageNode?
    ) throws -> DependencyGraph {
        var closure = Closure()
        for ident in base + roots { try closure.add(root: ident, node: node) }
        if !closure.holes.isEmpty { throw GraphError.missing(closure.holes) }
        try closure.refuseConflicts(roots: base + roots)

        let wiring = closure.wiring()
        let topological = try LayerOrder.topological(wiring.needs, idents: closure.nodes.map(\.ident))
        let edges = closure.edges(wiring, topological: topological)
        let isBase = closure.reach(base)
        let order = LayerOrder.layers(edges.map { $0.map(\.to) }, idents: closure.nodes.map(\.ident), first: isBase)

        var place = [Int](repeating: 0, count: order.count)
        for (position, index) in order.enumerated() { place[index] = position }
        let isRoot = Set(roots)
        var seen = Set<QualifiedIdent>()
        return DependencyGraph(
            packages: order.map { index in
                Package(
                    ident: closure.nodes[index].ident,
                    edges: edges[index].map { Edge(to: place[$0.to], kind: $0.kind) }.sorted { $0.to < $1.to },
                    isRoot: isRoot.contains(closure.nodes[index].ident), isBase: isBase[index])
            },
            roots: roots.filter { seen.insert($0).inserted }.map { place[closure.indices[$0]!] },
            warnings: wiring.warnings)
    }
}
