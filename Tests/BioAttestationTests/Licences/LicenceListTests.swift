// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioAttestation

@Suite struct LicenceListTests {
    /// The list that CycloneDX's schema publishes is that of the SPDX legal team.
    @Test func isThePublishedList() throws {
        let published = try FactsFixture.judged(["licences"]).split(separator: "\n", omittingEmptySubsequences: false)
        let parts = published.split(separator: "").map { $0.map(String.init) }
        try #require(parts.count == 2)
        #expect(LicenceList.licenceNames.split(separator: " ").map(String.init) == parts[0])
        #expect(LicenceList.exceptionNames.split(separator: " ").map(String.init) == parts[1])
    }

    @Test func caseDoesNotMatter() {
        #expect(LicenceList.licence("apache-2.0") == "Apache-2.0")
        #expect(LicenceList.exception("GCC-EXCEPTION-3.1") == "GCC-exception-3.1")
        #expect(LicenceList.licence("GCC-exception-3.1") == nil)
        #expect(LicenceList.licence("") == nil)
    }
}
