// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
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

    /// A foreign document may be as long as 4 MiB.
    @Test(.timeLimit(.minutes(15))) func manyAnnotationsAreQuick() throws {
        let count = 100_000
        let names = (count..<2 * count).map { "\"\($0.isMultiple(of: 2) ? "b" : "a")\($0)\":\"\"" }
        let text = "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\(names.joined(separator: ","))}}"
        let pairs = try ImageIndex(parsing: Array(text.utf8), place: "here").annotations.pairs
        #expect(pairs.count == count)
        #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    @Test func otherDigestsInAnIndexStayAsTheyStand() throws {
        let other = #"{"digest":"sha512:\#(String(repeating: "0a", count: 64))","x":1}"#
        let ours = Descriptor(mediaType: .ociManifest, digest: digest, size: 1).document.json(.compact)
        let type = MediaType.ociIndex.rawValue
        let text = #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(ours),\#(other)]}"#
        let index = try ImageIndex(parsing: Array(text.utf8), place: "here")
        #expect(index.manifests.map(\.digest) == [digest] && index.others.count == 1)
        #expect(index.bytes == Array(text.utf8))
    }

    @Test(arguments: ["", "sha512", "sha512:", ":00", "SHA512:00", "sha512:0 0", "sha256:00", "sha512:\u{e9}"])
    func whatIsNoDigestIsRefused(digest: String) {
        let text = #"{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"\#(digest)","size":1}]}"#
        #expect(throws: ImageError.self) { try ImageIndex(parsing: Array(text.utf8), place: "here") }
    }

    @Test func tellsWhatIsMissing() {
        #expect(throws: ImageError.malformed(what: "manifest", place: "here", problem: "its schemaVersion is not 2")) {
            try ImageManifest(parsing: Array("{}".utf8), place: "here")
        }
    }
}
