// SPDX-License-Identifier: Apache-2.0

import BioPackage

extension GraphPicture {
    private static let lineHeight = 15
    private static let boxHeight = 40
    private static let rowHeight = 92
    private static let margin = 16
    /// Of a character, in a monospaced font of 12 pixels.
    private static let characterWidth = 7.25

    /// The graph as a drawing, what needs above what is needed; nil when it is too large to be looked at.
    ///
    /// An edge that follows from others (a needs b and c, b needs c) is drawn faint, one that only TDEPS tells dashed.
    package func svgText() -> String? {
        let labels = graph.packages.map {
            ["\($0.ident.origin)/\($0.ident.name)", "\($0.ident.version)/\($0.ident.release)"]
        }
        let halfWidths = labels.map { lines in
            Double(lines.map(\.utf8.count).max() ?? 0) * Self.characterWidth / 2 + 10
        }
        let needs = graph.packages.map { $0.edges.map(\.to) }
        guard let layout = LayeredLayout(needs: needs, halfWidths: halfWidths) else { return nil }
        let width = Int(layout.width.rounded(.up)) + 2 * Self.margin
        let height = max(layout.rows.count - 1, 0) * Self.rowHeight + Self.boxHeight + 2 * Self.margin
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
            <style>
            text { font: 12px monospace; text-anchor: middle; fill: #1c2733 }
            .release { fill: #5b6b7b; font-size: 10px }
            rect { fill: #f4f8fb; stroke: #4d7ea8; stroke-width: 1.2 }
            .root rect { fill: #dcebf7; stroke-width: 2.4 }
            .artifact rect { fill: #fdf6e3; stroke: #b58900 }
            .missing rect { fill: #fdecea; stroke: #c0392b; stroke-dasharray: 5 3 }
            path { fill: none; stroke: #6b7f93; stroke-width: 1.3 }
            .implied { stroke: #cfd8e0; stroke-width: 1 }
            .transitive { stroke-dasharray: 5 3 }
            </style>
            <rect width="100%" height="100%" style="fill: #fff; stroke: none"/>

            """
        text += edgePaths(layout)
        for index in graph.packages.indices { text += box(index, labels[index], layout.vertices[index]) }
        return text + "</svg>\n"
    }

    private func box(_ index: Int, _ label: [String], _ vertex: LayeredLayout.Vertex) -> String {
        let middle = Self.x(vertex)
        let half = Int(vertex.halfWidth.rounded())
        let top = Self.top(vertex)
        let kind = (graph.packages[index].isRoot ? ["root"] : []) + [presences[index].rawValue]
        return """
            <g class="\(kind.joined(separator: " "))">
            <title>\(Self.escaped(graph.packages[index].ident.description))\
            \(presences[index] == .installed ? "" : " (\(presences[index].rawValue))")</title>
            <rect x="\(middle - half)" y="\(top)" width="\(2 * half)" height="\(Self.boxHeight)" rx="6"/>
            <text x="\(middle)" y="\(top + Self.lineHeight + 2)">\(Self.escaped(label[0]))</text>
            <text class="release" x="\(middle)" y="\(top + 2 * Self.lineHeight + 1)">\(Self.escaped(label[1]))</text>
            </g>

            """
    }

    private static func x(_ vertex: LayeredLayout.Vertex) -> Int { Int(vertex.x.rounded()) + margin }
    private static func top(_ vertex: LayeredLayout.Vertex) -> Int { margin + vertex.row * rowHeight }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}

// MARK: - Edges

extension GraphPicture {
    private enum Weight: Int {
        case implied, transitive, plain

        /// The class of the path; plain ones need none.
        var name: String? {
            switch self {
            case .implied: "implied"
            case .transitive: "transitive"
            case .plain: nil
            }
        }
    }

    /// A curve for each way from a vertex to the next row. Where several edges share one, the weightiest decides.
    private func edgePaths(_ layout: LayeredLayout) -> String {
        var weights = layout.down.map { Array(repeating: Weight.implied, count: $0.count) }
        for index in graph.packages.indices {
            for (edge, weight) in zip(graph.packages[index].edges, edgeWeights(index)) {
                mark(layout, from: index, to: edge.to, weight, &weights)
            }
        }
        var groups: [String] = ["", "", ""]
        for vertex in layout.vertices.indices {
            for (lower, weight) in zip(layout.down[vertex], weights[vertex]) {
                groups[weight.rawValue] += curve(layout.vertices[vertex], layout.vertices[lower], weight)
            }
        }
        // Faint ones first, so that nothing strong is covered.
        return groups.joined()
    }

    /// Marks the way of one edge, place by place.
    private func mark(
        _ layout: LayeredLayout, from: Int, to: Int, _ weight: Weight, _ weights: inout [[Weight]]
    ) {
        var vertex = from
        while vertex != to {
            guard let slot = layout.down[vertex].firstIndex(where: { layout.vertices[$0].package == to }) else {
                return
            }
            if weights[vertex][slot].rawValue < weight.rawValue { weights[vertex][slot] = weight }
            vertex = layout.down[vertex][slot]
        }
    }

    /// What the edges of a package weigh: one is implied when another of them leads to its target too.
    private func edgeWeights(_ index: Int) -> [Weight] {
        let edges = graph.packages[index].edges
        var reached: Set<Int> = []
        var stack = edges.map(\.to)
        let direct = Set(stack)
        var seen = direct
        while let package = stack.popLast() {
            for edge in graph.packages[package].edges {
                if direct.contains(edge.to) { reached.insert(edge.to) }
                if seen.insert(edge.to).inserted { stack.append(edge.to) }
            }
        }
        return edges.map { $0.kind == .transitive ? .transitive : reached.contains($0.to) ? .implied : .plain }
    }

    private func curve(_ upper: LayeredLayout.Vertex, _ lower: LayeredLayout.Vertex, _ weight: Weight) -> String {
        let start = Self.top(upper) + (upper.isPackage ? Self.boxHeight : Self.boxHeight / 2)
        let end = Self.top(lower) + (lower.isPackage ? 0 : Self.boxHeight / 2)
        let bend = (end - start) / 2
        let (from, to) = (Self.x(upper), Self.x(lower))
        let name = weight.name.map { " class=\"\($0)\"" } ?? ""
        return "<path\(name) d=\"M\(from) \(start)C\(from) \(start + bend) \(to) \(end - bend) \(to) \(end)\"/>\n"
    }
}
