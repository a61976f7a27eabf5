// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioPackage
package import BioSystem

/// Why an artifact cannot be read, trusted or made. `path` is the artifact's.
package enum HartError: Error, Hashable, Sendable {
    /// The first line is nothing like `HART-1`.
    case notAHart(path: String)
    /// A format of this family that is not known.
    case unsupportedFormat(path: String, found: String)
    /// The file ends before or in this line of the header (from 1).
    case headerIncomplete(path: String, line: Int)
    case headerLineTooLong(path: String, line: Int, limit: Int)
    /// The fifth line is not blank.
    case headerNotClosed(path: String)
    case signerUnreadable(path: String, text: String)
    case unsupportedHash(path: String, found: String)
    /// Not base64, or not 128 bytes.
    case signatureUndecodable(path: String)

    case keyMissing(path: String, KeyName, keyPath: String)
    case keyUnusable(path: String, KeyRingError)
    /// The signature is not by the signer's key.
    case signatureInvalid(path: String, signer: KeyName)
    /// The signature is good, but by another origin's key than the package's.
    case signerNotOrigin(path: String, signer: KeyName, ident: QualifiedIdent)
    /// The signature is good but what it signs is no digest.
    case signedTextUnreadable(path: String, signer: KeyName)
    /// The payload is not the one that was signed.
    case altered(path: String, expected: Digest, computed: Digest)

    case payload(path: String, ArchiveError)
    /// A member beside the directory of the package, or another package's.
    case memberOutsidePrefix(path: String, member: [UInt8])
    /// A directory above the package, or its own, that is something else than a directory.
    case prefixKind(path: String, member: [UInt8], kind: String)
    /// Two members that the file systems of the package's platform cannot hold both.
    case namesCollide(path: String, first: [UInt8], second: [UInt8])
    /// The directory of the package cannot be an ident.
    case badPrefix(path: String, PackageIdent.ParseError)
    /// The IDENT file names another package than the directory it lies in.
    case identMismatch(path: String, ident: QualifiedIdent, prefix: QualifiedIdent)
    case metafileMissing(path: String, MetaFile)
    case metafileTwice(path: String, MetaFile)
    case metafileKind(path: String, MetaFile, kind: String)
    case metafileTooLarge(path: String, MetaFile, limit: Int)
    case metadata(path: String, MetadataError)

    /// The file to sign changed while it was read.
    case inputChanged(path: String)
    case notAFile(path: String)
    case system(SystemError)
}

extension HartError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAHart(let path): "'\(path)' is not a package artifact"
        case .unsupportedFormat(let path, let found): "'\(path)' has the unsupported format \(found.quoted)"
        case .headerIncomplete(let path, let line): "'\(path)' ends in line \(line) of its header"
        case .headerLineTooLong(let path, let line, let limit):
            "line \(line) of the header of '\(path)' is longer than \(limit) bytes"
        case .headerNotClosed(let path): "line 5 of the header of '\(path)' is not blank"
        case .signerUnreadable(let path, let text): "the signer \(text.quoted) of '\(path)' is not a name and revision"
        case .unsupportedHash(let path, let found): "'\(path)' is signed by the unsupported hash \(found.quoted)"
        case .signatureUndecodable(let path): "the signature of '\(path)' cannot be decoded"
        case .keyMissing(let path, let name, let keyPath):
            "cannot verify '\(path)': its signer's public key '\(name)' is missing ('\(keyPath)')"
        case .keyUnusable(let path, let error): "cannot verify '\(path)': \(error)"
        case .signatureInvalid(let path, let signer): "the signature of '\(path)' is not by '\(signer)'"
        case .signerNotOrigin(let path, let signer, let ident):
            "'\(path)' holds '\(ident)' but is signed by '\(signer)', which is no key of the origin '\(ident.origin)'"
        case .signedTextUnreadable(let path, let signer): "what '\(signer)' signed in '\(path)' is not a digest"
        case .altered(let path, let expected, let computed):
            "'\(path)' was altered after it was signed (expected: \(expected.hex), computed: \(computed.hex))"
        default: contentDescription
        }
    }

    private var contentDescription: String {
        switch self {
        case .payload(let path, let error): "the payload of '\(path)' is refused: \(error)"
        case .memberOutsidePrefix(let path, let member):
            "'\(path)' holds \(member.quoted), which is outside the directory of its package"
        case .prefixKind(let path, let member, let kind):
            "'\(path)' holds \(member.quoted) as a \(kind) where a directory must be"
        case .namesCollide(let path, let first, let second):
            "'\(path)' holds \(first.quoted) and \(second.quoted), which are one file on its platform"
        case .badPrefix(let path, let error): "the directory of the package in '\(path)' is no ident: \(error)"
        case .identMismatch(let path, let ident, let prefix):
            "IDENT in '\(path)' says '\(ident)' but lies in the directory of '\(prefix)'"
        case .metafileMissing(let path, let file): "'\(path)' has no \(file)"
        case .metafileTwice(let path, let file): "'\(path)' has two \(file)"
        case .metafileKind(let path, let file, let kind): "\(file) in '\(path)' is a \(kind)"
        case .metafileTooLarge(let path, let file, let limit): "\(file) in '\(path)' is larger than \(limit) bytes"
        case .metadata(let path, let error): "'\(path)' has bad metadata: \(error)"
        case .inputChanged(let path): "'\(path)' changed while it was signed"
        case .notAFile(let path): "'\(path)' is not a regular file"
        case .system(let error): error.description
        default: ""
        }
    }

    /// What to do about it, where something can be done.
    package var hint: String? {
        switch self {
        case .keyMissing(_, let name, _): "get '\(name).pub' from the origin and import it: bio origin key import"
        case .keyUnusable(_, let error): error.hint
        case .signerNotOrigin(_, _, let ident):
            "only keys of '\(ident.origin)' may sign its packages: get the artifact from that origin"
        case .altered, .headerIncomplete: "get the artifact again from where it comes from"
        case .payload(_, let error): error.hint
        case .metafileMissing(_, .target): "artifacts built before May 2016 have no TARGET and cannot be used"
        case .metadata(_, let error): error.hint
        case .system(let error): error.hint
        default: nil
        }
    }

    /// Whether the artifact must not be trusted, as opposed to cannot be read.
    package var isDistrust: Bool {
        switch self {
        case .keyUnusable(_, .system): false
        case .keyMissing, .keyUnusable, .signatureInvalid, .signerNotOrigin, .signedTextUnreadable, .altered: true
        default: false
        }
    }
}
