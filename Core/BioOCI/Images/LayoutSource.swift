// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioSystem

/// The images of a layout: a directory (`oci:DIR[:REF]`) or a tar of one (`oci-archive:FILE[:REF]`).
package final class LayoutSource: ImageSource {
    package let location: ImageLocation
    private let place: any BlobPlace
    private var found: IndexedImages.Listed?

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

    /// Without those whose digests are not SHA-256.
    package func images() throws -> [StoredImage] { try listed().images }

    package func image() throws -> StoredImage {
        let listed = try listed()
        let wanted = location.reference
        do throws(ImageError) {
            return try StoredImage.choose(wanted, from: listed.images, place: "\(location)")
        } catch {
            let meant = listed.others.first { other in wanted.map(other.isNamed) ?? listed.images.isEmpty }
            guard let meant else { throw error }
            if case .severalImages = error { throw error }
            throw ImageError.digestAlgorithm(digest: meant.digest, place: "\(location)")
        }
    }

    private func listed() throws -> IndexedImages.Listed {
        if let found { return found }
        let listed = try IndexedImages.all(at: place)
        found = listed
        return listed
    }

    package func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)? {
        try layer.descriptor.map { try place.open($0) }
    }
}
