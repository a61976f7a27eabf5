// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// A place that takes an image. First every destination of an export stages it; when all could, every one commits.
package protocol ImageDestination: AnyObject {
    /// As the user wrote or would write it: `oci:DIR:REF`.
    var location: ImageLocation { get }
    /// Makes everything ready, beside its place, so that `commit` is short and unlikely to fail.
    func stage(_ image: Image, layers: any LayerProvider) throws
    /// What an index would say of the image's manifest; nil before `stage`, and where there is none (docker-archive, an
    /// engine).
    var stagedManifest: Descriptor? { get }
    /// Keeps documents with the image that is staged; called between `stage` and `commit`. False where a place has no
    /// room for such: they become files then.
    func attach(_ attachments: [ImageAttachment]) throws -> Bool
    /// Puts it into its place. Called at most once, after `stage`. Local destinations rename; an engine loads.
    func commit() throws -> PublishedImage
    /// What a commit that failed has put there nevertheless, and nobody can take back; nil: nothing.
    var halfCommitted: PublishedImage? { get }
    /// Takes back what `commit` put into its place, as far as that can be, because another place of the same export
    /// failed. Does not throw: it is called where something failed already.
    func takeBack()
    // Without a commit, the end of the object (deinit) removes what was staged.
}

extension ImageDestination {
    package var stagedManifest: Descriptor? { nil }
    package func attach(_ attachments: [ImageAttachment]) throws -> Bool { false }
    package var halfCommitted: PublishedImage? { nil }
    package func takeBack() {}
}

/// What came to be at a destination.
package struct PublishedImage: Hashable, Sendable {
    /// A document that a registry keeps with the image.
    package struct Referrer: Hashable, Sendable {
        package let artifactType: String
        /// Of its manifest.
        package let digest: Digest

        package init(artifactType: String, digest: Digest) {
            self.artifactType = artifactType
            self.digest = digest
        }
    }

    package let location: ImageLocation
    /// SHA-256 of the configuration.
    package let imageID: Digest
    /// SHA-256 of the manifest; nil where there is none (docker-archive, an engine).
    package let manifestDigest: Digest?
    package let references: [ImageReference]
    /// Layers that were written or sent, and those that were there already.
    package let layersWritten: Int
    package let layersFound: Int
    /// Layers that a registry took from another of its repositories, without a byte of theirs sent.
    package let layersMounted: Int
    /// Bytes written or sent.
    package let bytesWritten: Int64
    /// SHA-256 and length of the archive, when it is one file.
    package let file: (digest: Digest, size: Int64)?
    /// In the order in which they were attached.
    package let referrers: [Referrer]

    package init(
        location: ImageLocation, imageID: Digest, manifestDigest: Digest?, references: [ImageReference],
        layersWritten: Int, layersFound: Int, layersMounted: Int = 0, bytesWritten: Int64,
        file: (digest: Digest, size: Int64)? = nil, referrers: [Referrer] = []
    ) {
        self.location = location
        self.imageID = imageID
        self.manifestDigest = manifestDigest
        self.references = references
        self.layersWritten = layersWritten
        self.layersFound = layersFound
        self.layersMounted = layersMounted
        self.bytesWritten = bytesWritten
        self.file = file
        self.referrers = referrers
    }

    /// The image at a registry by its digest; nil elsewhere.
    package var digestReference: ImageReference? { manifestDigest.flatMap(reference(to:)) }

    /// What has that digest in the image's repository; nil where there is none.
    package func reference(to digest: Digest) -> ImageReference? {
        guard case .registry(let reference) = location else { return nil }
        return reference.pinned(to: digest)
    }

    package static func == (left: PublishedImage, right: PublishedImage) -> Bool {
        left.location == right.location && left.imageID == right.imageID
            && left.manifestDigest == right.manifestDigest && left.references == right.references
            && left.layersWritten == right.layersWritten && left.layersFound == right.layersFound
            && left.layersMounted == right.layersMounted && left.bytesWritten == right.bytesWritten
            && left.file?.digest == right.file?.digest
            && left.file?.size == right.file?.size && left.referrers == right.referrers
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(location)
        hasher.combine(imageID)
    }
}
