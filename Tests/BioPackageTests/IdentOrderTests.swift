// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct IdentOrderTests {
    private func ident(_ text: String) throws -> PackageIdent { try PackageIdent(parsing: text) }

    @Test(
        arguments: [
            ("a/x/1.0/2", "a/x/1.0/1", Ordering.greater), ("a/x/1.10/1", "b/x/1.9/2", .greater),
            ("a/x/1.0/1", "b/x/1.0/1", .equal), ("a/x", "a/y", nil), ("a/x", "a/x", nil), ("a/x/1", "a/x", .greater),
            ("a/x", "a/x/1", .less), ("a/x/1", "a/x/1", nil), ("a/x/1/1", "a/x/1", .greater),
            ("a/x/2", "a/x/1/1", .less),
            ("a/x/beta/1", "a/x/alpha/2", .greater), ("a/x/1.0.rc1/1", "a/x/1.0/2", .greater),
        ] as [(String, String, Ordering?)])
    func partialComparesReleasesOfOneName(left: String, right: String, expected: Ordering?) throws {
        #expect(IdentOrder.partial(try ident(left), try ident(right)) == expected)
    }

    @Test(arguments: [
        ("a/x/1/1", "a/y/0/0", Ordering.less), ("b/x/1.10/1", "a/x/1.9/1", .greater), ("a/x", "a/x/1", .less),
        ("a/x/1", "a/x/1/1", .less), ("b/x", "a/x", .equal), ("a/x/1.2/1", "a/x/1.2.0/2", .less),
    ])
    func totalPutsMissingPiecesFirst(left: String, right: String, expected: Ordering) throws {
        #expect(IdentOrder.total(try ident(left), try ident(right)) == expected)
        #expect(
            IdentOrder.total(try ident(right), try ident(left)) == VersionOrderTests.reversed(expected))
    }

    @Test func totalIsSymmetricWhereUpstreamIsNot() throws {
        let a = try ident("a/x/1.0.0-alpha1/1")
        let b = try ident("a/x/undefined/1")
        #expect(IdentOrder.total(a, b) == .greater)
        #expect(IdentOrder.total(b, a) == .less)
    }

    @Test func byPartsLooksAtTheOriginFirst() throws {
        let listed = ["a/z/1/1", "b/a/1.9/1", "b/a/1.10/1", "b/b"]
        let sorted = try listed.reversed().map(ident).sorted { IdentOrder.byParts($0, $1) == .less }
        #expect(sorted.map(\.description) == listed)
    }
}
