// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioOCI
package import BioPackage

/// What a layer of an image turned out to be.
package struct VerifiedLayer: Sendable {
    package enum Verdict: String, CaseIterable, Hashable, Sendable {
        /// All its packages are known, and it is what they make, byte for byte.
        case verified
        /// The same of its packages; it is the image's only layer, and beside them is what nobody has signed.
        case mixed
        /// It is not what its packages make, or changes packages of layers below.
        case differs
        /// Its bytes are not those that the image lists.
        case damaged
        /// What vouches for one of its packages must not be believed.
        case distrusted
        /// Nothing here vouches for one of its packages, or what is in it cannot be seen.
        case unknown
        /// It has no packages, and is said and written to be bio's: nobody has signed it.
        case root
        /// It has no packages, and is not bio's.
        case foreign
    }

    package struct Package: Sendable {
        package let ident: QualifiedIdent
        package let answer: EvidenceSearch.Answer

        package var evidence: PackageEvidence? { if case .evidence(let found) = answer { found } else { nil } }
    }

    /// What is wrong with the layer as a whole.
    package enum Problem: Hashable, Sendable, CustomStringConvertible {
        /// It cannot be read, or is not what the image lists.
        case damaged(String)
        case otherContent(found: Digest)
        /// What the image says of its packages is not what is in it.
        case claim(absent: [String], unsaid: [String])
        /// The members are those of its packages, and the tar is written in another way: it may hold what no member
        /// shows, as extended attributes.
        case otherTar
        /// It has files where another flavour keeps packages.
        case otherFlavour
        /// Made again from the installed packages it has another digest. Of engines, which do not give the layer.
        case otherDigest(Digest)
        /// It has no packages, and an engine does not give it.
        case unseen

        package var description: String {
            switch self {
            case .damaged(let text): text
            case .otherContent(let found): "its content has the diff id \(found)"
            case .claim(let absent, let unsaid):
                [("the image says that it holds", absent), ("the image does not say that it holds", unsaid)]
                    .filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
            case .otherTar: "its tar is not written as bio writes layers: it may hold what files do not show"
            case .otherFlavour: "it has packages of another flavour, for which nothing here can vouch"
            case .otherDigest(let digest): "made from the installed packages, its diff id is \(digest)"
            case .unseen: "an engine does not give it: what is in it is not known"
            }
        }
    }

    /// As many differences are kept.
    package static let mostDifferences = 100

    package let layer: StoredImage.Layer
    /// Whether the image's history says that bio made it.
    package let isOurs: Bool
    /// False where the place gives no layers: then the diff id alone was compared.
    package let isRead: Bool
    /// By ident; those that lie in it and in no layer below.
    package internal(set) var packages: [Package] = []
    package internal(set) var problems: [Problem] = []
    /// The first; `differenceCount` are all of them.
    package private(set) var differences: [LayerDifference] = []
    package private(set) var differenceCount = 0
    /// What is in it beside packages.
    package internal(set) var rest = RestFiles()

    init(_ layer: StoredImage.Layer, isOurs: Bool, isRead: Bool) {
        self.layer = layer
        self.isOurs = isOurs
        self.isRead = isRead
    }

    mutating func add(_ difference: LayerDifference) {
        differenceCount += 1
        if differences.count < Self.mostDifferences { differences.append(difference) }
    }

    package var verdict: Verdict {
        if problems.contains(where: \.isDamage) { return .damaged }
        if differenceCount > 0 || problems.contains(where: \.isUntruth) { return .differs }
        if problems.contains(.unseen) { return .unknown }
        if packages.isEmpty { return isOurs && problems.isEmpty ? .root : .foreign }
        if !problems.isEmpty { return .differs }
        func any(_ isMeant: (EvidenceSearch.Answer) -> Bool) -> Bool { packages.contains { isMeant($0.answer) } }
        if any({ if case .distrusted = $0 { true } else { false } }) { return .distrusted }
        if any({ if case .unknown = $0 { true } else { false } }) { return .unknown }
        return rest.isEmpty ? .verified : .mixed
    }
}

extension VerifiedLayer.Problem {
    fileprivate var isDamage: Bool {
        switch self {
        case .damaged, .otherContent: true
        case .claim, .otherTar, .otherFlavour, .otherDigest, .unseen: false
        }
    }

    /// Whatever else the layer is, it cannot be what packages make: the image says of it what is not so, or it has files
    /// where only packages may be.
    fileprivate var isUntruth: Bool {
        switch self {
        case .claim, .otherFlavour: true
        default: false
        }
    }
}
