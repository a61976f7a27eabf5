// SPDX-License-Identifier: Apache-2.0

package import BioArchive

/// What a blob of an image is (OCI image-spec 1.1, media-types.md; Docker image manifest v2, schema 2). Foreign images
/// have others too.
package struct MediaType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ text: String) { rawValue = text }

    package var description: String { rawValue }

    /// `type/subtype` (RFC 6838, section 4.2), without parameters.
    package var isWellFormed: Bool {
        let parts = rawValue.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        func isPlain(_ byte: UInt8) -> Bool {
            0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
        }
        return parts.count == 2
            && parts.allSatisfy { part in
                part.count <= 127 && part.first.map(isPlain) == true
                    && part.allSatisfy { isPlain($0) || "!#$&-^_.+".utf8.contains($0) }
            }
    }

    /// By bytes: canonically equal text is no equal media type.
    package static func == (left: MediaType, right: MediaType) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(Array(rawValue.utf8)) }

    package static let ociIndex = MediaType("application/vnd.oci.image.index.v1+json")
    package static let ociManifest = MediaType("application/vnd.oci.image.manifest.v1+json")
    package static let ociConfiguration = MediaType("application/vnd.oci.image.config.v1+json")
    package static let ociLayer = MediaType("application/vnd.oci.image.layer.v1.tar")
    package static let ociLayerGzip = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")
    package static let ociLayerZstd = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")

    /// Of the document `{}`: the configuration of what has none.
    package static let ociEmpty = MediaType("application/vnd.oci.empty.v1+json")

    package static let dockerManifestList = MediaType("application/vnd.docker.distribution.manifest.list.v2+json")
    package static let dockerManifest = MediaType("application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerConfiguration = MediaType("application/vnd.docker.container.image.v1+json")
    package static let dockerLayer = MediaType("application/vnd.docker.image.rootfs.diff.tar")
    package static let dockerLayerGzip = MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip")

    package var isIndex: Bool { self == .ociIndex || self == .dockerManifestList }
    package var isManifest: Bool { self == .ociManifest || self == .dockerManifest }
}

/// Whose words the documents of an image use. The configuration, and with it the image id, is the same in both.
package enum ImageFormat: String, Hashable, Sendable, CaseIterable {
    case oci, docker

    package var manifest: MediaType { self == .oci ? .ociManifest : .dockerManifest }
    package var index: MediaType { self == .oci ? .ociIndex : .dockerManifestList }
    package var configuration: MediaType { self == .oci ? .ociConfiguration : .dockerConfiguration }

    /// The media type of a layer; nil when the format has none for that compression.
    package func layer(_ compression: Compression) -> MediaType? {
        switch (self, compression) {
        case (.oci, .none): .ociLayer
        case (.docker, .none): .dockerLayer
        case (.oci, .gzip), (.oci, .gzipFast), (.oci, .gzipSmall): .ociLayerGzip
        case (.docker, .gzip), (.docker, .gzipFast), (.docker, .gzipSmall): .dockerLayerGzip
        case (.oci, .zstd): .ociLayerZstd
        case (.docker, .zstd), (_, .xz): nil
        }
    }
}
