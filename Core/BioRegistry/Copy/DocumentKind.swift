// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioOCI

/// What a document from a registry is.
enum DocumentKind {
    /// What it says of itself, or what it must be by what is in it; nil: it tells nothing.
    static func mediaType(of bytes: [UInt8]) -> MediaType? {
        guard let document = try? DocumentValue(json: bytes) else { return nil }
        if let type = document["mediaType"]?.string { return MediaType(type) }
        if document["manifests"] != nil { return .ociIndex }
        return document["config"] == nil ? nil : .ociManifest
    }
}
