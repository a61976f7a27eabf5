// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioDocument
package import BioOCI
import BioSystem

/// Images that lie nowhere.
package final class MemoryImages: ImageSource {
    /// What a layer of such an image is made of.
    package struct Layer {
        package var title: String
        package var packages: [String]
        package var tar: [UInt8]
        /// As it is stored; nil: as an engine has it.
        package var stored: [UInt8]?

        package init(_ title: String, packages: [String] = [], tar: [UInt8], stored: [UInt8]? = nil) {
            self.title = title
            self.packages = packages
            self.tar = tar
            self.stored = stored ?? tar
        }
    }

    package let location: ImageLocation
    private let all: [StoredImage]
    private var blobs: [Digest: [UInt8]] = [:]

    package init(_ location: ImageLocation, _ images: [StoredImage], layers: [Layer] = []) {
        self.location = location
        all = images
        for layer in layers { blobs[.sha256(of: layer.tar)] = layer.stored }
    }

    /// One image of these layers.
    package convenience init(
        _ name: String, layers: [Layer], process: ProcessConfiguration = ProcessConfiguration(),
        created: String? = "2026-01-01T00:00:00Z", annotations: Annotations = [:]
    ) {
        let image = Self.image(name, layers: layers, process: process, created: created, annotations: annotations)
        self.init(.layout(path: "images", reference: name), [image], layers: layers)
    }

    package static func image(
        _ name: String, layers: [Layer], process: ProcessConfiguration = ProcessConfiguration(),
        created: String? = "2026-01-01T00:00:00Z", annotations: Annotations = [:]
    ) -> StoredImage {
        let configuration = ImageConfiguration(
            created: created, platform: Platform(os: "linux", architecture: "amd64"), process: process,
            diffIDs: layers.map { .sha256(of: $0.tar) },
            history: layers.map { .init(created: created, createdBy: $0.title) })
        let manifest = ImageManifest(
            format: .oci,
            configuration: Descriptor(
                mediaType: .ociConfiguration, digest: .sha256(of: configuration.bytes),
                size: Int64(configuration.bytes.count)),
            layers: layers.map(descriptor), annotations: annotations)
        return StoredImage(
            manifest: Descriptor(
                mediaType: .ociManifest, digest: .sha256(of: manifest.bytes), size: Int64(manifest.bytes.count)),
            manifestAnnotations: annotations, imageID: .sha256(of: configuration.bytes), configuration: configuration,
            layers: layers.map { layer in
                StoredImage.Layer(
                    diffID: .sha256(of: layer.tar), descriptor: layer.stored.map { _ in descriptor(layer) },
                    title: layer.title, packages: layer.packages)
            }, names: [name])
    }

    private static func descriptor(_ layer: Layer) -> Descriptor {
        let stored = layer.stored ?? layer.tar
        return Descriptor(mediaType: .ociLayer, digest: .sha256(of: stored), size: Int64(stored.count))
    }

    package func images() throws -> [StoredImage] { all }
    package func image() throws -> StoredImage { all[0] }

    package func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)? {
        blobs[layer.diffID].map { MemorySource($0) }
    }
}

// MARK: - On disk

extension MemoryImages {
    /// An image of a layout, by its name there.
    package struct Named {
        package var name: String
        package var layers: [Layer]
        package var process: ProcessConfiguration

        package init(_ name: String, layers: [Layer], process: ProcessConfiguration = ProcessConfiguration()) {
            self.name = name
            self.layers = layers
            self.process = process
        }
    }

    /// Writes an OCI layout by hand: nothing of what is tested has a part in it. `titles` go where other builders have
    /// them, into the history; idents into annotations, as bio has them.
    package static func writeLayout(_ images: [Named], to directory: String) throws {
        for folder in ["", "/blobs", "/blobs/sha256"] { try Directory.create(directory + folder) }
        try AtomicFile.write(Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), to: "\(directory)/oci-layout")
        func put(_ bytes: [UInt8], _ mediaType: MediaType) throws -> Descriptor {
            let digest = Digest.sha256(of: bytes)
            try AtomicFile.write(bytes, to: "\(directory)/blobs/sha256/\(digest.hex)")
            return Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count))
        }
        var entries: [Descriptor] = []
        for named in images {
            let image = image(named.name, layers: named.layers, process: named.process)
            var layers: [Descriptor] = []
            for layer in named.layers {
                var blob = try put(layer.stored ?? layer.tar, .ociLayer)
                if !layer.packages.isEmpty {
                    blob.annotations[Annotations.packages] = layer.packages.joined(separator: " ")
                }
                layers.append(blob)
            }
            let manifest = ImageManifest(
                format: .oci, configuration: try put(image.configuration.bytes, .ociConfiguration), layers: layers)
            var entry = try put(manifest.bytes, .ociManifest)
            entry.annotations[Annotations.referenceName] = named.name
            entries.append(entry)
        }
        try AtomicFile.write(ImageIndex(format: .oci, manifests: entries).bytes, to: "\(directory)/index.json")
    }
}
