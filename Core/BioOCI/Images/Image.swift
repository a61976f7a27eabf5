// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto

/// An image that is being exported: how it runs, its layers bottom up, its names. No byte of a layer need be there yet.
package struct Image: Sendable {
    package var platform: Platform
    package var process: ProcessConfiguration
    /// RFC 3339.
    package var created: String
    package var author: String?
    package var layers: [Layer]
    /// What it is to be called, the first first; may be empty.
    package var references: [ImageReference]
    /// Of the manifest.
    package var annotations: Annotations

    package init(
        platform: Platform, process: ProcessConfiguration, created: String, author: String? = nil, layers: [Layer],
        references: [ImageReference], annotations: Annotations = [:]
    ) {
        self.platform = platform
        self.process = process
        self.created = created
        self.author = author
        self.layers = layers
        self.references = references
        self.annotations = annotations
    }

    /// The configuration once all layers' facts are known, in the order of `layers`.
    package func configuration(_ facts: [LayerFacts]) -> ImageConfiguration {
        ImageConfiguration(
            created: created, author: author, platform: platform, process: process, diffIDs: facts.map(\.diffID),
            history: layers.map {
                .init(
                    created: created, createdBy: Self.maker + $0.title,
                    comment: $0.packages.isEmpty || $0.packages == [$0.title]
                        ? nil : $0.packages.joined(separator: " "))
            })
    }

    /// What history entries begin with; the title of the layer follows. The idents in it are the comment, where they are
    /// not the title.
    package static let maker = "bio: "

    /// The manifest once all layers are blobs; nil when `format` has no media type for one's compression.
    package func manifest(
        _ format: ImageFormat, configuration: [UInt8], blobs: [LayerBlob]
    ) -> ImageManifest? {
        var descriptors: [Descriptor] = []
        for (layer, blob) in zip(layers, blobs) {
            guard let mediaType = format.layer(blob.compression) else { return nil }
            var annotations: Annotations = [:]
            if format == .oci, !layer.packages.isEmpty {
                annotations[Annotations.packages] = layer.packages.joined(separator: " ")
            }
            descriptors.append(
                Descriptor(mediaType: mediaType, digest: blob.digest, size: blob.size, annotations: annotations))
        }
        return ImageManifest(
            format: format,
            configuration: Descriptor(
                mediaType: format.configuration, digest: .sha256(of: configuration), size: Int64(configuration.count)),
            layers: descriptors, annotations: format == .oci ? annotations : [:])
    }
}

/// What gives destinations the bytes of layers. Everything it gives is made once for an export, from the cache if it is
/// there, however many destinations want it.
package protocol LayerProvider: AnyObject {
    /// What is known of the layer without making it; nil: nothing.
    func knownFacts(of layer: Layer) throws -> LayerFacts?
    /// The layer as a blob in a file, made if need be.
    func blob(of layer: Layer, _ compression: Compression) throws -> LayerBlob
    /// All of them, in their order. What has to be made is made several at a time, so this is faster than one by one.
    func blobs(of layers: [Layer], _ compression: Compression) throws -> [LayerBlob]
    /// Makes the uncompressed tar into `sink`, and remembers what was learned of it.
    func writePlain<Sink: ByteSink & ~Copyable>(_ layer: Layer, into sink: consuming Sink) throws -> LayerFacts
    /// The exact length of the uncompressed tar, from its members alone: no file is opened.
    func plainSize(of layer: Layer) throws -> Int64
    /// Where what was given of the layer came from; nil: nothing of it was, or nobody knows.
    func origin(of layer: Layer) -> LayerMaker.Origin?
}

extension LayerProvider {
    package func origin(of layer: Layer) -> LayerMaker.Origin? { nil }
}
