// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioOCI
import BioTestSupport
import Testing

@testable import BioAttestation

@Suite struct ProvenanceTests {
    @Test func isWhatItWas() throws {
        let document = try Attestation.provenance.made(of: try FactsFixture.facts())
        #expect(try Golden.mismatch(String(decoding: document.bytes, as: UTF8.self), "image.provenance") == nil)
    }

    @Test func isWhatInTotoTakes() throws {
        let document = try Attestation.provenance.made(of: try FactsFixture.facts())
        #expect(try FactsFixture.judged("provenance", try DocumentValue(json: document.bytes)) == "")
        guard case .object(var object) = try DocumentValue(json: document.bytes) else { return }
        object["subject"] = []
        #expect(try FactsFixture.judged("provenance", .object(object)) != "")
    }

    @Test func saysWhoSignedWhat() throws {
        let value = Provenance(try FactsFixture.facts()).value()
        let list = value["buildDefinition"]?["resolvedDependencies"]?.array ?? []
        #expect(
            list.compactMap { $0["name"]?.string } == [
                "core-busybox-static-1.36.1-20260101000000-x86_64-linux.hart",
                "core-zlib-1.2.11-20180608050617-x86_64-linux.hart", "acme-lib_x-1.0-20260102000000-x86_64-linux.hart",
                "acme-app-2.0-20260103000000-x86_64-linux.hart",
            ])
        #expect(list[1]["annotations"]?["signer"] == "core-20180119235000")
        #expect(list[1]["annotations"]?["signature"]?.string?.count == 172)
        #expect(list[0]["annotations"]?["signature"] == nil)
        // Nobody vouches for it: no digest, and it says so.
        #expect(list[2]["digest"] == nil && list[2]["annotations"]?["verified"] == false)
    }
}
