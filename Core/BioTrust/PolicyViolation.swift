// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto
package import BioPackage

/// Why an image does not pass. Layers are told by their number, from 1.
package enum PolicyViolation: Hashable, Sendable, CustomStringConvertible {
    case layer(Int, VerifiedLayer.Verdict, title: String)
    /// It would pass with a signed provenance.
    case notAttested(Int, VerifiedLayer.Verdict, title: String)
    case origin(QualifiedIdent)
    case key(QualifiedIdent, KeyName)
    case revokedKey(QualifiedIdent, KeyName)
    case evidence(QualifiedIdent, found: PackageEvidence.Strength, wanted: PackageEvidence.Strength)
    /// How the image runs would pass with a signed provenance.
    case configuration
    case noProvenance
    case noPackages

    package var description: String {
        switch self {
        case .layer(let number, let verdict, let title): "\(Self.layer(number, title)) \(Self.fault(verdict))"
        case .notAttested(let number, let verdict, let title):
            "\(Self.layer(number, title)) \(Self.fault(verdict)), and no signed provenance vouches for it"
        case .origin(let ident): "'\(ident)' is of an origin that the policy does not allow"
        case .key(let ident, let key): "'\(ident)' is signed with '\(key)', which the policy does not allow"
        case .revokedKey(let ident, let key): "'\(ident)' is signed with '\(key)', which the policy revokes"
        case .evidence(let ident, let found, let wanted):
            "for '\(ident)' there is \(Self.noun(found)), and the policy wants \(Self.noun(wanted))"
        case .configuration: "how it runs is signed by nobody, and no signed provenance vouches for it"
        case .noPackages: "it holds no package: nothing in it is signed"
        case .noProvenance: "the policy wants a signed provenance of this image, and none counts"
        }
    }

    /// The title is anybody's word, and may hold what terminals act on.
    private static func layer(_ number: Int, _ title: String) -> String {
        "layer \(number) (\(MemberPath.text(Array(title.utf8))))"
    }

    private static func noun(_ strength: PackageEvidence.Strength) -> String {
        switch strength {
        case .receipt: "a receipt"
        case .signature: "a receipt with the origin's signature"
        case .artifact: "the content of the signed artifact"
        }
    }

    private static func fault(_ verdict: VerifiedLayer.Verdict) -> String {
        switch verdict {
        case .verified: "is verified"
        case .mixed: "has files beside its packages that are signed by nobody"
        case .differs: "is not what packages make of it, or changes those below"
        case .damaged: "is not the one that the image lists"
        case .distrusted: "holds a package whose evidence is not to be believed"
        case .unknown: "is vouched for by nothing here"
        case .root: "is signed by nobody"
        case .foreign: "is not made by bio"
        }
    }
}
