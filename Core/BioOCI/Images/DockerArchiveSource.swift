// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem

/// The images of what `docker save` writes, and others who write the same: `docker-archive:FILE[:REF]`. The archive must
/// not be compressed as a whole; its layers may be.
package final class DockerArchiveSource: ImageSource {
    package let location: ImageLocation
    private let archive: ImageArchive
    private var found: [StoredImage]?
    /// Where the layers lie, by their blobs' digests.
    private var members: [Digest: TarCatalog.Entry] = [:]

    package init(path: String, reference: String?, cancellation: Cancellation = .never) throws {
        location = .dockerArchive(path: path, reference: reference)
        archive = try ImageArchive(path, cancellation: cancellation)
    }

    package func images() throws -> [StoredImage] {
        if let found { return found }
        let name = DockerArchiveList.name
        guard let bytes = try archive.file(name, what: "list of images", limit: DockerArchiveList.byteLimit) else {
            throw ImageError.notAnArchive(path: archive.path, problem: "it has no member '\(name)'")
        }
        let entries = try DockerArchiveList.entries(parsing: bytes, place: archive.path)
        if entries.count > IndexedImages.imageLimit {
            throw ImageError.tooMany(what: "images", place: archive.path, limit: IndexedImages.imageLimit)
        }
        var rest = IndexedImages.documentLimit
        let images = try entries.map { try image($0, rest: &rest) }
        found = images
        return images
    }

    package func image() throws -> StoredImage {
        try StoredImage.choose(location.reference, from: try images(), place: "\(location)")
    }

    package func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)? {
        _ = try images()
        guard let digest = layer.descriptor?.digest, let entry = members[digest] else { return nil }
        return try archive.open(entry, digest: digest)
    }

    // MARK: -

    /// `rest` is what all documents together may still have.
    private func image(_ entry: DockerArchiveList.Entry, rest: inout Int) throws -> StoredImage {
        let limit = ImageConfiguration.byteLimit
        guard let bytes = try archive.file(entry.configuration, what: "configuration", limit: limit) else {
            throw ImageError.memberMissing(name: entry.configuration, place: archive.path)
        }
        rest -= bytes.count
        if rest < 0 {
            throw ImageError.tooLarge(
                what: "documents", place: archive.path, limit: IndexedImages.documentLimit)
        }
        let imageID = Digest.sha256(of: bytes)
        if let named = Self.digest(inName: entry.configuration), named != imageID {
            throw ImageError.blobDigest(expected: named, computed: imageID, place: archive.path)
        }
        let configuration = try ImageConfiguration(parsing: bytes, place: archive.path)
        guard configuration.diffIDs.count == entry.layers.count else {
            throw ImageError.malformed(
                what: "list of images", place: archive.path,
                problem: "it has \(entry.layers.count) layers, and its configuration \(configuration.diffIDs.count)")
        }
        let descriptors = try zip(entry.layers, configuration.diffIDs).map { try descriptor($0, diffID: $1) }
        return StoredImage(
            manifest: nil, imageID: imageID, configuration: configuration,
            layers: StoredImage.layers(of: configuration, descriptors: descriptors), names: entry.names)
    }

    private func descriptor(_ name: String, diffID: Digest) throws -> Descriptor {
        guard let entry = try archive.linkedEntry(name) else {
            throw ImageError.memberMissing(name: name, place: archive.path)
        }
        guard let mark = CompressionMark(try archive.start(entry, count: 6)) else {
            members[diffID] = entry
            return Descriptor(mediaType: .dockerLayer, digest: diffID, size: entry.size)
        }
        // Only reading it tells, unless it is named by it; then reading it checks the name.
        let digest = try Self.digest(inName: name, of: "blobs/sha256/") ?? digest(of: entry)
        members[digest] = entry
        return Descriptor(mediaType: mark.layer, digest: digest, size: entry.size)
    }

    /// Images share layers; each is read once.
    private func digest(of entry: TarCatalog.Entry) throws -> Digest {
        if let known = members.first(where: { $0.value.offset == entry.offset }) { return known.key }
        return try archive.digest(of: entry)
    }

    /// Of `HEX.json` and `blobs/sha256/HEX`.
    private static func digest(inName name: String, of folder: String? = nil) -> Digest? {
        for (start, end) in [("blobs/sha256/", ""), ("", ".json")] where folder == nil || folder == start {
            if name.hasPrefix(start), name.hasSuffix(end),
                let digest = Digest(.sha256, hex: name.dropFirst(start.count).dropLast(end.count))
            {
                return digest
            }
        }
        return nil
    }
}
