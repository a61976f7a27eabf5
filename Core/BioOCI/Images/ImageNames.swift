// SPDX-License-Identifier: Apache-2.0

/// What an image is called at a place.
struct ImageNames {
    /// A name in a layout.
    struct LayoutName: Hashable {
        /// `org.opencontainers.image.ref.name`: what tools look for in a layout; often just a tag.
        let name: String
        /// `io.containerd.image.name`: what containerd, and what builds on it, calls the image after an import.
        let fullName: String?
    }

    /// As written.
    let references: [ImageReference]
    let layoutNames: [LayoutName]

    /// `reference`, which came with the place, replaces the image's own names.
    init(_ image: Image, reference: String?) {
        guard let reference else {
            references = image.references
            layoutNames = image.references.map {
                LayoutName(name: $0.normalized.tag ?? $0.description, fullName: $0.normalized.description)
            }
            return
        }
        let isWhole = reference.utf8.contains { "/:@".utf8.contains($0) }
        let named =
            isWhole
            ? try? ImageReference(parsing: reference)
            : image.references.first.flatMap { try? ImageReference(name: $0.name, tag: reference) }
        references = named.map { [$0] } ?? []
        layoutNames = [LayoutName(name: reference, fullName: named?.normalized.description)]
    }
}

extension ImageReference {
    /// With the tag that engines take when there is none.
    var tagged: ImageReference { ImageReference(name: name, tag: tag ?? "latest", digest: nil) }
}
