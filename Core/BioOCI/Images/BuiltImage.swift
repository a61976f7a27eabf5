// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioSystem

/// An image whose layers are blobs in files, with the documents that name them.
package struct BuiltImage {
    /// Bottom up.
    package let layers: [LayerBlob]
    package let configuration: [UInt8]
    package let manifest: [UInt8]
    package let imageID: Digest
    /// What an index says of the manifest.
    package let descriptor: Descriptor

    /// A blob of the image, and where its bytes are.
    package struct Blob {
        package enum Content {
            case bytes([UInt8])
            case file(String)
        }

        package let digest: Digest
        package let size: Int64
        package let content: Content
        package let isLayer: Bool
    }

    /// Makes what `provider` has not got yet. `place` is for errors.
    package init(
        _ image: Image, _ format: ImageFormat, _ compression: Compression, layers provider: any LayerProvider,
        place: ImageLocation, cancellation: Cancellation
    ) throws {
        guard format.layer(compression) != nil else { throw ImageError.compression(compression, place: "\(place)") }
        try cancellation.check("make the image", "\(place)")
        layers = try provider.blobs(of: image.layers, compression)
        configuration = image.configuration(layers.map(\.facts)).bytes
        guard let manifest = image.manifest(format, configuration: configuration, blobs: layers) else {
            throw ImageError.compression(compression, place: "\(place)")
        }
        self.manifest = manifest.bytes
        imageID = manifest.configuration.digest
        descriptor = Descriptor(
            mediaType: format.manifest, digest: .sha256(of: self.manifest), size: Int64(self.manifest.count))
    }

    /// All blobs, every one once: manifest, configuration, the layers bottom up.
    package var blobs: [Blob] {
        var blobs = [(descriptor.digest, manifest), (imageID, configuration)].map { digest, bytes in
            Blob(digest: digest, size: Int64(bytes.count), content: .bytes(bytes), isLayer: false)
        }
        var seen: Set<Digest> = []
        for layer in layers where seen.insert(layer.digest).inserted {
            blobs.append(Blob(digest: layer.digest, size: layer.size, content: .file(layer.path), isLayer: true))
        }
        return blobs
    }
}
