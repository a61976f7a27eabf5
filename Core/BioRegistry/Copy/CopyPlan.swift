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
    /// A terabyte.
    private static let blobLimit: Int64 = 1 << 40
    private static let layerLimit = 4096
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
    /// What is said of the image and could not be read, or is a list itself.
    package private(set) var leftBehind: Set<Digest> = []
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
        // Sums of sizes do not overflow, whatever somebody writes there.
        for blob in own where blob.size > Self.blobLimit {
            throw ImageError.malformed(what: "manifest", place: place, problem: "a blob of it has \(blob.size) bytes")
        }
        guard own.count <= Self.layerLimit else {
            throw ImageError.tooMany(what: "layers of an image", place: place, limit: Self.layerLimit)
        }
        omitted += own.filter(\.mediaType.isForeign)
        return Manifest(
            document: document, blobs: own.filter { !$0.mediaType.isForeign }, subject: manifest.subject,
            descriptor: descriptor)
    }

    /// What is said of an image does not keep it from being copied: what cannot be had is left behind.
    private mutating func addReferrers(of digest: Digest, _ contents: any ImageContents, depth: Int) throws {
        guard depth <= Self.depthLimit else { return }
        var found: [StoredDocument] = []
        for descriptor in try contents.referrers(of: digest) where !seen.contains(descriptor.digest) {
            if let bytes = try Self.found({ try contents.document(descriptor) }) {
                found.append(StoredDocument(descriptor: descriptor.plain, bytes: bytes))
            } else {
                leftBehind.insert(descriptor.digest)
            }
        }
        for suffix in ["sig", "att", "sbom"] where depth == 0 {
            let tag = "sha256-\(digest.hex).\(suffix)"
            guard let document = try contents.named(tag) else { continue }
            tags.append((tag, document.descriptor.digest))
            found.append(document)
        }
        for document in found where seen.insert(document.descriptor.digest).inserted {
            try bound(document, contents, depth)
            guard document.descriptor.mediaType.isManifest else {
                leftBehind.insert(document.descriptor.digest)
                continue
            }
            referrers.append(try manifest(document, "\(contents.location)"))
            try addReferrers(of: document.descriptor.digest, contents, depth: depth + 1)
        }
    }

    /// Nil for what a list names and nobody has.
    private static func found(_ read: () throws -> [UInt8]) throws -> [UInt8]? {
        do { return try read() } catch RegistryError.missing { return nil } catch ImageError.blobMissing { return nil }
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
        guard document.descriptor.mediaType.isIndex else {
            try check(document, is: platform, contents)
            return document
        }
        let index = try ImageIndex(parsing: document.bytes, place: "\(contents.location)")
        let named = index.manifests.first { $0.platform.map(platform.includes) ?? false }
        // An index in an index has no platform: what is in it tells.
        guard let child = named ?? index.manifests.first(where: \.mediaType.isIndex) else {
            throw RegistryError.noPlatform(
                place: "\(contents.location)", wanted: "\(platform)",
                known: index.manifests.compactMap { $0.platform.map { "\($0)" } })
        }
        let found = StoredDocument(descriptor: child.plain, bytes: try contents.document(child))
        guard depth < depthLimit else {
            throw ImageError.tooMany(
                what: "manifests inside each other", place: "\(contents.location)", limit: depthLimit)
        }
        guard found.descriptor.mediaType.isIndex else { return found }
        return try image(found, for: platform, contents, depth: depth + 1)
    }
}

extension CopyPlan {
    /// An image that is in no list says in its configuration what it runs on.
    private static func check(_ document: StoredDocument, is wanted: Platform, _ contents: any ImageContents) throws {
        let place = "\(contents.location)"
        let manifest = try ImageManifest(parsing: document.bytes, place: place)
        guard manifest.configuration.size <= ImageConfiguration.byteLimit else {
            throw ImageError.tooLarge(what: "configuration", place: place, limit: ImageConfiguration.byteLimit)
        }
        let size = manifest.configuration.size
        let body = BlobBody(
            PushedBlob(
                digest: manifest.configuration.digest, size: size,
                content: StoredContent(contents: contents, blob: manifest.configuration), isLayer: false))
        try body.seek(to: 0)
        var bytes: [UInt8] = []
        while let piece = try body.next(below: size) { bytes += piece }
        let found = try ImageConfiguration(parsing: bytes, place: place).platform
        guard wanted.includes(found) else {
            throw RegistryError.noPlatform(place: place, wanted: "\(wanted)", known: ["\(found)"])
        }
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
