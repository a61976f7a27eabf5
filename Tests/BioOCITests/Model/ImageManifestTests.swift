// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import Testing

@Suite struct ImageManifestTests {
    private let digest = Digest.sha256(of: [1])

    @Test func readsWhatItWrites() throws {
        let manifest = ImageManifest(
            format: .oci, configuration: Descriptor(mediaType: .ociConfiguration, digest: digest, size: 3),
            layers: [
                Descriptor(
                    mediaType: .ociLayerGzip, digest: digest, size: 9,
                    annotations: [Annotations.packages: "core/redis/4/20260101000000"])
            ])
        #expect(try ImageManifest(parsing: manifest.bytes, place: "here") == manifest)
    }

    @Test func tellsWhatIsMissing() {
        #expect(throws: ImageError.malformed(what: "manifest", place: "here", problem: "its schemaVersion is not 2")) {
            try ImageManifest(parsing: Array("{}".utf8), place: "here")
        }
    }
}
