// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// The list of a layout's images that is being changed: what others wrote into it stays as they wrote it.
struct LayoutIndex: Equatable {
    private var document: DocumentObject
    private var manifests: [DocumentValue]

    /// Of a new layout.
    init() {
        document = ImageIndex(format: .oci, manifests: []).document.object ?? DocumentObject()
        manifests = []
    }

    /// `place` is for errors.
    init(parsing bytes: [UInt8], place: String) throws(ImageError) {
        _ = try ImageIndex(parsing: bytes, place: place)
        let reading = DocumentReading(what: "index", place: place)
        document = try reading.document(bytes).object ?? DocumentObject()
        manifests = document["manifests"]?.array ?? []
    }

    var bytes: [UInt8] {
        var changed = document
        changed["manifests"] = .array(manifests)
        return DocumentValue.object(changed).jsonBytes(.compact)
    }

    /// Lists the image under each of `names`, or once without one; no other image keeps such a name.
    mutating func set(_ image: Descriptor, names: [LayoutName]) {
        var wanted = names.map { name in
            var descriptor = image
            descriptor.annotations[Annotations.containerdName] = name.fullName
            descriptor.annotations[Annotations.referenceName] = name.name
            return descriptor.document
        }
        if names.isEmpty { wanted = [image.document] }
        let taken = Set(names.map { Array($0.name.utf8) })
        manifests.removeAll { entry in
            guard !wanted.contains(entry) else { return false }
            return Self.name(of: entry).map { taken.contains(Array($0.utf8)) } ?? false
        }
        for entry in wanted where !manifests.contains(entry) { manifests.append(entry) }
    }

    private static func name(of entry: DocumentValue) -> String? {
        entry["annotations"]?[Annotations.referenceName]?.string
    }
}
