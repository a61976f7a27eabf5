// SPDX-License-Identifier: Apache-2.0

/// A document about an image that is kept with it: a referrer in a registry (OCI distribution-spec 1.1), a file elsewhere.
package struct ImageAttachment: Hashable, Sendable {
    /// The media type of the document, and of the artifact that it is: `application/spdx+json`.
    package let artifactType: String
    package let bytes: [UInt8]
    /// Of the referrer's manifest.
    package let annotations: Annotations
    /// What a file of it is called behind the name of the artifact: `.spdx.json`.
    package let fileSuffix: String

    package init(artifactType: String, bytes: [UInt8], annotations: Annotations = [:], fileSuffix: String) {
        self.artifactType = artifactType
        self.bytes = bytes
        self.annotations = annotations
        self.fileSuffix = fileSuffix
    }
}
