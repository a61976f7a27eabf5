// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioGraph

@Suite struct LayeredLayoutTests {
    private func layout(_ needs: [[Int]]) throws -> LayeredLayout {
        try #require(LayeredLayout(needs: needs, halfWidths: needs.map { _ in 50 }))
    }

    @Test func dependenciesStandBelow() throws {
        let needs = [[], [0], [0], [1, 2], [3, 0]]
        let layout = try layout(needs)
        for (index, targets) in needs.enumerated() {
            for target in targets { #expect(layout.vertices[index].row < layout.vertices[target].row) }
        }
        #expect(layout.vertices[4].row == 0 && layout.vertices[0].row == 3)
    }

    @Test func edgesToOnePackageShareThePlacesTheyPass() throws {
        // 5 and 4 both reach 0 past the rows of the chain 5-4-3-2-1.
        let layout = try layout([[], [0], [1], [2], [3, 0], [4, 0]])
        let passing = layout.vertices.filter { !$0.isPackage }
        #expect(passing.map(\.row).sorted() == [1, 2, 3, 4] && passing.allSatisfy { $0.package == 0 })
    }

    @Test func neighboursDoNotTouch() throws {
        var needs: [[Int]] = [[], [], [], []]
        for index in 4..<40 { needs.append([index % 4, index / 2, index / 3].filter { $0 < index }) }
        let layout = try layout(needs.map { Array(Set($0)).sorted() })
        for row in layout.rows {
            for (left, right) in zip(row, row.dropFirst()) {
                let (one, other) = (layout.vertices[left], layout.vertices[right])
                #expect(other.x - other.halfWidth >= one.x + one.halfWidth + LayeredLayout.gap - 0.001)
            }
        }
        #expect(
            layout.vertices.allSatisfy { $0.x - $0.halfWidth >= -0.001 && $0.x + $0.halfWidth <= layout.width + 0.001 })
        #expect(layout.rows.joined().count == layout.vertices.count)
    }

    @Test func crossingsThatCanBeAvoidedAre() throws {
        // Two columns that cross when the rows are filled in order of indices.
        let layout = try layout([[], [], [1], [0], [2, 3]])
        let (a, b) = (layout.vertices[2], layout.vertices[3])
        #expect((a.x < b.x) == (layout.vertices[1].x < layout.vertices[0].x))
    }

    @Test func aSinglePackageIsALayoutAndNoneIsToo() throws {
        #expect(try layout([[]]).width == 100)
        #expect(try layout([]).rows.isEmpty)
    }

    @Test func whatNobodyCouldLookAtIsRefused() {
        // A chain of n, from each of which an edge leads to the end: n places for the last alone are shared, so
        // packages that all need all are what is too much.
        let count = 400
        let needs = (0..<count).map { Array(0..<$0) }
        #expect(LayeredLayout(needs: needs, halfWidths: needs.map { _ in 50 }) == nil)
    }
}
