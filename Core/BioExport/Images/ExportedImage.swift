// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto
import BioDocument
package import BioOCI

/// An image that an export made: what the report tells of it (docs/reference/export-report.md).
package struct ExportedImage: Sendable {
    package struct Layer: Hashable, Sendable {
        package let title: String
        /// Idents, in layer order; empty for a root file system.
        package let packages: [String]
        /// Bytes of its files.
        package let contentSize: Int64
        package let facts: LayerFacts
        /// As places keep it; nil when none does.
        package let blob: LayerBlob?
        let isCached: Bool
    }

    /// SHA-256 of the configuration.
    package let id: Digest
    package let created: String
    package let platform: Platform
    /// Those of the user's first place, which may have brought its own.
    package let references: [ImageReference]
    /// Bottom up.
    package let layers: [Layer]
    /// In the order of the user's places.
    package let places: [PublishedImage]

    /// With `compression` its layers are known as blobs.
    init(
        _ image: Image, layers: any LayerProvider, _ compression: Compression?, published: [PublishedImage]
    ) throws {
        let blobs = try compression.map { try layers.blobs(of: image.layers, $0) }
        var made: [Layer] = []
        for (index, layer) in image.layers.enumerated() {
            guard let facts = try layers.knownFacts(of: layer) else {
                preconditionFailure("a layer of a published image is known")
            }
            made.append(
                Layer(
                    title: layer.title, packages: layer.packages, contentSize: layer.contentSize, facts: facts,
                    blob: blobs?[index], isCached: layers.origin(of: layer) == .cached))
        }
        self.layers = made
        id = .sha256(of: image.configuration(made.map(\.facts)).bytes)
        created = image.created
        platform = image.platform
        references = published.first?.references ?? image.references
        places = published
    }

    /// Where the bytes of the image are, beside an image that was made before. `packages` are those of the job.
    package func sizes(_ packages: [ExportPackage], against previous: StoredImage?) -> SizeReport {
        let sizes = Dictionary(
            packages.map { ("\($0.ident)", Int64(clamping: $0.installedSize)) }, uniquingKeysWith: { first, _ in first }
        )
        return SizeReport(
            layers: layers.map { layer in
                SizeReport.Layer(
                    title: layer.title,
                    packages: layer.packages.map { .init(ident: $0, filesSize: sizes[$0] ?? 0) },
                    filesSize: layer.contentSize, facts: layer.facts, blobSize: layer.blob?.size,
                    origin: layer.isCached ? .cached : .made)
            }, previous: previous)
    }

    var document: DocumentValue {
        [
            "id": .string("\(id)"),
            "created": .string(created),
            "platform": .string("\(platform)"),
            "references": .strings(references.map { "\($0)" }),
            "layers": .array(layers.map(Self.document)),
            "places": .array(places.map(Self.document)),
        ]
    }

    private static func document(_ layer: Layer) -> DocumentValue {
        [
            "title": .string(layer.title), "packages": .strings(layer.packages),
            "files_size": .integer(layer.contentSize), "diff_id": .string("\(layer.facts.diffID)"),
            "tar_size": .integer(layer.facts.size), "digest": .optional(layer.blob.map { "\($0.digest)" }),
            "blob_size": layer.blob.map { .integer($0.size) } ?? .null,
        ]
    }

    private static func document(_ place: PublishedImage) -> DocumentValue {
        [
            "location": .string("\(place.location)"),
            "manifest_digest": .optional(place.manifestDigest.map { "\($0)" }),
            "digest_reference": .optional(place.digestReference.map { "\($0)" }),
            "references": .strings(place.references.map { "\($0)" }),
            "layers_written": .integer(Int64(place.layersWritten)),
            "layers_found": .integer(Int64(place.layersFound)),
            "layers_mounted": .integer(Int64(place.layersMounted)),
            "bytes_written": .integer(place.bytesWritten),
            "referrers": .array(
                place.referrers.map { referrer in
                    [
                        "artifact_type": .string(referrer.artifactType),
                        "digest_reference": .optional(place.reference(to: referrer.digest).map { "\($0)" }),
                    ]
                }),
        ]
    }

    /// The lines that upstream writes, first in the file for shells: `id`, `name`, `tags`, `name_tags`.
    var environment: [(key: String, value: String)] {
        let tagged = references.filter { $0.tag != nil }
        return [
            ("id", String(id.hex.prefix(12))), ("name", references.first?.name ?? ""),
            ("tags", tagged.compactMap(\.tag).joined(separator: ",")),
            ("name_tags", tagged.map { "\($0)" }.joined(separator: ",")),
        ]
    }
}
