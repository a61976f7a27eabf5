// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioSystem

/// The images of a layout: a directory (`oci:DIR[:REF]`) or a tar of one (`oci-archive:FILE[:REF]`).
package final class LayoutSource: ImageSource {
    package let location: ImageLocation
    private let place: any BlobPlace
    private var found: [StoredImage]?

    /// Of a directory.
    package init(directory path: String, reference: String?, cancellation: Cancellation = .never) throws {
        location = .layout(path: path, reference: reference)
        guard let status = try FileStatus.of(path) else { throw ImageError.nothingThere(path: path) }
        guard status.kind == .directory else {
            throw ImageError.notALayout(path: path, problem: "it is no directory")
        }
        place = LayoutBlobs(path, cancellation: cancellation)
    }

    /// Of an archive, which must not be compressed as a whole.
    package init(archive path: String, reference: String?, cancellation: Cancellation = .never) throws {
        location = .ociArchive(path: path, reference: reference)
        place = ArchiveBlobs(try ImageArchive(path, cancellation: cancellation))
    }

    package func images() throws -> [StoredImage] {
        if let found { return found }
        let images = try IndexedImages.all(at: place)
        found = images
        return images
    }

    package func image() throws -> StoredImage {
        try StoredImage.choose(location.reference, from: try images(), place: "\(location)")
    }

    package func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)? {
        try layer.descriptor.map { try place.open($0) }
    }
}
