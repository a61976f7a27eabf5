// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioOCI
import BioPackage
import Testing

@testable import BioAttestation

@Suite struct PackageURLTests {
    /// The judge is the library of the specification's authors.
    @Test func isReadAsItWasMeant() throws {
        let ident = try QualifiedIdent(parsing: "core/a_b/1.0+x~y@/20260101000000")
        var image = try #require(try FactsFixture.image().image)
        let texts = [PackageURL.text(ident, .x86_64Linux), try #require(PackageURL.text(image))]
        let read = try FactsFixture.judged(["purl"] + texts).split(separator: "\n").map {
            try DocumentValue(json: String($0))
        }
        #expect(
            read == [
                [
                    "name": "a_b", "namespace": "core",
                    "qualifiers": ["release": "20260101000000", "target": "x86_64-linux"], "type": "generic",
                    "version": "1.0+x~y@",
                ],
                [
                    "name": "app",
                    "qualifiers": [
                        "arch": "amd64", "repository_url": "registry.example:5000/acme/app", "tag": "2.0",
                    ], "type": "oci", "version": .string("\(FactsFixture.manifestDigest)"),
                ],
            ])
        // What nobody pushed has a name and no address.
        image.pushed = nil
        let local = try #require(PackageURL.text(image))
        #expect(local.contains("pkg:oci/app@") && local.hasSuffix("&tag=2.0") && !local.contains("repository_url"))
        image.manifest = nil
        #expect(PackageURL.text(image) == nil)
    }
}
