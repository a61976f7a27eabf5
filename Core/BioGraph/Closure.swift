// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// The packages reached so far, and what each says it needs, as indices.
struct Closure {
    private(set) var nodes: [PackageNode] = []
    private(set) var indices: [QualifiedIdent: Int] = [:]
    private(set) var holes: [GraphError.Hole] = []
    private var missing: Set<QualifiedIdent> = []

    /// Adds a package and everything its TDEPS names. TDEPS of the root decides what is in its closure, so the
    /// dependencies' own TDEPS are not followed.
    mutating func add<E: Error>(
        root: QualifiedIdent, node: (QualifiedIdent) throws(E) -> PackageNode?
    ) throws(E) {
        guard let index = try add(root, neededBy: root, node: node) else { return }
        for dependency in nodes[index].tdeps { _ = try add(dependency, neededBy: root, node: node) }
    }

    private mutating func add<E: Error>(
        _ ident: QualifiedIdent, neededBy: QualifiedIdent, node: (QualifiedIdent) throws(E) -> PackageNode?
    ) throws(E) -> Int? {
        if let index = indices[ident] { return index }
        if missing.contains(ident) { return nil }
        guard let found = try node(ident) else {
            missing.insert(ident)
            holes.append(GraphError.Hole(ident: ident, neededBy: neededBy))
            return nil
        }
        indices[ident] = nodes.count
        nodes.append(found)
        return nodes.count - 1
    }

    /// One root, one release of each package: two would shadow each other on every search path.
    func refuseConflicts(roots: [QualifiedIdent]) throws(GraphError) {
        for root in roots {
            guard let index = indices[root] else { continue }
            var seen: [PackageName: QualifiedIdent] = [:]
            for ident in [root] + nodes[index].tdeps {
                guard let other = seen.updateValue(ident, forKey: PackageName(ident)), other != ident else { continue }
                throw .conflict(root: root, claim(other, within: root), claim(ident, within: root))
            }
        }
    }

    private struct PackageName: Hashable {
        let origin: String
        let name: String
        init(_ ident: QualifiedIdent) {
            origin = ident.origin
            name = ident.name
        }
    }

    /// The package nearest to `ident` that asks for it: a direct dependent inside the closure if there is one.
    private func claim(_ ident: QualifiedIdent, within root: QualifiedIdent) -> GraphError.Claim {
        let inside = [root] + (indices[root].map { nodes[$0].tdeps } ?? [])
        let dependent = inside.first { candidate in
            candidate != ident && indices[candidate].map { nodes[$0].deps.contains(ident) } == true
        }
        return GraphError.Claim(ident: ident, neededBy: dependent ?? root)
    }

    /// Every need as an index: `direct` from DEPS, `needs` from DEPS and TDEPS together.
    struct Wiring {
        var direct: [[Int]] = []
        var needs: [[Int]] = []
        var warnings: [GraphWarning] = []
    }

    func wiring() -> Wiring {
        var wiring = Wiring()
        // Marks with a node's number what that node named already: each ident is hashed once, and nothing is cleared.
        var named = [Int](repeating: -1, count: nodes.count)
        var listed = named
        for (number, node) in nodes.enumerated() {
            // What a dependency's TDEPS names beyond the root's closure is not there: the root's TDEPS decided.
            var transitive: [Int] = []
            for dependency in node.tdeps {
                guard let index = indices[dependency], named[index] != number else { continue }
                named[index] = number
                transitive.append(index)
            }
            var direct: [Int] = []
            for dependency in node.deps {
                let index = indices[dependency]
                guard index.map({ named[$0] == number }) ?? node.tdeps.contains(dependency) else {
                    wiring.warnings.append(
                        .dependencyNotTransitive(ident: node.ident, dependency: dependency))
                    continue
                }
                guard let index, listed[index] != number else { continue }
                listed[index] = number
                direct.append(index)
            }
            wiring.direct.append(direct)
            wiring.needs.append(direct + transitive.filter { listed[$0] != number })
        }
        return wiring
    }

    /// The edges of each package: its direct needs, and those of TDEPS that no chain of edges from a direct need
    /// reaches within its TDEPS. Work and memory grow with the metafiles' lines, not with the square of the packages.
    func edges(_ wiring: Wiring, topological: [Int]) -> [[DependencyGraph.Edge]] {
        var edges = [[DependencyGraph.Edge]](repeating: [], count: nodes.count)
        var inside = [Int](repeating: -1, count: nodes.count)
        var reached = inside
        for index in topological {
            for need in wiring.needs[index] { inside[need] = index }
            var open = wiring.direct[index]
            for dependency in open {
                edges[index].append(.init(to: dependency, kind: .direct))
                reached[dependency] = index
            }
            while let next = open.popLast() {
                for edge in edges[next] where inside[edge.to] == index && reached[edge.to] != index {
                    reached[edge.to] = index
                    open.append(edge.to)
                }
            }
            for dependency in wiring.needs[index] where reached[dependency] != index {
                edges[index].append(.init(to: dependency, kind: .transitive))
            }
        }
        return edges
    }

    /// Which packages are among `roots` or in their TDEPS.
    func reach(_ roots: [QualifiedIdent]) -> [Bool] {
        var inside = [Bool](repeating: false, count: nodes.count)
        for root in roots {
            guard let index = indices[root] else { continue }
            inside[index] = true
            for dependency in nodes[index].tdeps {
                if let dependencyIndex = indices[dependency] { inside[dependencyIndex] = true }
            }
        }
        return inside
    }
}
