// SPDX-License-Identifier: Apache-2.0

/// What a refusal is about (distribution-spec 1.1, "Error codes").
extension RegistryError {
    /// The bytes are not those of the digest: sending them again would not help.
    var isDigestRefusal: Bool { code == "DIGEST_INVALID" || code == "SIZE_INVALID" }

    /// A manifest names what the repository lacks.
    var saysBlobsAreMissing: Bool {
        code == "MANIFEST_BLOB_UNKNOWN" || code == "BLOB_UNKNOWN" || code == "MANIFEST_UNKNOWN"
    }

}
