// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
package import BioOCI

/// Everything that a copy of an image is made of: each document and each blob once, children before whoever names them.
package struct CopyPlan {
    package struct Manifest {
        package let document: StoredDocument
        /// Of its own, without those of manifests that it lists.
        package let blobs: [Descriptor]
        package let subject: Descriptor?
        /// What lists of referrers say of it.
        package let descriptor: Descriptor
    }

    /// Limits against what others may have put there.
    private static let manifestLimit = 1000
    private static let depthLimit = 4
    /// Bytes of all documents.
    private static let documentLimit = 64 << 20

    package let top: Descriptor
    /// The last is `top`.
    package private(set) var manifests: [Manifest] = []
    /// What is said of these: referrers, and what cosign keeps under tags. After their subjects.
    package private(set) var referrers: [Manifest] = []
    /// Of `referrers`: tags under which they are found.
    package private(set) var tags: [(tag: String, digest: Digest)] = []
    /// Layers that registries need not have (`nondistributable`): they stay where they are.
    package private(set) var omitted: [Descriptor] = []
    private var seen: Set<Digest> = []
    private var bytesRead = 0

    /// - Parameter platform: of an index only that image, and not the index.
    package init(_ contents: any ImageContents, platform: Platform?, referrers wantsReferrers: Bool) throws {
        var document = try contents.top()
        if let platform { document = try Self.image(document, for: platform, contents, depth: 0) }
        top = document.descriptor
        try add(document, contents, depth: 0)
        guard wantsReferrers else { return }
        for manifest in manifests { try addReferrers(of: manifest.document.descriptor.digest, contents, depth: 0) }
    }

    /// All blobs, every one once.
    package var blobs: [Descriptor] {
        var seen: Set<Digest> = []
        return (manifests + referrers).flatMap(\.blobs).filter { seen.insert($0.digest).inserted }
    }

    // MARK: -

    private mutating func add(_ document: StoredDocument, _ contents: any ImageContents, depth: Int) throws {
        guard seen.insert(document.descriptor.digest).inserted else { return }
        try bound(document, contents, depth)
        let type = document.descriptor.mediaType
        let place = "\(contents.location)"
        if type.isIndex {
            let index = try ImageIndex(parsing: document.bytes, place: place)
            guard index.others.isEmpty else {
                throw ImageError.digestAlgorithm(
                    digest: index.others[0]["digest"]?.string ?? "", place: place)
            }
            for child in index.manifests {
                let bytes = try contents.document(child)
                try add(StoredDocument(descriptor: child.plain, bytes: bytes), contents, depth: depth + 1)
            }
            manifests.append(
                Manifest(document: document, blobs: [], subject: nil, descriptor: document.descriptor))
        } else {
            manifests.append(try manifest(document, place))
        }
    }

    private mutating func manifest(_ document: StoredDocument, _ place: String) throws -> Manifest {
        guard document.descriptor.mediaType.isManifest else {
            throw ImageError.malformed(
                what: "manifest", place: place, problem: "its kind is '\(document.descriptor.mediaType)'")
        }
        let manifest = try ImageManifest(parsing: document.bytes, place: place)
        var descriptor = document.descriptor
        descriptor.artifactType = manifest.artifactType ?? manifest.configuration.mediaType.rawValue
        descriptor.annotations = manifest.annotations
        let own = [manifest.configuration] + manifest.layers
        omitted += own.filter(\.mediaType.isForeign)
        return Manifest(
            document: document, blobs: own.filter { !$0.mediaType.isForeign }, subject: manifest.subject,
            descriptor: descriptor)
    }

    private mutating func addReferrers(of digest: Digest, _ contents: any ImageContents, depth: Int) throws {
        var found = try contents.referrers(of: digest).map {
            StoredDocument(descriptor: $0.plain, bytes: try contents.document($0))
        }
        if let registry = contents as? RegistryContents, depth == 0 {
            for suffix in ["sig", "att", "sbom"] {
                let tag = "sha256-\(digest.hex).\(suffix)"
                guard let document = try registry.named(tag) else { continue }
                tags.append((tag, document.descriptor.digest))
                found.append(document)
            }
        }
        for document in found where seen.insert(document.descriptor.digest).inserted {
            try bound(document, contents, depth)
            guard document.descriptor.mediaType.isManifest else { continue }
            referrers.append(try manifest(document, "\(contents.location)"))
            try addReferrers(of: document.descriptor.digest, contents, depth: depth + 1)
        }
    }

    private mutating func bound(_ document: StoredDocument, _ contents: any ImageContents, _ depth: Int) throws {
        let place = "\(contents.location)"
        bytesRead += document.bytes.count
        if bytesRead > Self.documentLimit {
            throw ImageError.tooLarge(what: "documents", place: place, limit: Self.documentLimit)
        }
        if depth > Self.depthLimit {
            throw ImageError.tooMany(what: "manifests inside each other", place: place, limit: Self.depthLimit)
        }
        if seen.count > Self.manifestLimit {
            throw ImageError.tooMany(what: "manifests", place: place, limit: Self.manifestLimit)
        }
    }

    private static func image(
        _ document: StoredDocument, for platform: Platform, _ contents: any ImageContents, depth: Int
    ) throws -> StoredDocument {
        guard document.descriptor.mediaType.isIndex else { return document }
        let index = try ImageIndex(parsing: document.bytes, place: "\(contents.location)")
        guard let child = index.manifests.first(where: { $0.platform.map(platform.means) ?? false }) else {
            let names = index.manifests.compactMap { $0.platform.map { "\($0)" } }
            throw ImageError.noImage(place: "\(contents.location)", wanted: "\(platform)", names: names)
        }
        let found = StoredDocument(descriptor: child.plain, bytes: try contents.document(child))
        guard depth < depthLimit else { return found }
        return try image(found, for: platform, contents, depth: depth + 1)
    }
}

extension Descriptor {
    /// Without what a list says of it.
    fileprivate var plain: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: size) }
}

extension MediaType {
    /// Layers that are to be had from elsewhere only.
    fileprivate var isForeign: Bool { rawValue.contains(".nondistributable.") || rawValue.contains(".foreign.") }
}

extension Platform {
    /// Whether an image for `other` is wanted; without a variant any will do.
    fileprivate func means(_ other: Platform) -> Bool {
        os == other.os && architecture == other.architecture && (variant == nil || variant == other.variant)
    }
}
