// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
import BioPackage
package import BioSystem

/// Why an image cannot be read, written or named. `place` is a path, or a location as users write it.
package enum ImageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `what` (a manifest, a configuration …) from `place` is not what its specification says.
    case malformed(what: String, place: String, problem: String)
    /// `what` is larger than is read into memory.
    case tooLarge(what: String, place: String, limit: Int)
    /// More of `what` than anybody has use for.
    case tooMany(what: String, place: String, limit: Int)
    /// Nothing that could hold an image is at a path.
    case nothingThere(path: String)
    case notALayout(path: String, problem: String)
    /// A file is needed, and something else is there.
    case notAFile(path: String)
    /// A link, a pipe, a device or a directory, where a file is to be written.
    case inTheWay(path: String)
    case notAnArchive(path: String, problem: String)
    /// An archive that is compressed as a whole.
    case compressedArchive(path: String, by: String)
    case noImage(place: String, wanted: String, names: [String])
    case empty(place: String)
    case severalImages(place: String, names: [String])
    case blobMissing(Digest, place: String)
    case blobSize(Digest, place: String, expected: Int64, found: Int64)
    case blobDigest(expected: Digest, computed: Digest, place: String)
    /// An image that an index lists by a digest which is not SHA-256.
    case digestAlgorithm(digest: String, place: String)
    case memberMissing(name: String, place: String)
    /// A member that must be a file is a `kind`.
    case memberKind(name: String, kind: String, place: String)
    /// The format of `place` cannot have such layers.
    case compression(Compression, place: String)
    /// The file with a layer is not as it was when the layer was made.
    case blobFile(path: String)
    case archive(path: String, ArchiveError)
    case system(SystemError)

    package var description: String {
        switch self {
        case .malformed(let what, let place, let problem): "the \(what) of '\(place)' cannot be read: \(problem)"
        case .tooLarge(let what, let place, let limit): "the \(what) of '\(place)' is larger than \(limit) bytes"
        case .tooMany(let what, let place, let limit): "'\(place)' has more than \(limit) \(what)"
        case .nothingThere(let path): "there is no image layout or archive \(path.quoted)"
        case .notALayout(let path, let problem): "'\(path)' is no image layout: \(problem)"
        case .notAFile(let path): "'\(path)' is no plain file"
        case .inTheWay(let path): "'\(path)' is in the way of the image: it is no plain file"
        case .notAnArchive(let path, let problem): "'\(path)' is no archive of images: \(problem)"
        case .compressedArchive(let path, let program): "the archive '\(path)' is compressed as a whole, by \(program)"
        case .noImage(let place, let wanted, _): "'\(place)' has no image \(wanted.quoted)"
        case .empty(let place): "'\(place)' has no image"
        case .severalImages(let place, _): "'\(place)' has several images"
        case .blobMissing(let digest, let place): "'\(place)' lacks the blob \(digest)"
        case .blobSize(let digest, let place, let expected, let found):
            "the blob \(digest) of '\(place)' has \(found) bytes where \(expected) were announced"
        case .blobDigest(let expected, let computed, let place):
            "the blob \(expected) of '\(place)' is another one: its digest is \(computed)"
        case .digestAlgorithm(let digest, let place):
            "an image of '\(place)' cannot be read: its digest \(digest.quoted) is not SHA-256"
        case .memberMissing(let name, let place): "the archive '\(place)' has no member \(name.quoted)"
        case .memberKind(let name, let kind, let place):
            "the member \(name.quoted) of the archive '\(place)' is a \(kind), and no file"
        case .compression(let compression, let place): "'\(place)' cannot have layers compressed by \(compression)"
        case .blobFile(let path): "the layer in '\(path)' was changed while it was copied"
        case .archive(let path, let error): "'\(path)' cannot be read: \(error)"
        case .system(let error): "\(error)"
        }
    }

    package var hint: String? {
        switch self {
        case .malformed, .tooLarge, .tooMany, .notAFile, .empty, .memberKind: nil
        case .inTheWay: "remove it, or name another place; '--output -' writes to standard output"
        case .nothingThere: "places are written as \(ImageLocation.forms.joined(separator: ", "))"
        case .notALayout: "name a directory that is new, empty, or an image layout"
        case .notAnArchive: "archives come from 'docker save', or are tars of an image layout"
        case .compressedArchive(let path, let program): "unpack it first: \(program) -dc \(path) > image.tar"
        case .noImage(_, _, let names), .severalImages(_, let names):
            names.isEmpty ? "its images have no names" : "its images are \(Self.list(names)); add ':' and a name"
        case .blobMissing, .memberMissing: "copy the image again: a part of it is missing"
        case .digestAlgorithm: "choose another image, or make a copy with SHA-256 digests"
        case .blobSize, .blobDigest: "copy the image again: it was damaged or changed"
        case .compression: "choose --compression gzip or none, or for zstd the places oci: and oci-archive:"
        case .blobFile: "try again; 'bio cache verify' finds layers that were changed"
        case .archive(_, let error): error.hint
        case .system(let error): error.hint
        }
    }

    /// At most ten names, quoted.
    private static func list(_ names: [String]) -> String {
        names.prefix(10).map(\.quoted).joined(separator: ", ") + (names.count > 10 ? " …" : "")
    }
}
