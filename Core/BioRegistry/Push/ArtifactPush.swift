// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
package import BioOCI

/// An artifact that is no image on its way to a registry: its blobs, which nobody sees, then its manifest under a tag
/// (OCI image-spec 1.1, manifest.md, "Guidelines for Artifact Usage").
package final class ArtifactPush {
    package let reference: ImageReference
    private let manifest: ImageManifest
    private let push: RepositoryPush
    private let report: PushReport

    /// - Parameter reference: with a tag.
    package init(
        _ manifest: ImageManifest, as reference: ImageReference, _ session: RegistrySession, places: BlobPlaces,
        report: PushReport = .silent
    ) {
        self.reference = reference
        self.manifest = manifest
        self.report = report
        push = RepositoryPush(
            Repository(of: reference), session, places: places, progress: { report.advance($0) })
    }

    /// Brings the configuration and the layer, a file that nobody should change.
    package func stage(configuration: [UInt8], path: String, settings: RegistrySettings) throws {
        let layers = manifest.layers.map { layer in
            PushedBlob(
                digest: layer.digest, size: layer.size,
                content: FileContent(path: path, size: layer.size, cancellation: settings.cancellation), isLayer: true)
        }
        let blobs = layers + [PushedBlob(configuration)]
        report.begin(blobs.reduce(0) { $0 + $1.size })
        defer { report.end() }
        try push.bring(blobs)
    }

    /// Puts the manifest under the tag, unless it is there.
    package func commit() throws {
        let bytes = manifest.bytes
        guard let tag = reference.tag, try push.manifests.digest(of: tag) != .sha256(of: bytes) else { return }
        try push.manifests.put(bytes, .ociManifest, as: tag)
    }
}
