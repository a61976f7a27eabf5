// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioAttestation

@Suite struct ContentUUIDTests {
    @Test func isOfTheContentAndSaysWhichSortItIs() throws {
        // SHA-256 of nothing is e3b0c442 98fc 1c14 9afb f4c8996fb924…
        #expect(ContentUUID.text(of: []) == "e3b0c442-98fc-8c14-9afb-f4c8996fb924")
        #expect(ContentUUID.text(of: [1]) != ContentUUID.text(of: []))
    }
}
