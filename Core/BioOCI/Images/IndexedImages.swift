// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument

/// Reads the images that an index lists, and those of the indices in it. What others may put there has bounds: images,
/// depth, and the bytes of all documents together.
struct IndexedImages {
    static let imageLimit = 1000
    static let depthLimit = 4
    static let documentLimit = 64 << 20
    /// Entries of all indices together; images have several names.
    static let entryLimit = 10_000

    /// What an index lists.
    struct Listed {
        /// In the order in which they are listed, every one once with all its names.
        let images: [StoredImage]
        let others: [Other]
    }

    /// An entry that cannot be followed, as its digest is not SHA-256.
    struct Other {
        let digest: String
        let names: [String]

        func isNamed(_ wanted: String) -> Bool {
            if (names + [digest]).contains(where: { $0.utf8.elementsEqual(wanted.utf8) }) { return true }
            guard let reference = try? ImageReference(parsing: wanted), reference.digest == nil else { return false }
            return reference.isMeant(byOneOf: names)
        }
    }

    private let place: any BlobPlace
    private var others: [Other] = []
    private var images: [(image: StoredImage, names: [String])] = []
    /// Where a manifest stands in `images`.
    private var known: [Digest: Int] = [:]
    private var indices: Set<Digest> = []
    private var bytesRead = 0
    private var entriesRead = 0

    private init(_ place: any BlobPlace) { self.place = place }

    /// All images of a layout.
    static func all(at place: any BlobPlace) throws -> Listed {
        guard let marker = try place.file(Layout.markerName, what: "layout file", limit: 4096) else {
            throw ImageError.notALayout(path: place.name, problem: "it has no file '\(Layout.markerName)'")
        }
        try Layout.check(marker: marker, place: place.name)
        let limit = ImageManifest.byteLimit
        guard let bytes = try place.file(Layout.indexName, what: "index", limit: limit) else {
            throw ImageError.notALayout(path: place.name, problem: "it has no file '\(Layout.indexName)'")
        }
        var reading = IndexedImages(place)
        try reading.read(try ImageIndex(parsing: bytes, place: place.name), names: [], depth: 0)
        return Listed(images: reading.images.map { $0.image.named($0.names) }, others: reading.others)
    }

    private mutating func read(_ index: ImageIndex, names: [String], depth: Int) throws {
        entriesRead += index.manifests.count + index.others.count
        if entriesRead > Self.entryLimit {
            throw ImageError.tooMany(what: "entries", place: place.name, limit: Self.entryLimit)
        }
        for descriptor in index.manifests {
            let names = names + Self.names(descriptor.annotations)
            if descriptor.mediaType.isIndex {
                try readIndex(descriptor, names: names, depth: depth + 1)
            } else if descriptor.mediaType.isManifest, descriptor.isOfImage {
                try readImage(descriptor, names: names)
            }
        }
        for entry in index.others {
            let annotations = entry["annotations"].flatMap { Annotations($0) } ?? [:]
            others.append(Other(digest: entry["digest"]?.string ?? "", names: names + Self.names(annotations)))
        }
    }

    private mutating func readIndex(_ descriptor: Descriptor, names: [String], depth: Int) throws {
        // Once is enough, unless it has a name of its own there.
        guard indices.insert(descriptor.digest).inserted || !names.isEmpty else { return }
        if depth > Self.depthLimit {
            throw ImageError.tooMany(what: "indices inside each other", place: place.name, limit: Self.depthLimit)
        }
        let bytes = try document(descriptor, what: "index", limit: ImageManifest.byteLimit)
        try read(try ImageIndex(parsing: bytes, place: place.name), names: names, depth: depth)
    }

    private mutating func readImage(_ descriptor: Descriptor, names: [String]) throws {
        if let position = known[descriptor.digest] {
            let fresh = names.filter { name in !images[position].names.contains { $0.utf8.elementsEqual(name.utf8) } }
            images[position].names += fresh
            return
        }
        if images.count == Self.imageLimit {
            throw ImageError.tooMany(what: "images", place: place.name, limit: Self.imageLimit)
        }
        let bytes = try document(descriptor, what: "manifest", limit: ImageManifest.byteLimit)
        let image = try StoredImage(descriptor, manifest: bytes, names: [], place: place.name) {
            try document($0, what: "configuration", limit: ImageConfiguration.byteLimit)
        }
        guard let image else { return }
        known[descriptor.digest] = images.count
        images.append((image, names))
    }

    private mutating func document(_ descriptor: Descriptor, what: String, limit: Int) throws -> [UInt8] {
        let bytes = try place.document(descriptor, what: what, limit: limit)
        bytesRead += bytes.count
        if bytesRead > Self.documentLimit {
            throw ImageError.tooLarge(what: "documents", place: place.name, limit: Self.documentLimit)
        }
        return bytes
    }

    /// A bare tag is not the whole name: the other one comes too, when there is one.
    private static func names(_ annotations: Annotations) -> [String] {
        let name = annotations[Annotations.referenceName]
        let full = annotations[Annotations.containerdName]
        return [name, full].compactMap(\.self).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension StoredImage {
    fileprivate func named(_ names: [String]) -> StoredImage {
        StoredImage(
            manifest: manifest, manifestAnnotations: manifestAnnotations, imageID: imageID,
            configuration: configuration, layers: layers, names: names)
    }
}
