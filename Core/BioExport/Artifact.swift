// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// Something an export made, checked: what the report and the result on standard output tell.
package struct Artifact: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        /// Where it lies now, as the user would name it; for standard output, `-`.
        case file(String)
        case directory(String)
        case reference(String)
    }

    package var place: Place
    package let isPrimary: Bool
    package let kind: String
    package let mediaType: String
    /// Of a directory, that of its listing (docs/reference/export-report.md). Nil for references, and in a plan.
    package let digest: Digest?
    /// Bytes of a file; nil otherwise, and in a plan.
    package let size: Int64?
    package let isReproducible: Bool
    package let annotations: [EmittedArtifact.Annotation]
    /// What it says, when that is to be printed as the result; nil otherwise, and in a plan.
    package private(set) var shownText: String?

    init(
        _ emitted: EmittedArtifact, place: Place, digest: Digest? = nil, size: Int64? = nil, shownText: String? = nil
    ) {
        self.place = place
        isPrimary = emitted.role == .primary
        kind = emitted.kind
        mediaType = emitted.mediaType
        self.digest = digest
        self.size = size
        isReproducible = emitted.isReproducible
        annotations = emitted.annotations
        self.shownText = shownText
    }

    /// The same, not to be printed.
    package func unshown() -> Artifact {
        var artifact = self
        artifact.shownText = nil
        return artifact
    }

    /// What the user types to use it: a path or a reference.
    package var address: String {
        switch place {
        case .file(let path), .directory(let path): path
        case .reference(let reference): reference
        }
    }
}
