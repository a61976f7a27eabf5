// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem

/// `oci:DIR[:REF]`: an image layout in a directory that is new, empty, or a layout already, whose other images stay.
///
/// What the layout lacks is written into a draft, a directory of its own: beside a new layout, which then gets its name
/// in one step; in one that is there, from where whole blobs move to their places before the index names them. What a
/// kill leaves is such a draft, which the next export to the layout removes, or blobs that nothing names.
package final class LayoutDestination: ImageDestination {
    package let location: ImageLocation
    private let path: String
    private let compression: Compression
    private let verifiesBlobs: Bool
    private let cancellation: Cancellation
    private var staged: Staged?

    private struct Staged {
        let image: BuiltImage
        let names: ImageNames
        let change: LayoutChange
        let layersWritten: Int
        let layersFound: Int
    }

    /// Blobs that are in the layout count as whole when they have the right size, unless `verifiesBlobs` has them read.
    package init(
        path: String, reference: String?, compression: Compression = .gzip, verifiesBlobs: Bool = false,
        cancellation: Cancellation = .never
    ) {
        location = .layout(path: path, reference: reference)
        self.path = path
        self.compression = compression
        self.verifiesBlobs = verifiesBlobs
        self.cancellation = cancellation
    }

    package func stage(_ image: Image, layers: any LayerProvider) throws {
        let change = try LayoutChange(of: path, verifiesBlobs: verifiesBlobs, cancellation: cancellation)
        let built = try BuiltImage(
            image, .oci, compression, layers: layers, place: location, cancellation: cancellation)
        var (written, found) = (0, 0)
        for blob in built.blobs {
            let isWritten = try change.add(blob)
            guard blob.isLayer else { continue }
            if isWritten { written += 1 } else { found += 1 }
        }
        staged = Staged(
            image: built, names: ImageNames(image, reference: location.reference), change: change,
            layersWritten: written, layersFound: found)
    }

    package var stagedManifest: Descriptor? { staged?.image.descriptor }

    package func commit() throws -> PublishedImage {
        guard let staged else { preconditionFailure("a commit follows a stage") }
        try staged.change.commit([(staged.image.descriptor, names: staged.names.layoutNames)])
        return PublishedImage(
            location: location, imageID: staged.image.imageID, manifestDigest: staged.image.descriptor.digest,
            references: staged.names.references, layersWritten: staged.layersWritten,
            layersFound: staged.layersFound, bytesWritten: staged.change.bytesWritten)
    }

    package func takeBack() { staged?.change.takeBack() }
}
