// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// A dependency graph to look at: the packages, and where each of them is.
package struct GraphPicture: Sendable {
    /// Where a package is, which pictures tell.
    package enum Presence: String, Hashable, Sendable {
        case installed
        /// In the artifact cache, or the file that was asked for.
        case artifact
        case missing
    }

    package let graph: DependencyGraph
    /// As `graph.packages`.
    package let presences: [Presence]

    package init(_ graph: DependencyGraph, presence: (QualifiedIdent) -> Presence) {
        self.graph = graph
        presences = graph.packages.map { presence($0.ident) }
    }

    /// The edges of a package in the order of `IdentOrder.byParts`.
    func edges(_ index: Int) -> [DependencyGraph.Edge] {
        graph.packages[index].edges.sorted {
            let order = IdentOrder.byParts(graph.packages[$0.to].ident.ident, graph.packages[$1.to].ident.ident)
            return order == .equal ? $0.to < $1.to : order == .less
        }
    }
}
