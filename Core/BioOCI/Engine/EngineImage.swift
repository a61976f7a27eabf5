// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument

/// An image as an engine describes it ("Inspect an image").
package struct EngineImage: Hashable, Sendable {
    /// The engine's name for it: for most the SHA-256 of the configuration.
    package let id: Digest
    /// The engine keeps images as containerd does: ids are digests of manifests.
    package let isNamedByManifest: Bool
    /// SHA-256 of each layer's uncompressed tar, bottom up.
    package let diffIDs: [Digest]
    /// `name:tag`, as the engine writes them.
    package let names: [String]
    let document: DocumentValue

    init(_ document: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
        id = try reading.digest(document, "Id")
        isNamedByManifest = document["Descriptor"].map { $0 != .null } ?? false
        names = try reading.strings(document, "RepoTags")
        var diffIDs: [Digest] = []
        for text in try reading.strings(document["RootFS"] ?? .object(DocumentObject()), "Layers") {
            diffIDs.append(try reading.digest(text, "Layers"))
        }
        self.diffIDs = diffIDs
        self.document = document
    }

    /// Whether it is the image of that configuration. Where ids are digests of manifests, which the engine makes, the
    /// layers have to do.
    func isImage(_ imageID: Digest, diffIDs: [Digest]) -> Bool {
        isNamedByManifest ? self.diffIDs == diffIDs : id == imageID
    }
}

/// A line of an engine's list of images.
package struct EngineImageSummary: Hashable, Sendable {
    package let id: Digest
    package let names: [String]

    init(_ document: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
        id = try reading.digest(document, "Id")
        // Older engines name images without a name so.
        names = try reading.strings(document, "RepoTags").filter { $0 != "<none>:<none>" }
    }
}
