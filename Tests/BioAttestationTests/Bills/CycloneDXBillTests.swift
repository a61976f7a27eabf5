// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

@testable import BioAttestation

@Suite struct CycloneDXBillTests {
    @Test func isWhatItWas() throws {
        let text = CycloneDXBill(try FactsFixture.facts()).value().json(.pretty) + "\n"
        #expect(try Golden.mismatch(text, "image.cdx") == nil)
    }

    @Test func fitsThePublishedSchema() throws {
        #expect(try FactsFixture.judged("cyclonedx", CycloneDXBill(try FactsFixture.facts()).value()) == "")
        let facts = try FactsFixture.facts(FactsFixture.file())
        #expect(try FactsFixture.judged("cyclonedx", CycloneDXBill(facts).value()) == "")
    }

    @Test func theSchemaFindsWhatIsWrong() throws {
        guard case .object(var object) = CycloneDXBill(try FactsFixture.facts()).value() else { return }
        object["serialNumber"] = "urn:uuid:1"
        #expect(try FactsFixture.judged("cyclonedx", .object(object)).contains("$.serialNumber"))
        object["dependencies"] = [["ref": "nobody"]]
        #expect(try FactsFixture.judged("cyclonedx", .object(object)).contains("nobody is no component"))
    }

    @Test func packagesLieInTheirLayers() throws {
        let layers = CycloneDXBill(try FactsFixture.facts()).value()["components"]?.array ?? []
        let names = layers.map { ($0["components"]?.array ?? []).compactMap { $0["name"]?.string } }
        #expect(names == [["busybox-static"], ["zlib", "lib_x"], ["app"], []])
    }

    @Test func edgesAreThoseOfTheGraph() throws {
        let list = CycloneDXBill(try FactsFixture.facts()).value()["dependencies"]?.array ?? []
        let edges = list.map { entry in
            ([entry["ref"]] + (entry["dependsOn"]?.array ?? [])).map { ($0?.string ?? "").split(separator: "?")[0] }
        }
        let (app, library) = ("pkg:generic/acme/app@2.0", "pkg:generic/acme/lib_x@1.0")
        let (shell, zlib) = ("pkg:generic/core/busybox-static@1.36.1", "pkg:generic/core/zlib@1.2.11")
        #expect(
            edges.map { $0.map(String.init) } == [
                ["result", shell, app], [shell], [zlib], [library, zlib], [app, zlib, library],
            ])
    }

    @Test func theSerialNumberIsOfTheContent() throws {
        let facts = try FactsFixture.facts()
        let number = CycloneDXBill(facts).value()["serialNumber"]
        #expect(CycloneDXBill(facts).value()["serialNumber"] == number)
        var other = facts
        other.maker.version = "0.2.0"
        #expect(CycloneDXBill(other).value()["serialNumber"] != number)
    }
}
