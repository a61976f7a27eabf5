// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioHTTP
package import BioOCI

/// `docker://REGISTRY/REPO[:TAG]`. Staging brings the blobs, which nobody sees; committing puts the manifest under each
/// tag. A registry does not give back what it has been given.
///
/// When a tag is the image already, nothing more is asked about it: an unchanged image costs one request for each tag.
package final class RegistryDestination: ImageDestination {
    package let location: ImageLocation
    private let reference: ImageReference
    private let compression: Compression
    private let session: RegistrySession
    private let push: RepositoryPush
    private let report: PushReport
    private var staged: Staged?
    private var attached: [StagedReferrer] = []
    /// Tags that this has put.
    private var committed: [ImageReference] = []

    private struct Staged {
        let image: BuiltImage
        let references: [ImageReference]
        /// Tags that are the image already.
        let isDone: Set<String>
        /// The registry has the manifest, under whatever name.
        let isThere: Bool
    }

    private struct StagedReferrer {
        let manifest: ImageManifest
        let descriptor: Descriptor
    }

    /// A reference without a tag gives the image its own tags in that repository.
    package init(
        _ reference: ImageReference, _ session: RegistrySession, places: BlobPlaces, compression: Compression = .gzip,
        report: PushReport = .silent
    ) {
        location = .registry(reference)
        self.reference = reference
        self.compression = compression
        self.session = session
        self.report = report
        push = RepositoryPush(
            Repository(of: reference), session, places: places, progress: { report.advance($0) })
    }

    package func stage(_ image: Image, layers: any LayerProvider) throws {
        let cancellation = session.settings.cancellation
        let built = try BuiltImage(
            image, .oci, compression, layers: layers, place: location, cancellation: cancellation)
        let references = names(of: image)
        let (done, isThere, known) = try lookAround(built, references.compactMap(\.tag))
        staged = Staged(image: built, references: references, isDone: done, isThere: isThere)
        let blobs = blobs(of: built)
        // Others may have pushed it: their repository is as good to mount from.
        if isThere { return push.remember(blobs.map(\.digest)) }
        report.begin(blobs.reduce(0) { $0 + $1.size })
        defer { report.end() }
        try push.bring(blobs, known: known)
    }

    package var stagedManifest: Descriptor? { staged?.image.descriptor }

    /// Their blobs go now, their manifests with the image's.
    package func attach(_ attachments: [ImageAttachment]) throws -> Bool {
        guard let staged else { preconditionFailure("what is attached to has been staged") }
        for attachment in attachments {
            let document = PushedBlob(attachment.bytes)
            let empty = PushedBlob(Array("{}".utf8))
            try push.bring([empty, document])
            let manifest = ImageManifest(
                format: .oci,
                configuration: Descriptor(mediaType: .ociEmpty, digest: empty.digest, size: empty.size),
                layers: [
                    Descriptor(
                        mediaType: MediaType(attachment.artifactType), digest: document.digest, size: document.size)
                ],
                artifactType: attachment.artifactType,
                subject: Descriptor(
                    mediaType: staged.image.descriptor.mediaType, digest: staged.image.descriptor.digest,
                    size: staged.image.descriptor.size),
                annotations: attachment.annotations)
            let bytes = manifest.bytes
            let descriptor = Descriptor(
                mediaType: .ociManifest, digest: .sha256(of: bytes), size: Int64(bytes.count),
                artifactType: attachment.artifactType, annotations: attachment.annotations)
            attached.append(StagedReferrer(manifest: manifest, descriptor: descriptor))
        }
        return true
    }

    /// What is said of the image is there before a tag is.
    package func commit() throws -> PublishedImage {
        guard let staged else { preconditionFailure("a commit follows a stage") }
        let image = staged.image
        if !attached.isEmpty {
            if !staged.isThere { try put(image, as: "\(image.descriptor.digest)") }
            for referrer in attached {
                try push.manifests.put(
                    referrer: referrer.manifest.bytes, referrer.descriptor, subject: image.descriptor.digest)
            }
        }
        for name in staged.references {
            guard let tag = name.tag, !staged.isDone.contains(tag) else { continue }
            try put(image, as: tag)
            committed.append(name)
        }
        return published(staged, as: staged.references)
    }

    package var halfCommitted: PublishedImage? {
        guard let staged, !committed.isEmpty else { return nil }
        return published(staged, as: committed)
    }

    // MARK: -

    /// What the repository has of the image: tags that are it, whether its manifest is there, blobs that must be there
    /// because the image that has the tag now needs them.
    private func lookAround(
        _ image: BuiltImage, _ tags: [String]
    ) throws -> (done: Set<String>, isThere: Bool, known: Set<Digest>) {
        var done: Set<String> = []
        var former: Digest?
        for tag in tags {
            guard let digest = try push.manifests.digest(of: tag) else { continue }
            if digest == image.descriptor.digest { done.insert(tag) } else if former == nil { former = digest }
        }
        if !done.isEmpty { return (done, true, []) }
        guard let former else {
            return (done, try push.manifests.digest(of: "\(image.descriptor.digest)") != nil, [])
        }
        return (done, false, try push.manifests.blobs(of: former))
    }

    private func names(of image: Image) -> [ImageReference] {
        if reference.tag != nil { return [reference] }
        var names: [ImageReference] = []
        for own in image.references.map({ reference.tagged($0.tag ?? "latest") }) where !names.contains(own) {
            names.append(own)
        }
        return names.isEmpty ? [reference.tagged("latest")] : names
    }

    private func blobs(of image: BuiltImage) -> [PushedBlob] {
        image.blobs.dropFirst().map { blob in
            let content: any BlobContent =
                switch blob.content {
                case .bytes(let bytes): MemoryContent(bytes: bytes)
                case .file(let path):
                    FileContent(path: path, size: blob.size, cancellation: session.settings.cancellation)
                }
            return PushedBlob(digest: blob.digest, size: blob.size, content: content, isLayer: blob.isLayer)
        }
    }

    /// Blobs that were there may have gone since: then all are asked for again, once.
    private func put(_ image: BuiltImage, as name: String) throws {
        do {
            try push.manifests.put(image.manifest, image.descriptor.mediaType, as: name)
        } catch let error as RegistryError where error.saysBlobsAreMissing {
            push.doubt()
            try push.bring(blobs(of: image))
            try push.manifests.put(image.manifest, image.descriptor.mediaType, as: name)
        }
    }

    private func published(_ staged: Staged, as references: [ImageReference]) -> PublishedImage {
        let layers = Set(staged.image.layers.map(\.digest))
        let outcomes = layers.map { push.outcome(of: $0) }
        let sent = outcomes.count { $0 == .sent }
        let mounted = outcomes.count { $0 == .mounted }
        return PublishedImage(
            location: location, imageID: staged.image.imageID, manifestDigest: staged.image.descriptor.digest,
            references: references, layersWritten: sent, layersFound: layers.count - sent - mounted,
            layersMounted: mounted, bytesWritten: push.bytesSent,
            referrers: attached.map {
                .init(artifactType: $0.descriptor.artifactType ?? "", digest: $0.descriptor.digest)
            })
    }
}
