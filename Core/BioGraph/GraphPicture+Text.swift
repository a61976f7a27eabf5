// SPDX-License-Identifier: Apache-2.0

import BioPackage

extension GraphPicture {
    /// The lines of a tree for each root. What a package needs stands below its first place only; further places are
    /// marked `(*)`. What is not installed is marked too.
    package func treeLines() -> [String] {
        var lines: [String] = []
        var shown: Set<Int> = []
        for root in graph.roots { appendTree(root, to: &lines, shown: &shown) }
        return lines
    }

    /// With a stack of its own: a chain of ten thousand packages must not overflow the thread's.
    private func appendTree(_ root: Int, to lines: inout [String], shown: inout Set<Int>) {
        var stack = [(index: root, lead: "", branch: "", kind: DependencyGraph.Edge.Kind.direct)]
        while let place = stack.popLast() {
            let edges = edges(place.index)
            let isRepeated = !edges.isEmpty && !shown.insert(place.index).inserted
            lines.append(place.lead + place.branch + label(place.index, place.kind) + (isRepeated ? " (*)" : ""))
            if isRepeated { continue }
            let lead = place.lead + (place.branch.isEmpty ? "" : place.branch == Self.last ? "    " : "│   ")
            for (position, edge) in edges.enumerated().reversed() {
                stack.append((edge.to, lead, position == edges.count - 1 ? Self.last : "├── ", edge.kind))
            }
        }
    }

    private static let last = "└── "

    private func label(_ index: Int, _ kind: DependencyGraph.Edge.Kind) -> String {
        let text = graph.packages[index].ident.description + (kind == .transitive ? " (transitive)" : "")
        return presences[index] == .installed ? text : text + " (\(presences[index].rawValue))"
    }

    /// The graph in Graphviz's language. Edges that only TDEPS tells are dashed.
    package func dotText() -> String {
        var text = "digraph packages {\n"
        text += "    node [shape=box, style=rounded, fontname=\"monospace\", fontsize=11];\n"
        for (index, package) in graph.packages.enumerated() {
            let ident = package.ident
            let label = [ident.origin + "/" + ident.name, ident.version + "/" + ident.release].map(Self.quotable)
            var attributes = "label=\"\(label[0])\\n\(label[1])\""
            if package.isRoot { attributes += ", penwidth=2" }
            switch presences[index] {
            case .installed: break
            case .artifact: attributes += ", color=steelblue"
            case .missing: attributes += ", color=red, style=\"rounded,dashed\""
            }
            text += "    \(quoted(index)) [\(attributes)];\n"
        }
        for index in graph.packages.indices {
            for edge in graph.packages[index].edges {
                text +=
                    "    \(quoted(index)) -> \(quoted(edge.to))\(edge.kind == .transitive ? " [style=dashed]" : "");\n"
            }
        }
        return text + "}\n"
    }

    private func quoted(_ index: Int) -> String { "\"\(Self.quotable(graph.packages[index].ident.description))\"" }

    private static func quotable(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "\\" || $1 == "\"" ? "\\\($1)" : String($1) }
    }
}
