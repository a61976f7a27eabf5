// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioAttestation

@Suite struct SPDXIdentifiersTests {
    @Test func namesThatLookAlikeAreTold() {
        var ids = SPDXIdentifiers()
        #expect(ids.make("Package", "a/b_c") == "SPDXRef-Package-a-b-c")
        #expect(ids.make("Package", "a/b-c") == "SPDXRef-Package-a-b-c-2")
        #expect(ids.make("Package", "a/b/c") == "SPDXRef-Package-a-b-c-3")
        #expect(ids.make("Package", "a/b-c-2") == "SPDXRef-Package-a-b-c-2-2")
        #expect(ids.make("Package", "é\u{1B}") == "SPDXRef-Package----")
    }
}
