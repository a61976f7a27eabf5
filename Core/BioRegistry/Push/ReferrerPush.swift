// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHTTP
import BioOCI

/// Puts manifests with a subject into a repository. A registry that does not know what that is leaves the list of them to
/// its clients: an index under a tag made of the subject's digest (distribution-spec 1.1, "Pushing manifests with
/// subject").
struct ReferrerPush {
    private let manifests: RepositoryManifests

    init(_ manifests: RepositoryManifests) { self.manifests = manifests }

    func put(_ manifest: ImageManifest, _ descriptor: Descriptor) throws {
        try put(manifest.bytes, subject: manifest.subject, descriptor)
    }

    /// `descriptor` is what a list of referrers says of the manifest: with its artifact type and annotations.
    func put(_ manifest: [UInt8], subject: Descriptor?, _ descriptor: Descriptor) throws {
        let answer = try manifests.put(manifest, descriptor.mediaType, as: "\(descriptor.digest)")
        guard let subject, answer["OCI-Subject"] == nil else { return }
        try list(descriptor, underTagOf: subject.digest)
    }

    /// What others have listed stays.
    private func list(_ descriptor: Descriptor, underTagOf subject: Digest) throws {
        let tag = "sha256-\(subject.hex)"
        var index = ImageIndex(format: .oci, manifests: [])
        if let there = try manifests.content(of: tag) {
            index = try ImageIndex(parsing: there.bytes, place: "\(manifests.repository):\(tag)")
        }
        if index.manifests.contains(where: { $0.digest == descriptor.digest }) { return }
        index.manifests.append(descriptor)
        try manifests.put(index.bytes, .ociIndex, as: tag)
    }
}
