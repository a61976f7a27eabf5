// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument
package import BioPackage

/// What a blob is, how long, and its digest (OCI image-spec 1.1, descriptor.md).
package struct Descriptor: Hashable, Sendable {
    package var mediaType: MediaType
    /// SHA-256.
    package var digest: Digest
    /// Bytes.
    package var size: Int64
    /// Of a manifest in an index.
    package var platform: Platform?
    package var artifactType: String?
    package var annotations: Annotations

    package init(
        mediaType: MediaType, digest: Digest, size: Int64, platform: Platform? = nil, artifactType: String? = nil,
        annotations: Annotations = [:]
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.artifactType = artifactType
        self.annotations = annotations
    }

    package var document: DocumentValue {
        var object = DocumentObject()
        object.append("mediaType", .string(mediaType.rawValue))
        if let artifactType { object.append("artifactType", .string(artifactType)) }
        object.append("digest", .string("\(digest)"))
        object.append("size", .integer(size))
        if let platform { object.append("platform", platform.document) }
        if !annotations.isEmpty { object.append("annotations", annotations.document) }
        return .object(object)
    }

    init(_ document: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
        mediaType = MediaType(try reading.string(document, "mediaType"))
        digest = try reading.digest(document, "digest")
        size = try reading.size(document, "size")
        platform = try document["platform"].map { (value) throws(ImageError) in try Platform(value, reading) }
        artifactType = try reading.optionalString(document, "artifactType")
        annotations = try reading.annotations(document, "annotations")
    }
}

/// What an image runs on (OCI image-spec 1.1, image-index.md and config.md).
package struct Platform: Hashable, Sendable, CustomStringConvertible {
    package var os: String
    package var architecture: String
    package var variant: String?

    package init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    /// Reads `linux/arm64/v8`, the variant may be missing; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isWord: (UInt8) -> Bool = {
            0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E
        }
        guard 2...3 ~= parts.count,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 64 && $0.utf8.allSatisfy(isWord) })
        else { return nil }
        self.init(
            os: String(parts[0]), architecture: String(parts[1]), variant: parts.count > 2 ? String(parts[2]) : nil)
    }

    /// What packages for `target` run on, in Go's words: `linux/amd64`.
    package init(_ target: PackageTarget) {
        let architecture =
            switch target.architecture {
            case "x86_64": "amd64"
            case "aarch64": "arm64"
            default: target.architecture
            }
        self.init(os: target.system, architecture: architecture)
    }

    /// `linux/arm64/v8`
    package var description: String { [os, architecture, variant].compactMap(\.self).joined(separator: "/") }

    package var document: DocumentValue {
        var object = DocumentObject()
        object.append("architecture", .string(architecture))
        object.append("os", .string(os))
        if let variant { object.append("variant", .string(variant)) }
        return .object(object)
    }

    init(_ document: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
        architecture = try reading.string(document, "architecture")
        os = try reading.string(document, "os")
        variant = try reading.optionalString(document, "variant")
    }
}
