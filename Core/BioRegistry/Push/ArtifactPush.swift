// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
package import BioOCI
package import BioSystem

/// An artifact that is no image on its way to a registry: its blobs, which nobody sees, then its manifest under a tag
/// (OCI image-spec 1.1, manifest.md, "Guidelines for Artifact Usage").
package final class ArtifactPush: Sendable {
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

    /// Brings the configuration and the layer, an open file.
    package func stage(configuration: [UInt8], file: borrowing FileDescriptor, settings: RegistrySettings) throws {
        var layers: [PushedBlob] = []
        for layer in manifest.layers {
            let content = try OpenFileContent(
                file, size: layer.size, name: reference.name, cancellation: settings.cancellation)
            layers.append(PushedBlob(digest: layer.digest, size: layer.size, content: content, isLayer: true))
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
