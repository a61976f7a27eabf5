// SPDX-License-Identifier: Apache-2.0

extension DependencyGraph {
    /// The graph of some of the roots, as if nobody had asked for the others: the base packages stay.
    ///
    /// - Parameter wanted: numbers of roots, each once, in the order in which they are asked for.
    /// - Returns: the graph, and which package of this one each of its packages is.
    package func restricted(to wanted: [Int]) -> (graph: DependencyGraph, kept: [Int]) {
        var isKept = packages.map(\.isBase)
        var rest = wanted.filter { !isKept[$0] }
        while let index = rest.popLast() {
            if isKept[index] { continue }
            isKept[index] = true
            rest += packages[index].edges.map(\.to)
        }
        return ordered(packages.indices.filter { isKept[$0] }, roots: wanted)
    }

    /// In the layer order that these packages have by themselves.
    private func ordered(_ numbers: [Int], roots wanted: [Int]) -> (graph: DependencyGraph, kept: [Int]) {
        let local = Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ($1, $0) })
        let order = LayerOrder.layers(
            numbers.map { packages[$0].edges.compactMap { local[$0.to] } }, idents: numbers.map { packages[$0].ident },
            first: numbers.map { packages[$0].isBase })
        let kept = order.map { numbers[$0] }
        let place = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        let graph = DependencyGraph(
            packages: kept.map { number in
                let package = packages[number]
                return Package(
                    ident: package.ident,
                    edges: package.edges.compactMap { edge in place[edge.to].map { Edge(to: $0, kind: edge.kind) } }
                        .sorted { $0.to < $1.to },
                    isRoot: wanted.contains(number), isBase: package.isBase)
            },
            roots: wanted.compactMap { place[$0] }, warnings: warnings)
        return (graph, kept)
    }
}
