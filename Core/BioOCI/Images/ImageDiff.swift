// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument

/// What is different between two images, by their documents alone: no layer is read. Order, compression and blobs do not
/// count; what a container sees does.
package struct ImageDiff: Hashable, Sendable {
    /// A field of the configuration or of the manifest's annotations; nil where it is not set.
    package struct Field: Hashable, Sendable {
        /// `user`, `environment PATH`, `label org.opencontainers.image.title` …
        package let name: String
        package let old: DocumentValue?
        package let new: DocumentValue?
    }

    /// What became of one package, known as `origin/name`: idents that only the old image has, and only the new one.
    package struct Package: Hashable, Sendable {
        package let name: String
        package let old: [String]
        package let new: [String]
    }

    package enum Presence: String, Hashable, Sendable { case shared, old, new }

    package struct Layer: Hashable, Sendable {
        package let presence: Presence
        package let diffID: Digest
        package let title: String
        package let packages: [String]
        /// Bytes as stored in the old and in the new place; nil where it is not, or that is not known.
        package let oldSize: Int64?
        package let newSize: Int64?
    }

    package let configuration: [Field]
    package let packages: [Package]
    /// Bottom up: those of the new image, and before the layer that stands there now those that were there.
    package let layers: [Layer]
    /// The shared layers stand in another order.
    package let isReordered: Bool
    /// The image ids differ, and nothing that is compared here does: the rest of the configuration.
    package let hasOtherDifference: Bool

    package init(from old: StoredImage, to new: StoredImage) {
        configuration = ImageFields(old).changes(to: ImageFields(new))
        packages = Self.packages(old, new)
        let alignment = LayerAlignment(old.layers, new.layers)
        layers = alignment.rows
        isReordered = alignment.isReordered
        let isSame = configuration.isEmpty && !isReordered && layers.allSatisfy { $0.presence == .shared }
        hasOtherDifference = isSame && !Self.isOneID(old, new)
    }

    package var isEqual: Bool {
        configuration.isEmpty && packages.isEmpty && !isReordered && !hasOtherDifference
            && layers.allSatisfy { $0.presence == .shared }
    }

    package func amount(_ presence: Presence) -> LayerAmount {
        LayerAmount(layers.filter { $0.presence == presence }.map { presence == .old ? $0.oldSize : $0.newSize })
    }

    /// Some engines call an image by its manifest's digest.
    private static func isOneID(_ old: StoredImage, _ new: StoredImage) -> Bool {
        old.imageID == new.imageID || old.imageID == new.manifest?.digest || old.manifest?.digest == new.imageID
    }

    private static func packages(_ old: StoredImage, _ new: StoredImage) -> [Package] {
        // Not every place tells what is in a layer, and equal layers hold the same.
        var contents: [Digest: [String]] = [:]
        for layer in old.layers + new.layers where !layer.packages.isEmpty { contents[layer.diffID] = layer.packages }
        func idents(_ image: StoredImage) -> Set<String> {
            Set(image.layers.flatMap { contents[$0.diffID] ?? [] })
        }
        let (before, after) = (idents(old), idents(new))
        var changes: [String: (old: [String], new: [String])] = [:]
        for ident in before.subtracting(after) { changes[name(of: ident), default: ([], [])].old.append(ident) }
        for ident in after.subtracting(before) { changes[name(of: ident), default: ([], [])].new.append(ident) }
        return changes.keys.sorted(by: byBytes).map { name in
            Package(
                name: name, old: changes[name]?.old.sorted(by: byBytes) ?? [],
                new: changes[name]?.new.sorted(by: byBytes) ?? [])
        }
    }

    /// `origin/name`; an ident is a foreign image's word and may be anything.
    private static func name(of ident: String) -> String {
        ident.split(separator: "/", omittingEmptySubsequences: false).prefix(2).joined(separator: "/")
    }

    static func byBytes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// Two stacks of layers beside each other. A foreign image may have one layer several times.
private struct LayerAlignment {
    private(set) var rows: [ImageDiff.Layer] = []
    private(set) var isReordered = false
    private let old: [StoredImage.Layer]
    private var isShared: [Bool] = []
    /// The first old layer that has no row yet and is not passed over.
    private var next = 0

    init(_ old: [StoredImage.Layer], _ new: [StoredImage.Layer]) {
        self.old = old
        var wanted = new.reduce(into: [Digest: Int]()) { $0[$1.diffID, default: 0] += 1 }
        var places: [Digest: [Int]] = [:]
        for (index, layer) in old.enumerated() {
            let count = wanted[layer.diffID] ?? 0
            isShared.append(count > 0)
            if count == 0 { continue }
            wanted[layer.diffID] = count - 1
            places[layer.diffID, default: []].append(index)
        }
        // The first is taken first.
        places = places.mapValues { $0.reversed() }
        var last = -1
        for layer in new {
            if let place = places[layer.diffID]?.popLast() {
                passGone(upTo: place)
                next = max(next, place + 1)
                isReordered = isReordered || place < last
                last = place
                rows.append(.init(.shared, layer, old: old[place], new: layer))
            } else {
                passGone(upTo: isShared[next...].firstIndex(of: true) ?? old.count)
                rows.append(.init(.new, layer, old: nil, new: layer))
            }
        }
        passGone(upTo: old.count)
    }

    /// Rows for the layers below `place` that only the old image has.
    private mutating func passGone(upTo place: Int) {
        while next < place {
            if !isShared[next] { rows.append(.init(.old, old[next], old: old[next], new: nil)) }
            next += 1
        }
    }
}

extension ImageDiff.Layer {
    fileprivate init(
        _ presence: ImageDiff.Presence, _ layer: StoredImage.Layer, old: StoredImage.Layer?, new: StoredImage.Layer?
    ) {
        self.init(
            presence: presence, diffID: layer.diffID, title: layer.title, packages: layer.packages,
            oldSize: old?.descriptor?.size, newSize: new?.descriptor?.size)
    }
}

extension ImageDiff {
    /// `configuration`, `packages`, `layers`, and the amounts of the layers.
    package var document: DocumentObject {
        var object = DocumentObject()
        object.append(
            "configuration",
            .array(configuration.map { ["field": .string($0.name), "old": $0.old ?? .null, "new": $0.new ?? .null] }))
        object.append("other_configuration", .bool(hasOtherDifference))
        object.append(
            "packages",
            .array(
                packages.map { ["name": .string($0.name), "old": .strings($0.old), "new": .strings($0.new)] }))
        object.append("layers", .array(layers.map(\.document)))
        object.append("reordered", .bool(isReordered))
        object.append(
            "amounts",
            ["shared": amount(.shared).document, "old": amount(.old).document, "new": amount(.new).document])
        return object
    }
}

extension ImageDiff.Layer {
    fileprivate var document: DocumentValue {
        [
            "in": .string(presence.rawValue), "title": .string(title), "packages": .strings(packages),
            "diff_id": .string("\(diffID)"), "old_size": .optional(oldSize), "new_size": .optional(newSize),
        ]
    }
}
