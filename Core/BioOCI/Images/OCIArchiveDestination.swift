// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem

/// `oci-archive:FILE[:REF]`: an image layout in one tar. Unless its layers are zstd, which no `docker load` of today
/// reads, it has Docker's list of images too, so that both kinds of readers take the same file.
package final class OCIArchiveDestination: ImageDestination {
    package let location: ImageLocation
    private let compression: Compression
    private let cancellation: Cancellation
    private let output: ArchiveOutput
    private var staged: (image: BuiltImage, names: ImageNames)?
    /// Whose files a stream is made of at the end.
    private var layers: (any LayerProvider)?

    package init(
        path: String, reference: String?, compression: Compression = .gzip, cancellation: Cancellation = .never
    ) {
        location = .ociArchive(path: path, reference: reference)
        self.compression = compression
        self.cancellation = cancellation
        output = ArchiveOutput(path: path, cancellation: cancellation)
    }

    /// Into an open file, such as standard output, which is duplicated and gets its first byte when all is committed.
    package init(
        writingTo file: borrowing FileDescriptor, reference: String?, compression: Compression = .gzip,
        cancellation: Cancellation = .never
    ) throws {
        location = .ociArchive(path: "-", reference: reference)
        self.compression = compression
        self.cancellation = cancellation
        output = try ArchiveOutput(file, cancellation: cancellation)
    }

    package func stage(_ image: Image, layers: any LayerProvider) throws {
        try output.checkRoom()
        let built = try BuiltImage(
            image, .oci, compression, layers: layers, place: location, cancellation: cancellation)
        let names = ImageNames(image, reference: location.reference)
        try output.stage(ArchiveMembers(members(built, names)))
        staged = (built, names)
        self.layers = layers
    }

    package var stagedManifest: Descriptor? { staged?.0.descriptor }

    package func commit() throws -> PublishedImage {
        guard let (image, names) = staged else { preconditionFailure("a commit follows a stage") }
        let packed = try output.commit()
        return PublishedImage(
            location: location, imageID: image.imageID, manifestDigest: image.descriptor.digest,
            references: names.references, layersWritten: image.layers.count, layersFound: 0,
            bytesWritten: packed.size, file: (packed.digest, packed.size))
    }

    package func takeBack() { output.takeBack() }

    /// The documents first, so that who reads a stream knows what comes.
    private func members(_ image: BuiltImage, _ names: ImageNames) -> [ArchiveMembers.Item] {
        var index = LayoutIndex()
        index.set(image.descriptor, names: names.layoutNames)
        var items: [ArchiveMembers.Item] = [
            .init(path: Layout.markerName, content: .bytes(Layout.marker)),
            .init(path: Layout.indexName, content: .bytes(index.bytes)),
        ]
        if compression.isInDockerImages {
            let entry = DockerArchiveList.Entry(
                configuration: Layout.blobPath(image.imageID), references: names.references,
                layers: image.layers.map { Layout.blobPath($0.digest) })
            items.append(.init(path: DockerArchiveList.name, content: .bytes(DockerArchiveList.bytes([entry]))))
        }
        items += ["blobs", "blobs/sha256"].map { .init(path: $0, content: .directory) }
        for blob in image.blobs {
            switch blob.content {
            case .bytes(let bytes): items.append(.init(path: Layout.blobPath(blob.digest), content: .bytes(bytes)))
            case .file(let path):
                items.append(
                    .init(path: Layout.blobPath(blob.digest), content: .file(path: path, size: blob.size)))
            }
        }
        return items
    }
}

extension Compression {
    /// Whether Docker's image format has a media type for such layers.
    package var isInDockerImages: Bool { ImageFormat.docker.layer(self) != nil }
}
