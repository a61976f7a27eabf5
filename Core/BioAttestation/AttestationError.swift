// SPDX-License-Identifier: Apache-2.0

/// Why there can be no statement about an export.
package enum AttestationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The format made nothing that has a digest.
    case nothingToSpeakOf(_ format: String)

    package var description: String {
        switch self {
        case .nothingToSpeakOf(let format):
            "the format '\(format)' made nothing that has a digest, and a statement speaks of digests"
        }
    }

    package var hint: String? { "leave out --provenance and --attest-key; --sbom alone needs no digest" }
}
