// SPDX-License-Identifier: Apache-2.0

/// A name of an image in a layout.
package struct LayoutName: Hashable, Sendable {
    /// `org.opencontainers.image.ref.name`: what tools look for in a layout; often just a tag.
    package let name: String
    /// `io.containerd.image.name`: what containerd, and what builds on it, calls the image after an import.
    package let fullName: String?

    package init(name: String, fullName: String?) {
        self.name = name
        self.fullName = fullName
    }

    /// As `oci:DIR:TEXT` writes it; of a bare tag the full name is not known.
    package init(_ text: String) {
        let isWhole = text.utf8.contains { "/:@".utf8.contains($0) }
        self.init(name: text, fullName: isWhole ? (try? ImageReference(parsing: text))?.normalized.description : nil)
    }

    /// The tag, with the whole name beside it.
    package init(_ reference: ImageReference) {
        self.init(name: reference.normalized.tag ?? "\(reference)", fullName: "\(reference.normalized)")
    }
}

/// What an image is called at a place.
struct ImageNames {
    /// As written.
    let references: [ImageReference]
    let layoutNames: [LayoutName]

    /// `reference`, which came with the place, replaces the image's own names.
    init(_ image: Image, reference: String?) {
        guard let reference else {
            references = image.references
            layoutNames = image.references.map { LayoutName($0) }
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
