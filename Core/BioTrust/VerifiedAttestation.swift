// SPDX-License-Identifier: Apache-2.0

import BioAttestation
package import BioCrypto

/// A document that was found with an image, and what it is worth.
package struct VerifiedAttestation: Sendable {
    package enum Standing: Hashable, Sendable {
        /// Signed with a key of the key cache, of this image, and it agrees with what was found in it.
        case verified
        /// Nobody signed it: it proves nothing.
        case unsigned
        /// No signature counts; why.
        case distrusted(String)
        /// It is of another image.
        case otherSubject
        /// What it says of packages is not what was found.
        case contradicts([String])
        case malformed(String)

        /// The word for reports.
        package var word: String {
            switch self {
            case .verified: "verified"
            case .unsigned: "unsigned"
            case .distrusted: "distrusted"
            case .otherSubject: "other-subject"
            case .contradicts: "contradicts"
            case .malformed: "malformed"
            }
        }

        /// More words; nil where there are none.
        package var detail: String? {
            switch self {
            case .verified, .unsigned: nil
            case .otherSubject: "it is of another image"
            case .distrusted(let text), .malformed(let text): text
            case .contradicts(let texts): texts.joined(separator: "; ")
            }
        }
    }

    /// What every SLSA provenance's predicate type begins with; behind it stands the version.
    static let provenance = "https://slsa.dev/provenance/"

    /// A path, or a digest in a registry.
    package let place: String
    /// What kind of thing it says, a URI; nil where that cannot be read.
    package let predicateType: String?
    /// Of valid signatures.
    package let signers: [PublicKey]
    package let standing: Standing

    package init(place: String, predicateType: String?, signers: [PublicKey], standing: Standing) {
        self.place = place
        self.predicateType = predicateType
        self.signers = signers
        self.standing = standing
    }

    package var isProvenance: Bool { predicateType?.hasPrefix(Self.provenance) == true }
}
