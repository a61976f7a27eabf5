// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct OrderingTests {
    @Test func thenIsAskedOnTiesOnly() {
        #expect(Ordering(1, 1).then(.greater) == .greater)
        #expect(Ordering(1, 2).then(.greater) == .less)
    }

    @Test func missingComesFirst() {
        #expect(Ordering(missingFirst: nil, 1) == .less)
        #expect(Ordering(missingFirst: 1, nil) == .greater)
        #expect(Ordering(missingFirst: Int?.none, nil) == .equal)
        #expect(Ordering(missingFirst: 2, 1) == .greater)
    }
}
