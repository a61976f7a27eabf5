// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
package import BioOCI

/// Which of a repository's manifests is meant.
package enum ManifestName: Hashable, Sendable, CustomStringConvertible {
    case tag(String)
    case digest(Digest)

    /// The digest counts where a reference has both, `latest` where it has neither.
    package init(of reference: ImageReference) {
        let full = reference.normalized
        self = full.digest.map { .digest($0) } ?? .tag(full.tag ?? "latest")
    }

    /// As it stands in paths.
    package var description: String {
        switch self {
        case .tag(let tag): tag
        case .digest(let digest): "\(digest)"
        }
    }
}

/// A manifest or an index, as a registry gave it: its bytes are those of its digest.
package struct FetchedManifest: Hashable, Sendable {
    /// Media type, digest of the bytes, and their number.
    package let descriptor: Descriptor
    package let bytes: [UInt8]

    package init(descriptor: Descriptor, bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
    }
}

extension FetchedManifest {
    /// What the document says that it is; else what its header said. Nil for what is no document of an image.
    static func mediaType(of bytes: [UInt8], contentType: String?) -> MediaType? {
        guard let document = try? DocumentValue(json: bytes), document.object != nil else { return nil }
        if let own = document["mediaType"]?.string { return MediaType(own) }
        let header = contentType?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
        if let header, MediaType(header).isIndex || MediaType(header).isManifest { return MediaType(header) }
        // The first version of OCI's documents needed no word about it.
        return document["manifests"] != nil ? .ociIndex : document["config"] != nil ? .ociManifest : nil
    }
}
