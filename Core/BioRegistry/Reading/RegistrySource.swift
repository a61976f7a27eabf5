// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioOCI

/// The images of a repository: `docker://REGISTRY/REPO[:TAG][@DIGEST]`. One thread at a time.
package final class RegistrySource: ImageSource {
    package let location: ImageLocation
    package let client: RegistryClient
    package let repository: Repository
    private let reference: ImageReference
    private let platform: Platform
    private let isPlatformChosen: Bool
    private weak var unfinished: BlobDownload?

    /// Tags whose images are read; each takes two requests.
    private static let imageLimit = 1000

    /// - Parameters:
    ///   - platform: which image of a tag with several is meant.
    ///   - isPlatformChosen: false: where a tag has but one image, for another platform, that one will do.
    package init(
        _ reference: ImageReference, _ session: RegistrySession, platform: Platform, isPlatformChosen: Bool = false
    ) {
        self.reference = reference
        self.platform = platform
        self.isPlatformChosen = isPlatformChosen
        location = .registry(reference)
        repository = Repository(of: reference)
        client = RegistryClient(session)
    }

    /// Of a reference with a tag or digest its one image; else those of all tags, for the platform, each once with all its
    /// names. What is no image is left out.
    package func images() throws -> [StoredImage] {
        guard reference.tag == nil, reference.digest == nil else { return [try image()] }
        guard let tags = try client.tags(of: repository) else {
            throw RegistryError.missing(what: "repository", place: "\(location)")
        }
        guard tags.count <= Self.imageLimit else {
            throw ImageError.tooMany(what: "tags", place: "\(location)", limit: Self.imageLimit)
        }
        var reading = TagReading(self)
        return try reading.images(of: tags)
    }

    package func image() throws -> StoredImage {
        let name = ManifestName(of: reference)
        guard let found = try client.manifest(name, of: repository) else {
            throw RegistryError.missing(what: "image '\(name)'", place: "\(repository)")
        }
        let manifest = try chosen(from: found, depth: 0)
        guard let image = try stored(manifest, names: ["\(reference)"]) else {
            throw RegistryError.missing(what: "image, but an artifact,", place: "\(location)")
        }
        let own = image.configuration.platform
        if isPlatformChosen, own.os != platform.os || own.architecture != platform.architecture {
            throw RegistryError.noPlatform(place: "\(location)", wanted: "\(platform)", known: ["\(own)"])
        }
        return image
    }

    package func openLayer(_ layer: StoredImage.Layer) throws -> (any ByteSource)? {
        guard let descriptor = layer.descriptor else { return nil }
        // What is not read to its end would come all the same, while another blob is read by the same client.
        let isBusy = unfinished?.isOver == false
        let download = try (isBusy ? RegistryClient(client.session) : client).blob(descriptor, of: repository)
        unfinished = download
        return download
    }

    /// The image's manifest, as it is or out of an index.
    func chosen(from found: FetchedManifest, depth: Int) throws -> FetchedManifest {
        guard found.descriptor.mediaType.isIndex else { return found }
        guard depth < Self.depthLimit else {
            throw ImageError.tooMany(what: "indices inside each other", place: "\(location)", limit: Self.depthLimit)
        }
        let index = try ImageIndex(parsing: found.bytes, place: "\(location)")
        let entry = try choose(index.manifests.filter { $0.isOfImage || $0.mediaType.isIndex })
        guard let next = try client.manifest(.digest(entry.digest), of: repository) else {
            throw RegistryError.missing(what: "manifest \(entry.digest)", place: "\(repository)")
        }
        return try chosen(from: next, depth: depth + 1)
    }

    private static let depthLimit = 4

    private func choose(_ entries: [Descriptor]) throws -> Descriptor {
        let known = entries.compactMap(\.platform)
        if let match = entries.first(where: { $0.platform == platform }) { return match }
        let isMatch: (Descriptor) -> Bool = { [platform] in $0.platform.map(platform.includes) ?? false }
        if let match = entries.first(where: isMatch) { return match }
        if let only = entries.first, entries.count == 1, !isPlatformChosen || only.platform == nil { return only }
        // An index in an index has no platform: what is in it tells.
        if let inner = entries.first(where: { $0.mediaType.isIndex }) { return inner }
        throw RegistryError.noPlatform(place: "\(location)", wanted: "\(platform)", known: known.map { "\($0)" })
    }

    /// Nil for an artifact.
    func stored(_ manifest: FetchedManifest, names: [String]) throws -> StoredImage? {
        try StoredImage(manifest.descriptor, manifest: manifest.bytes, names: names, place: "\(location)") {
            try client.content($0, of: repository, what: "configuration", limit: ImageConfiguration.byteLimit)
        }
    }
}

/// Reads the images of many tags.
private struct TagReading {
    private let source: RegistrySource
    private var images: [(manifest: FetchedManifest, names: [String])] = []
    /// Where a manifest or index stands in `images`.
    private var known: [Digest: Int?] = [:]
    private var bytes = 0
    private static let byteLimit = 64 << 20

    init(_ source: RegistrySource) { self.source = source }

    mutating func images(of tags: [String]) throws -> [StoredImage] {
        for tag in tags { try read(tag) }
        return try images.compactMap { try source.stored($0.manifest, names: $0.names) }
    }

    private mutating func read(_ tag: String) throws {
        let name = ManifestName.tag(tag)
        // A tag may go away meanwhile.
        guard let claim = try source.client.describe(name, of: source.repository) else { return }
        guard claim.mediaType.isIndex || claim.mediaType.isManifest else { return }
        if let place = known[claim.digest] {
            if let place { images[place].names.append("\(source.repository):\(tag)") }
            return
        }
        guard let found = try source.client.manifest(.digest(claim.digest), of: source.repository) else { return }
        known[claim.digest] = .some(nil)
        let manifest: FetchedManifest
        do { manifest = try source.chosen(from: found, depth: 0) } catch RegistryError.noPlatform { return }
        let place = images.firstIndex { $0.manifest == manifest } ?? images.count
        if place == images.count {
            bytes += manifest.bytes.count
            guard bytes <= Self.byteLimit else {
                throw ImageError.tooLarge(what: "documents", place: "\(source.location)", limit: Self.byteLimit)
            }
            images.append((manifest, []))
        }
        images[place].names.append("\(source.repository):\(tag)")
        known[claim.digest] = .some(place)
    }
}

extension Platform {
    /// Whether an image for `other` is meant by this one: a variant that is not told is any.
    func includes(_ other: Platform) -> Bool {
        os == other.os && architecture == other.architecture && (variant == nil || variant == other.variant)
    }
}
