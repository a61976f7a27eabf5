// SPDX-License-Identifier: Apache-2.0

/// Places for the packages of a graph, in rows: each below all that need it, the roots on top.
///
/// The method is Sugiyama's: rows by the longest way from a root, places kept free where an edge passes a row, few
/// crossings by going to and fro with barycentres, and positions by least squares under the order found. All edges to
/// one package share the places they pass, so that they run together like rivers. Same graph, same layout.
struct LayeredLayout {
    /// A package, or the place where edges to a package pass a row.
    struct Vertex {
        /// The package, or the one that the edges lead to.
        let package: Int
        let isPackage: Bool
        let row: Int
        /// Half of the room it needs.
        let halfWidth: Double
        /// The middle.
        var x = 0.0
    }

    /// More places than anybody would look at.
    static let vertexLimit = 50_000
    /// Space between neighbours.
    static let gap = 18.0

    /// Vertex `i` is package `i`; places of edges come after the packages.
    private(set) var vertices: [Vertex] = []
    /// Indices of vertices, left to right.
    private(set) var rows: [[Int]] = []
    /// From a vertex to those in the next row.
    private(set) var down: [[Int]] = []
    private var up: [[Int]] = []
    private(set) var width = 0.0

    /// `needs` leads from packages to packages with smaller indices. `halfWidths` are those of the packages. nil when
    /// there are too many vertices.
    init?(needs: [[Int]], halfWidths: [Double]) {
        let rank = Self.ranks(needs)
        var passing: [Int: Int] = [:]
        vertices = needs.indices.map {
            Vertex(package: $0, isPackage: true, row: rank[$0], halfWidth: halfWidths[$0])
        }
        down = Array(repeating: [], count: needs.count)
        for index in needs.indices.reversed() {
            for target in needs[index] {
                guard connect(index, target, rank, &passing) else { return nil }
            }
        }
        up = Array(repeating: [], count: vertices.count)
        for (vertex, below) in down.enumerated() { for lower in below { up[lower].append(vertex) } }
        rows = Array(repeating: [], count: (rank.max() ?? -1) + 1)
        order()
        place()
    }

    /// Rows by the longest way from a package that nobody needs.
    private static func ranks(_ needs: [[Int]]) -> [Int] {
        var rank = Array(repeating: 0, count: needs.count)
        for index in needs.indices.reversed() {
            for target in needs[index] { rank[target] = max(rank[target], rank[index] + 1) }
        }
        return rank
    }

    /// Leads an edge through all rows between; false when there are too many vertices by then.
    private mutating func connect(_ from: Int, _ to: Int, _ rank: [Int], _ passing: inout [Int: Int]) -> Bool {
        var last = from
        for row in (rank[from] + 1)..<max(rank[to], rank[from] + 1) {
            let key = row * rank.count + to
            if let known = passing[key] {
                down[last].append(known)
                return true
            }
            if vertices.count >= Self.vertexLimit { return false }
            vertices.append(Vertex(package: to, isPackage: false, row: row, halfWidth: 3))
            down.append([])
            passing[key] = vertices.count - 1
            down[last].append(vertices.count - 1)
            last = vertices.count - 1
        }
        down[last].append(to)
        return true
    }
}

// MARK: - Order in the rows

extension LayeredLayout {
    private static let sweeps = 24

    /// Orders the rows: at first as a walk from the roots meets the vertices, then by barycentres; the order with the
    /// fewest crossings stays.
    private mutating func order() {
        var seen = Array(repeating: false, count: vertices.count)
        for start in vertices.indices where up[start].isEmpty && vertices[start].isPackage {
            var stack = [start]
            while let vertex = stack.popLast() {
                if seen[vertex] { continue }
                seen[vertex] = true
                rows[vertices[vertex].row].append(vertex)
                stack.append(contentsOf: down[vertex].reversed())
            }
        }
        var best = rows
        var fewest = crossings()
        for sweep in 0..<Self.sweeps where fewest > 0 {
            sort(downwards: sweep % 2 == 0)
            let count = crossings()
            if count < fewest { (best, fewest) = (rows, count) }
        }
        rows = best
    }

    private mutating func sort(downwards: Bool) {
        var position = positions()
        for row in downwards ? Array(rows.indices) : rows.indices.reversed() {
            let neighbours = downwards ? up : down
            let keys = rows[row].map { vertex -> Double in
                let places = neighbours[vertex].map { position[$0] }
                return places.isEmpty ? position[vertex] : places.reduce(0, +) / Double(places.count)
            }
            rows[row] = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { rows[row][$0] }
            for (index, vertex) in rows[row].enumerated() { position[vertex] = Double(index) }
        }
    }

    private func positions() -> [Double] {
        var position = Array(repeating: 0.0, count: vertices.count)
        for row in rows { for (index, vertex) in row.enumerated() { position[vertex] = Double(index) } }
        return position
    }

    /// Pairs of edges between neighbouring rows that cross: inversions, counted with a tree of sums.
    private func crossings() -> Int {
        let position = positions().map { Int($0) }
        var count = 0
        for row in rows.dropLast() {
            let ends = row.flatMap { vertex in down[vertex].map { position[$0] }.sorted() }
            var sums = Array(repeating: 0, count: (ends.max() ?? 0) + 2)
            for (before, end) in ends.enumerated() {
                var index = end + 1
                var notGreater = 0
                while index > 0 {
                    notGreater += sums[index]
                    index -= index & -index
                }
                count += before - notGreater
                index = end + 1
                while index < sums.count {
                    sums[index] += 1
                    index += index & -index
                }
            }
        }
        return count
    }
}

// MARK: - Positions

extension LayeredLayout {
    private mutating func place() {
        for row in rows {
            var x = 0.0
            for vertex in row {
                vertices[vertex].x = x + vertices[vertex].halfWidth
                x += 2 * vertices[vertex].halfWidth + Self.gap
            }
        }
        for sweep in 0..<Self.sweeps {
            let downwards = sweep % 2 == 0
            for row in downwards ? Array(rows.indices) : rows.indices.reversed() { settle(row, downwards ? up : down) }
        }
        // A last look both ways, so that neither neighbours above nor below alone decide.
        for row in rows.indices { settle(row, zip(up, down).map { $0 + $1 }) }
        let left = vertices.map { $0.x - $0.halfWidth }.min() ?? 0
        for vertex in vertices.indices { vertices[vertex].x -= left }
        width = vertices.map { $0.x + $0.halfWidth }.max() ?? 0
    }

    /// Moves the vertices of a row as near to the middle of their neighbours as their order and widths allow: least
    /// squares by pooling neighbours that press against each other.
    private mutating func settle(_ row: Int, _ neighbours: [[Int]]) {
        var offset = 0.0
        var offsets: [Double] = []
        var blocks: [(sum: Double, weight: Double, count: Int)] = []
        for (index, vertex) in rows[row].enumerated() {
            if index > 0 {
                offset += vertices[rows[row][index - 1]].halfWidth + Self.gap + vertices[vertex].halfWidth
            }
            offsets.append(offset)
            let near = neighbours[vertex]
            let wish = near.isEmpty ? vertices[vertex].x : near.map { vertices[$0].x }.reduce(0, +) / Double(near.count)
            // Where edges pass, a straight line matters more than for a package with room to take them.
            let weight = near.isEmpty ? 0.1 : vertices[vertex].isPackage ? 1.0 : 2.0
            blocks.append(((wish - offset) * weight, weight, 1))
            while blocks.count > 1 {
                let last = blocks[blocks.count - 1]
                let previous = blocks[blocks.count - 2]
                guard previous.sum / previous.weight > last.sum / last.weight else { break }
                blocks.removeLast(2)
                blocks.append((previous.sum + last.sum, previous.weight + last.weight, previous.count + last.count))
            }
        }
        var index = 0
        for block in blocks {
            for _ in 0..<block.count {
                vertices[rows[row][index]].x = block.sum / block.weight + offsets[index]
                index += 1
            }
        }
    }
}
