// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioSystem

/// What a layout, in a directory or a tar, holds under one of its names.
package final class LayoutContents: ImageContents {
    package let location: ImageLocation
    private let place: any BlobPlace
    private let index: ImageIndex

    /// Of `oci:` and `oci-archive:`; nil for other locations.
    package init?(_ location: ImageLocation, cancellation: Cancellation = .never) throws {
        switch location {
        case .layout(let path, _):
            guard let status = try FileStatus.of(path) else { throw ImageError.nothingThere(path: path) }
            guard status.kind == .directory else {
                throw ImageError.notALayout(path: path, problem: "it is no directory")
            }
            place = LayoutBlobs(path, cancellation: cancellation)
        case .ociArchive(let path, _): place = ArchiveBlobs(try ImageArchive(path, cancellation: cancellation))
        case .dockerArchive, .engine, .registry: return nil
        }
        self.location = location
        index = try Self.index(at: place)
    }

    private static func index(at place: any BlobPlace) throws -> ImageIndex {
        guard let marker = try place.file(Layout.markerName, what: "layout file", limit: 4096) else {
            throw ImageError.notALayout(path: place.name, problem: "it has no file '\(Layout.markerName)'")
        }
        try Layout.check(marker: marker, place: place.name)
        guard let bytes = try place.file(Layout.indexName, what: "index", limit: ImageManifest.byteLimit) else {
            throw ImageError.notALayout(path: place.name, problem: "it has no file '\(Layout.indexName)'")
        }
        let index = try ImageIndex(parsing: bytes, place: place.name)
        guard index.manifests.count <= IndexedImages.entryLimit else {
            throw ImageError.tooMany(what: "entries", place: place.name, limit: IndexedImages.entryLimit)
        }
        return index
    }

    package func top() throws -> StoredDocument {
        let descriptor = try chosen()
        return StoredDocument(
            descriptor: Descriptor(mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.size),
            bytes: try document(descriptor))
    }

    package func named(_ name: String) throws -> StoredDocument? {
        let found = index.manifests.first { Self.names($0).contains { $0.utf8.elementsEqual(name.utf8) } }
        return try found.map { entry in
            StoredDocument(
                descriptor: Descriptor(mediaType: entry.mediaType, digest: entry.digest, size: entry.size),
                bytes: try document(entry))
        }
    }

    package func document(_ descriptor: Descriptor) throws -> [UInt8] {
        try place.document(descriptor, what: "manifest", limit: ImageManifest.byteLimit)
    }

    package func open(_ descriptor: Descriptor, at offset: Int64) throws -> any ByteSource {
        try place.open(descriptor, at: offset, isChecked: false)
    }

    /// Those that the layout lists by themselves.
    package func referrers(of digest: Digest) throws -> [Descriptor] {
        try index.manifests.filter { entry in
            guard entry.mediaType == .ociManifest, entry.digest != digest else { return false }
            return try ImageManifest(parsing: try document(entry), place: place.name).subject?.digest == digest
        }
    }

    // MARK: -

    /// What the location's name stands for, or the only image.
    private func chosen() throws -> Descriptor {
        var found: [Descriptor] = []
        for entry in index.manifests where isMeant(entry) && !found.contains(where: { $0.digest == entry.digest }) {
            found.append(entry)
        }
        if found.count == 1 { return found[0] }
        let names = index.manifests.flatMap(Self.names)
        guard found.isEmpty else { throw ImageError.severalImages(place: "\(location)", names: names) }
        guard let wanted = location.reference, !index.manifests.isEmpty else {
            throw ImageError.empty(place: "\(location)")
        }
        throw ImageError.noImage(place: "\(location)", wanted: wanted, names: names)
    }

    private func isMeant(_ entry: Descriptor) -> Bool {
        // What is said of an image is none.
        let names = Self.names(entry)
        guard let wanted = location.reference else {
            return entry.artifactType == nil && !names.contains(where: Self.isOfCosign)
        }
        if names.contains(where: { $0.utf8.elementsEqual(wanted.utf8) }) { return true }
        if let digest = try? Digest(parsing: wanted) { return digest == entry.digest }
        guard let reference = try? ImageReference(parsing: wanted) else { return false }
        if let digest = reference.digest, digest != entry.digest { return false }
        return reference.isMeant(byOneOf: names)
    }

    /// `sha256-….sig`: what cosign keeps of an image.
    private static func isOfCosign(_ name: String) -> Bool {
        name.utf8.count > 71 && name.hasPrefix("sha256-") && name.utf8.dropFirst(71).first == UInt8(ascii: ".")
    }

    private static func names(_ entry: Descriptor) -> [String] {
        [entry.annotations[Annotations.referenceName], entry.annotations[Annotations.containerdName]]
            .compactMap(\.self)
    }
}
