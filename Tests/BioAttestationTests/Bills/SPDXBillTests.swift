// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioTestSupport
import Testing

@testable import BioAttestation

@Suite struct SPDXBillTests {
    @Test func isWhatItWas() throws {
        let text = SPDXBill(try FactsFixture.facts()).value().json(.pretty) + "\n"
        #expect(try Golden.mismatch(text, "image.spdx") == nil)
    }

    @Test func theValidatorOfSPDXHasNothingToSay() throws {
        #expect(try FactsFixture.judged("spdx", SPDXBill(try FactsFixture.facts()).value()) == "")
        let facts = try FactsFixture.facts(FactsFixture.file())
        #expect(try FactsFixture.judged("spdx", SPDXBill(facts).value()) == "")
    }

    /// That the judge judges.
    @Test func theValidatorFindsWhatIsWrong() throws {
        guard case .object(var object) = SPDXBill(try FactsFixture.facts()).value() else { return }
        object["documentNamespace"] = "no address"
        #expect(try FactsFixture.judged("spdx", .object(object)).contains("document_namespace"))
    }

    private static func relationships(_ facts: ExportFacts) -> Set<String> {
        Set(
            (SPDXBill(facts).value()["relationships"]?.array ?? []).map {
                "\($0["spdxElementId"]?.string ?? "") \($0["relationshipType"]?.string ?? "") "
                    + "\($0["relatedSpdxElement"]?.string ?? "")"
            })
    }

    @Test func edgesAreThoseOfTheGraph() throws {
        let found = Self.relationships(try FactsFixture.facts()).filter { $0.contains("DEPENDS_ON") }
        #expect(
            found == [
                "SPDXRef-Package-acme-app-2.0-20260103000000 DEPENDS_ON SPDXRef-Package-acme-lib-x-1.0-20260102000000",
                "SPDXRef-Package-acme-app-2.0-20260103000000 DEPENDS_ON SPDXRef-Package-core-zlib-1.2.11-20180608050617",
                "SPDXRef-Package-acme-lib-x-1.0-20260102000000 DEPENDS_ON SPDXRef-Package-core-zlib-1.2.11-20180608050617",
            ])
    }

    @Test func layersContainTheirPackages() throws {
        let found = Self.relationships(try FactsFixture.facts()).filter { $0.contains("CONTAINS") }
        #expect(found.count == 4 + 4)
        #expect(found.contains("SPDXRef-Layer-3 CONTAINS SPDXRef-Package-acme-app-2.0-20260103000000"))
        #expect(!found.contains { $0.hasPrefix("SPDXRef-Layer-4 ") })
        let flat = Self.relationships(try FactsFixture.facts(FactsFixture.file()))
        #expect(flat.count { $0.hasPrefix("SPDXRef-Artifact-acme-app-2.0.tar.gz CONTAINS ") } == 4)
    }

    /// An address with a password in it is not repeated.
    @Test func nobodysPasswordIsTold() throws {
        let text = SPDXBill(try FactsFixture.facts()).value().json(.compact)
        #expect(!text.contains("pw@") && !text.contains("not an address"))
        #expect(text.contains("http://zlib.net/zlib-1.2.11.tar.gz"))
    }

    @Test func theNamespaceIsOfTheContent() throws {
        let facts = try FactsFixture.facts()
        let namespace = SPDXBill(facts).value()["documentNamespace"]
        #expect(SPDXBill(facts).value()["documentNamespace"] == namespace)
        var other = facts
        other.created = "2026-01-04T00:00:00Z"
        #expect(SPDXBill(other).value()["documentNamespace"] != namespace)
    }
}
