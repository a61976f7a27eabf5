// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// Names and values of an image, a manifest or a descriptor, by name bytes; no name twice.
package struct Annotations: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Pair: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package private(set) var pairs: [Pair] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    package var isEmpty: Bool { pairs.isEmpty }

    package subscript(_ name: String) -> String? {
        get { pairs.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }
        set {
            let place =
                pairs.firstIndex { !$0.name.utf8.lexicographicallyPrecedes(name.utf8) } ?? pairs.endIndex
            if place < pairs.endIndex, pairs[place].name.utf8.elementsEqual(name.utf8) { pairs.remove(at: place) }
            if let newValue { pairs.insert(Pair(name: name, value: newValue), at: place) }
        }
    }

    /// An object, its names in byte order.
    package var document: DocumentValue {
        var object = DocumentObject()
        for pair in pairs { object.append(pair.name, .string(pair.value)) }
        return .object(object)
    }

    /// Reads an object of strings; nil when it is none.
    package init?(_ document: DocumentValue) {
        guard let object = document.object else { return nil }
        for member in object.members {
            guard let text = member.value.string else { return nil }
            pairs.append(Pair(name: member.key, value: text))
        }
        // Once: a foreign document may have a hundred thousand of them. No key is there twice.
        pairs.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

extension Annotations {
    /// Ours: the idents of the packages in a layer, separated by spaces, on the layer's descriptor.
    package static let packages = "org.biome.packages"
    /// What containerd calls an image after an import.
    package static let containerdName = "io.containerd.image.name"
    package static let referenceName = "org.opencontainers.image.ref.name"
}
