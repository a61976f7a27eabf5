// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioHart
package import BioPackage
package import BioSystem

/// Why packages cannot be found, read or installed.
package enum StoreError: Error, Hashable, Sendable {
    /// The artifact cannot be read or must not be trusted.
    case hart(HartError)
    /// The artifact's tree cannot be written.
    case extraction(artifact: String, ArchiveError)
    /// The artifact is for another platform.
    case wrongTarget(artifact: String, QualifiedIdent, found: PackageTarget, allowed: PackageTarget)
    /// An artifact that was taken for one package holds another.
    case otherPackage(artifact: String, found: QualifiedIdent, expected: QualifiedIdent)
    /// The payload lies below another root than the store's (`bio` for `hab`): its paths would lead nowhere.
    case otherRoot(artifact: String, QualifiedIdent, found: String, expected: String)
    /// Dependencies that are neither installed nor anywhere as artifacts, in the order of TDEPS.
    case dependenciesMissing([QualifiedIdent], of: QualifiedIdent, searched: [String])
    /// Something that is no package of this target is where the package would be.
    case occupied(path: String)
    /// The metafiles of the installed package at `of`.
    case metadata(MetadataError, of: String)
    case receipt(ReceiptError, path: String)
    /// An entry of an installed package that is not what its artifact says.
    case changed(path: String, QualifiedIdent)
    /// A package that cannot be removed, and who needs it.
    case needed(QualifiedIdent, by: [QualifiedIdent])
    case cancelled
    case system(SystemError)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .hart(let error): error.description
        case .extraction(let artifact, let error): "cannot install '\(artifact)': \(error)"
        case .wrongTarget(let artifact, let ident, let found, let allowed):
            "'\(artifact)' holds '\(ident)' for \(found), and packages for \(allowed) are wanted"
        case .otherPackage(let artifact, let found, let expected):
            "'\(artifact)' holds '\(found)' where '\(expected)' is expected"
        case .otherRoot(let artifact, let ident, let found, let expected):
            "'\(artifact)' holds '\(ident)' below '/\(found)', and it would be installed below '/\(expected)', where "
                + "its own paths do not lead"
        case .dependenciesMissing(let idents, let ident, _):
            "'\(ident)' needs \(idents.count == 1 ? "a package that is" : "\(idents.count) packages that are")"
                + " not there: " + idents.map { "'\($0)'" }.joined(separator: ", ")
        case .occupied(let path): "'\(path)' is in the way: it is no package for this platform"
        case .metadata(let error, let path): "the package in '\(path)' has bad metadata: \(error)"
        case .receipt(let error, let path): "'\(path)': \(error)"
        case .changed(let path, let ident): "'\(path)' is not what the artifact of '\(ident)' says"
        case .needed(let ident, let others):
            "'\(ident)' is needed by " + others.map { "'\($0)'" }.joined(separator: ", ")
        case .cancelled: "cancelled"
        case .system(let error): error.description
        }
    }

    package var hint: String? {
        switch self {
        case .hart(let error): error.hint
        case .extraction(_, let error): error.hint
        case .dependenciesMissing(let idents, _, let searched) where searched.isEmpty:
            "install what is missing: bio pkg install " + idents.map(\.description).joined(separator: " ")
        case .dependenciesMissing(_, _, let searched):
            "put their artifacts into one of: " + searched.map { "'\($0)'" }.joined(separator: ", ")
        case .otherRoot(_, _, let found, let expected):
            "get a build of the package for '/\(expected)'"
                + (Flavour.installing(below: found).map {
                    ", or set BIO_FLAVOUR=\($0.name) to install below '/\(found)'"
                }
                    ?? "")
        case .otherPackage: "remove or rename the artifact"
        case .occupied(let path): "look at '\(path)' and remove it if nobody needs it"
        case .metadata(let error, _): error.hint
        case .receipt(let error, _): error.hint
        case .changed(_, let ident): "remove the directory of '\(ident)' and install it again"
        case .needed(_, let others):
            others.count == 1
                ? others.first.map { "uninstall that first: bio pkg uninstall \($0)" }
                : "uninstall those that need it first"
        case .wrongTarget(let artifact, let ident, _, let allowed):
            "get a build of '\(ident.origin)/\(ident.name)' for \(allowed); 'bio pkg info \(artifact)' tells of this one"
        case .system(let error): error.hint
        case .cancelled: nil
        }
    }
}
