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
        for node in nodes {
            let tdeps = Set(node.tdeps)
            var direct: [Int] = []
            for dependency in node.deps {
                guard tdeps.contains(dependency) else {
                    wiring.warnings.append(
                        .dependencyNotTransitive(ident: node.ident, dependency: dependency))
                    continue
                }
                if let index = indices[dependency] { direct.append(index) }
            }
            wiring.direct.append(direct.uniqued())
            // What a dependency's TDEPS names beyond the root's closure is not there: the root's TDEPS decided.
            wiring.needs.append((direct + node.tdeps.compactMap { indices[$0] }).uniqued())
        }
        return wiring
    }

    /// The edges of each package: its direct needs, and those of TDEPS that no chain of direct needs reaches.
    func edges(_ wiring: Wiring, topological: [Int]) -> [[DependencyGraph.Edge]] {
        var edges = [[DependencyGraph.Edge]](repeating: [], count: nodes.count)
        var reached = [IndexSet](repeating: IndexSet(count: 0), count: nodes.count)
        for index in topological {
            var set = IndexSet(count: nodes.count)
            for dependency in wiring.direct[index] {
                edges[index].append(.init(to: dependency, kind: .direct))
                set.insert(dependency)
                set.formUnion(reached[dependency])
            }
            for dependency in wiring.needs[index] where !set.contains(dependency) {
                edges[index].append(.init(to: dependency, kind: .transitive))
            }
            for dependency in wiring.needs[index] { set.insert(dependency) }
            reached[index] = set
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

extension Array where Element == Int {
    /// The first of each value, order kept.
    fileprivate func uniqued() -> [Int] {
        var seen = Set<Int>()
        return filter { seen.insert($0).inserted }
    }
}

/// A set of small numbers, one bit each.
struct IndexSet {
    private var words: [UInt64]

    init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

    func contains(_ index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }
    mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }
    mutating func formUnion(_ other: IndexSet) {
        for word in other.words.indices { words[word] |= other.words[word] }
    }
}
