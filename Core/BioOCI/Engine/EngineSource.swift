// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioDocument

/// The images of a Docker engine. It tells everything about them but the bytes of their layers.
package final class EngineSource: ImageSource {
    package let location: ImageLocation
    private let engine: DockerEngine
    private let name: String?

    /// With a name, or an id, the source's image is that one.
    package init(_ engine: DockerEngine, name: String? = nil) {
        self.engine = engine
        self.name = name
        location = .engine(reference: name)
    }

    package func images() throws -> [StoredImage] {
        var seen: Set<Digest> = []
        return try engine.images().filter { seen.insert($0.id).inserted }.compactMap { try stored("\($0.id)") }
    }

    package func image() throws -> StoredImage {
        if let name {
            if let found = try stored(name) { return found }
            throw EngineError.noImage(name: name, known: try knownNames())
        }
        let all = try engine.images()
        guard all.count == 1, let only = try stored("\(all[0].id)") else {
            throw EngineError.unnamed(count: all.count, known: try knownNames())
        }
        return only
    }

    /// Engines give whole images only.
    package func openLayer(_ layer: StoredImage.Layer) -> (any ByteSource)? { nil }

    private func knownNames() throws -> [String] { try engine.images().flatMap(\.names) }

    /// Nil when it is gone meanwhile.
    private func stored(_ name: String) throws -> StoredImage? {
        guard let image = try engine.image(name) else { return nil }
        let steps = try engine.history(of: "\(image.id)", layers: image.diffIDs.count)
        let configuration = try configuration(of: image, history: steps)
        return StoredImage(
            manifest: nil, imageID: image.id, configuration: configuration,
            layers: StoredImage.layers(of: configuration, descriptors: []),
            names: image.names, countedSize: image.document["Size"]?.int.map(Int64.init))
    }

    /// The description has the members of the configuration, under other names.
    private func configuration(
        of image: EngineImage, history: [ImageConfiguration.History]
    ) throws -> ImageConfiguration {
        let reading = DocumentReading(what: "description", place: "\(location)")
        let document = image.document
        let os = try reading.string(document, "Os")
        let architecture = try reading.string(document, "Architecture")
        let variant = try reading.optionalString(document, "Variant").flatMap { $0.isEmpty ? nil : $0 }
        let author = try reading.optionalString(document, "Author").flatMap { $0.isEmpty ? nil : $0 }
        let config = document["Config"].flatMap { $0 == .null ? nil : $0 } ?? .object(DocumentObject())
        return ImageConfiguration(
            created: try reading.optionalString(document, "Created"), author: author,
            platform: Platform(os: os, architecture: architecture, variant: variant),
            process: try ProcessConfiguration(config, reading), diffIDs: image.diffIDs, history: history)
    }
}
