// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto

/// An image that lies somewhere: in a layout, an archive or an engine. Nothing in it is believed.
package protocol ImageSource: AnyObject {
    var location: ImageLocation { get }
    /// All images there, in the order they are listed.
    func images() throws -> [StoredImage]
    /// The one that the location names, or the only one. Throws when there is none or more than one.
    func image() throws -> StoredImage
    /// The bytes of a layer as they are stored, compressed or not; nil where they cannot be had (an engine).
    func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)?
}

package struct StoredImage: Hashable, Sendable {
    package struct Layer: Hashable, Sendable {
        package let diffID: Digest
        /// Of the blob as it is stored; nil where that is not known (an engine).
        package let descriptor: Descriptor?
        /// What its history entry or annotation says made it.
        package let title: String
        /// Idents, when bio made it.
        package let packages: [String]

        package init(diffID: Digest, descriptor: Descriptor?, title: String, packages: [String]) {
            self.diffID = diffID
            self.descriptor = descriptor
            self.title = title
            self.packages = packages
        }
    }

    /// Nil where there is none (docker-archive, an engine).
    package let manifest: Descriptor?
    package let manifestAnnotations: Annotations
    /// SHA-256 of the configuration's bytes.
    package let imageID: Digest
    package let configuration: ImageConfiguration
    package let layers: [Layer]
    /// As stored, and as the place writes them: a layout's may be a bare tag.
    package let names: [String]
    /// Bytes of its layers as the place counts them, where it tells no layer's (an engine).
    package let countedSize: Int64?

    package init(
        manifest: Descriptor?, manifestAnnotations: Annotations = [:], imageID: Digest,
        configuration: ImageConfiguration, layers: [Layer], names: [String],
        countedSize: Int64? = nil
    ) {
        self.manifest = manifest
        self.manifestAnnotations = manifestAnnotations
        self.imageID = imageID
        self.configuration = configuration
        self.layers = layers
        self.names = names
        self.countedSize = countedSize
    }

    /// Bytes of its layers as they are stored; nil when that is not known.
    package var size: Int64? { LayerAmount(layers.map(\.descriptor?.size)).bytes ?? countedSize }
}
