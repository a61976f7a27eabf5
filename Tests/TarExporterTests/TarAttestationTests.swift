// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Documents about an archive: files beside it that appear with it.
@Suite struct TarAttestationTests {
    @Test func provenanceSpeaksOfTheArchive() throws {
        let desk = try Desk()
        for _ in 0..<2 {
            // The second time they replace what the first left.
            let outcome = try desk.bio.export(
                "acme/app", "--base-pkgs", "none", "-o", "app.tar.gz", "--provenance", "--sbom", "spdx")
            #expect(outcome.code == 0, "\(outcome.errorText)")
            #expect(outcome.text == "app.tar.gz\napp.tar.gz.spdx.json\napp.tar.gz.provenance.json\n")
        }
        let document = try DocumentValue(json: try contents(of: desk.work("app.tar.gz.provenance.json")))
        let digest = Digest.sha256(of: try contents(of: desk.work("app.tar.gz")))
        #expect(document["subject"] == [["name": "app.tar.gz", "digest": ["sha256": .string(digest.hex)]]])
        // Installed by us, so the receipts know the origins' signatures.
        let list = document["predicate"]?["buildDefinition"]?["resolvedDependencies"]?.array ?? []
        #expect(!list.isEmpty)
        for dependency in list {
            let file = dependency["name"]?.string ?? ""
            let path = "\(try World.shared.get().artifacts)/\(file)"
            let header = String(decoding: try contents(of: path).prefix(400), as: UTF8.self).split(separator: "\n")
            #expect(dependency["annotations"]?["signature"]?.string == String(header[3]))
            #expect(dependency["digest"]?["blake2b_256"]?.string == Digest.blake2b256(of: try contents(of: path)).hex)
        }
    }

    @Test func whatIsInTheWayStopsTheArchiveToo() throws {
        let desk = try Desk()
        try Directory.create(desk.work("app.tar.gz.spdx.json"))
        let outcome = try desk.bio.export("acme/app", "--base-pkgs", "none", "-o", "app.tar.gz", "--sbom", "spdx")
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("'app.tar.gz.spdx.json' is in the way of the output"))
        #expect(try FileStatus.of(desk.work("app.tar.gz")) == nil)
    }
}
