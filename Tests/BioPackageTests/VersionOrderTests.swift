// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct VersionOrderTests {
    struct Row: Sendable {
        let left: String
        let right: String
        /// nil: cannot be compared.
        let expected: Ordering?

        init(_ left: String, _ right: String, _ expected: Ordering?) {
            self.left = left
            self.right = right
            self.expected = expected
        }
    }

    static let rows = [
        Row("1.0", "2.0", .less), Row("1.0.2t", "1.0.2", .less), Row("1.10", "1.9", .greater),
        Row("v1.2.3", "1.2.3", .equal), Row("1.2", "1.2.0", .equal), Row("r28", "1.0", .greater),
        Row("2.1.1", "2.1.1-alpha2", .greater), Row("1.0.0-2", "1.0.0-10", .greater),
        Row("1.0.0-beta1", "1.0.0-alpha1000", .greater), Row("2.0.0+build", "2.0.0", .less),
        Row("2016i", "2016j", .less), Row("5.1.4b", "5.1.4-b", .equal), Row("1.0.0-alpha1", "undefined", nil),
        Row("1.0.0.rc1", "1.0.0", nil),
        // A bad element matters only when nothing before it decided.
        Row("1.0.0.rc1", "1.1.0", .less), Row("1..2", "1.0.2", nil), Row("2..2", "1.0.2", .greater),
        Row("99999999999999999999", "1", nil), Row("2.99999999999999999999", "1", .greater),
        Row("18446744073709551615", "18446744073709551614", .greater), Row("007", "7", .equal),
        // Exactly one dash is dropped, and only when something follows it.
        Row("1.0--a", "1.0-a", .less), Row("1.0-", "1.0--", .equal), Row("1.0-", "1.0", .less),
        // A dot is enough to begin the number, which is then empty.
        Row("v.1", "1", nil),
    ]

    @Test(arguments: rows)
    func comparesAsUpstreamDoes(_ row: Row) {
        #expect((try? VersionOrder.compare(row.left, row.right)) == row.expected)
    }

    @Test(arguments: rows)
    func isSymmetric(_ row: Row) {
        #expect((try? VersionOrder.compare(row.right, row.left)) == row.expected.map(Self.reversed))
        #expect(VersionOrder.total(row.right, row.left) == Self.reversed(VersionOrder.total(row.left, row.right)))
    }

    @Test(arguments: rows)
    func totalAgreesWhereUpstreamDecides(_ row: Row) {
        if let expected = row.expected { #expect(VersionOrder.total(row.left, row.right) == expected) }
    }

    @Test func totalIsTransitive() {
        let versions =
            Set(Self.rows.flatMap { [$0.left, $0.right] }).sorted() + ["1.599999999999999999999", "m", "z1.0", "a2.0"]
        for a in versions {
            for b in versions where VersionOrder.total(a, b) != .greater {
                for c in versions where VersionOrder.total(b, c) != .greater {
                    #expect(VersionOrder.total(a, c) != .greater, "\(a) \(b) \(c)")
                }
            }
        }
    }

    @Test func namesTheVersionThatCouldNotBeRead() {
        #expect(
            throws: VersionOrder.Undecidable(left: "1.0", right: "undefined", culprit: "undefined")
        ) { try VersionOrder.compare("1.0", "undefined") }
    }

    static func reversed(_ ordering: Ordering) -> Ordering {
        switch ordering {
        case .less: .greater
        case .equal: .equal
        case .greater: .less
        }
    }
}
