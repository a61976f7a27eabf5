// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// Where the bytes of an exported image are, layer by layer and package by package, and what of it an image that was
/// made before has already.
package struct SizeReport: Hashable, Sendable {
    package struct Package: Hashable, Sendable {
        package let ident: String
        /// Bytes of its files.
        package let filesSize: Int64

        package init(ident: String, filesSize: Int64) {
            self.ident = ident
            self.filesSize = filesSize
        }
    }

    /// Where a layer came from.
    package enum Origin: String, Hashable, Sendable {
        /// It was there from an export before.
        case cached
        case made
    }

    package struct Layer: Hashable, Sendable {
        package let title: String
        package let packages: [Package]
        /// Bytes of all files in it.
        package let filesSize: Int64
        package let facts: LayerFacts
        /// Bytes as they are stored or sent; nil when no destination stores it.
        package let blobSize: Int64?
        package let origin: Origin

        package init(
            title: String, packages: [Package], filesSize: Int64, facts: LayerFacts, blobSize: Int64?, origin: Origin
        ) {
            self.title = title
            self.packages = packages
            self.filesSize = filesSize
            self.facts = facts
            self.blobSize = blobSize
            self.origin = origin
        }

        /// What moves it costs: the blob, or the tar where there is none.
        package var transferSize: Int64 { blobSize ?? facts.size }
    }

    /// Against the previous image, by diff id: a layer that is compressed otherwise is the same layer.
    package struct Comparison: Hashable, Sendable {
        package let shared: LayerAmount
        package let new: LayerAmount
        package let gone: LayerAmount
    }

    /// Bottom up.
    package let layers: [Layer]
    package let comparison: Comparison?
    /// The places in `layers` of those that the previous image lacks; nil without one.
    package let newLayers: Set<Int>?

    package init(layers: [Layer], previous: StoredImage? = nil) {
        self.layers = layers
        guard let previous else {
            comparison = nil
            newLayers = nil
            return
        }
        let known = Set(previous.layers.map(\.diffID))
        let mine = Set(layers.map(\.facts.diffID))
        let new = layers.indices.filter { !known.contains(layers[$0].facts.diffID) }
        comparison = Comparison(
            shared: LayerAmount(layers.filter { known.contains($0.facts.diffID) }.map(\.transferSize)),
            new: LayerAmount(new.map { layers[$0].transferSize }),
            gone: LayerAmount(previous.layers.filter { !mine.contains($0.diffID) }.map(\.descriptor?.size)))
        newLayers = Set(new)
    }

    package var filesSize: Int64 { layers.reduce(0) { $0 + $1.filesSize } }
    package var tarSize: Int64 { layers.reduce(0) { $0 + $1.facts.size } }
    package var transferSize: Int64 { layers.reduce(0) { $0 + $1.transferSize } }
}

/// Layers counted, and their bytes together; nil when one's are not known.
package struct LayerAmount: Hashable, Sendable {
    package let layers: Int
    package let bytes: Int64?

    package init(_ sizes: [Int64?]) {
        layers = sizes.count
        // Sizes of foreign images are anybody's words: they must not overflow.
        bytes = sizes.reduce(.some(0)) { sum, size in
            guard let sum, let size else { return nil }
            let (total, overflows) = sum.addingReportingOverflow(size)
            return overflows ? nil : total
        }
    }

    package var document: DocumentValue { ["layers": .integer(layers), "bytes": .optional(bytes)] }
}

extension SizeReport {
    /// For reports: members `layers`, `files_size`, `tar_size`, `transfer_size`, and `comparison` or null.
    package var document: DocumentValue {
        [
            "layers": .array(layers.indices.map(document)),
            "files_size": .integer(filesSize), "tar_size": .integer(tarSize), "transfer_size": .integer(transferSize),
            "comparison": comparison.map { comparison in
                [
                    "shared": comparison.shared.document, "new": comparison.new.document,
                    "gone": comparison.gone.document,
                ]
            } ?? .null,
        ]
    }

    private func document(of index: Int) -> DocumentValue {
        let layer = layers[index]
        return [
            "title": .string(layer.title),
            "packages": .array(
                layer.packages.map { ["ident": .string($0.ident), "files_size": .integer($0.filesSize)] }),
            "diff_id": .string("\(layer.facts.diffID)"), "files_size": .integer(layer.filesSize),
            "tar_size": .integer(layer.facts.size), "blob_size": .optional(layer.blobSize),
            "origin": .string(layer.origin.rawValue),
            "new": newLayers.map { .bool($0.contains(index)) } ?? .null,
        ]
    }
}

extension DocumentValue {
    /// The number, or null for nil.
    static func optional(_ value: Int64?) -> DocumentValue { value.map { .integer($0) } ?? .null }
}
