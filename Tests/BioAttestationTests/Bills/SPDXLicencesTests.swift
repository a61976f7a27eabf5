// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

@testable import BioAttestation

@Suite struct SPDXLicencesTests {
    @Test func explainsEachForeignNameOnce() {
        var licences = SPDXLicences()
        #expect(licences.expression(DeclaredLicence("gplv2+")) == "LicenseRef-gplv2-")
        #expect(licences.expression(DeclaredLicence("GPLv2 ")) == "LicenseRef-GPLv2")
        #expect(licences.expression(DeclaredLicence("gplv2-")) == "LicenseRef-gplv2--2")
        #expect(licences.expression(DeclaredLicence("MIT gplv2+")) == "MIT AND LicenseRef-gplv2-")
        #expect(licences.expression(DeclaredLicence("mit")) == "MIT")
        #expect(licences.expression(DeclaredLicence(nil)) == "NOASSERTION")
        #expect(licences.extracted.compactMap { $0["name"]?.string } == ["gplv2+", "GPLv2", "gplv2-"])
    }
}
