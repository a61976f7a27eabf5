// SPDX-License-Identifier: Apache-2.0

import BioCrypto

extension StoredImage {
    /// Reads an image from its manifest, and the configuration that `fetch` gives, checked. Nil for what is no image:
    /// artifacts (signatures, charts …) have manifests too. `place` is for errors.
    package init?(
        _ descriptor: Descriptor, manifest bytes: [UInt8], names: [String], place: String,
        configuration fetch: (Descriptor) throws -> [UInt8]
    ) throws {
        let manifest = try ImageManifest(parsing: bytes, place: place)
        guard manifest.configuration.mediaType.isImageConfiguration, manifest.artifactType == nil else { return nil }
        let configuration = try ImageConfiguration(parsing: try fetch(manifest.configuration), place: place)
        guard configuration.diffIDs.count == manifest.layers.count else {
            throw ImageError.malformed(
                what: "manifest", place: place,
                problem: "it has \(manifest.layers.count) layers, and its configuration \(configuration.diffIDs.count)")
        }
        self.init(
            manifest: descriptor, manifestAnnotations: manifest.annotations, imageID: manifest.configuration.digest,
            configuration: configuration,
            layers: Self.layers(of: configuration, descriptors: manifest.layers), names: names)
    }

    /// The layers that a configuration lists, with what its history and the blobs' annotations say of them.
    /// `descriptors` are as many as the layers, or none.
    static func layers(of configuration: ImageConfiguration, descriptors: [Descriptor]) -> [Layer] {
        let steps = configuration.history.filter { !$0.isEmptyLayer }
        let isTold = steps.count == configuration.diffIDs.count
        return configuration.diffIDs.enumerated().map { index, diffID in
            let descriptor = index < descriptors.count ? descriptors[index] : nil
            let made = isTold ? steps[index].createdBy ?? "" : ""
            let isOurs = made.hasPrefix(Image.maker)
            let title = isOurs ? String(made.dropFirst(Image.maker.count)) : made
            var packages = descriptor?.annotations[Annotations.packages].map(idents) ?? []
            if packages.isEmpty && isOurs {
                packages =
                    steps[index].comment.map(idents) ?? (title.utf8.count(where: { $0 == 0x2F }) == 3 ? [title] : [])
            }
            return Layer(
                diffID: diffID, descriptor: descriptor, title: title.isEmpty ? "layer \(index + 1)" : title,
                packages: packages)
        }
    }

    private static func idents(_ text: String) -> [String] { text.split(separator: " ").map { String($0) } }

    /// Whether `wanted` is a name of the image, as it stands or in full, or the digest of its manifest or configuration.
    func isNamed(_ wanted: String) -> Bool {
        if names.contains(where: { $0.utf8.elementsEqual(wanted.utf8) }) { return true }
        if let digest = try? Digest(parsing: wanted) { return digest == manifest?.digest || digest == imageID }
        guard let reference = try? ImageReference(parsing: wanted) else { return false }
        if let digest = reference.digest, digest != manifest?.digest { return false }
        return reference.isMeant(byOneOf: names)
    }

    /// The one that is meant by `wanted`, or the only one. `place` is for errors.
    static func choose(_ wanted: String?, from images: [StoredImage], place: String) throws(ImageError) -> StoredImage {
        let found = wanted.map { wanted in images.filter { $0.isNamed(wanted) } } ?? images
        // The name as it stands counts more than the same name in full.
        let exact = found.filter { $0.names.contains { $0.utf8.elementsEqual((wanted ?? "").utf8) } }
        if let only = found.count == 1 ? found.first : exact.count == 1 ? exact.first : nil { return only }
        guard found.isEmpty else {
            let names = found.flatMap(\.names)
            let digests = found.compactMap { $0.manifest.map { "\($0.digest)" } }
            throw .severalImages(place: place, names: wanted == nil && !names.isEmpty ? names : digests)
        }
        guard let wanted, !images.isEmpty else { throw .empty(place: place) }
        throw .noImage(place: place, wanted: wanted, names: images.flatMap(\.names))
    }
}

extension Descriptor {
    /// Whether an index's entry may be an image. Builders put what they attest beside images, as manifests for a platform
    /// that does not exist.
    package var isOfImage: Bool {
        platform?.os != "unknown" && artifactType == nil && annotations["vnd.docker.reference.type"] == nil
    }
}

extension MediaType {
    fileprivate var isImageConfiguration: Bool { self == .ociConfiguration || self == .dockerConfiguration }
}

extension ImageReference {
    /// Whether one of `names`, as a place has them, is this name in full.
    func isMeant(byOneOf names: [String]) -> Bool {
        let full = normalized
        return names.contains {
            guard let name = (try? ImageReference(parsing: $0))?.normalized else { return false }
            return name.name == full.name && (full.tag == nil || name.tag == full.tag)
        }
    }
}
