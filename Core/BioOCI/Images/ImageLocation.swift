// SPDX-License-Identifier: Apache-2.0

/// Where an image is or goes: `--to`, and the arguments of `bio image`.
package enum ImageLocation: Hashable, Sendable, CustomStringConvertible {
    /// `docker-archive:FILE[:REF]`
    case dockerArchive(path: String, reference: String?)
    /// `oci:DIR[:REF]`
    case layout(path: String, reference: String?)
    /// `oci-archive:FILE[:REF]`
    case ociArchive(path: String, reference: String?)
    /// `docker-daemon[:REF]`
    case engine(reference: String?)
    /// `docker://REF`: a registry; a reference in full or not, by tag or digest.
    case registry(ImageReference)

    /// What `init(parsing:)` reads as the same location.
    package var description: String {
        switch self {
        case .dockerArchive(let path, let reference): Self.text("docker-archive", path, reference)
        case .layout(let path, let reference): Self.text("oci", path, reference)
        case .ociArchive(let path, let reference): Self.text("oci-archive", path, reference)
        case .engine(let reference): "docker-daemon" + (reference.map { ":\($0)" } ?? "")
        case .registry(let reference): "docker://\(reference)"
        }
    }

    private static func text(_ scheme: String, _ path: String, _ reference: String?) -> String {
        if let reference { return "\(scheme):\(path):\(reference)" }
        // Without a closing colon what follows the path's first one would be the name.
        return "\(scheme):\(path)" + (path.utf8.contains(UInt8(ascii: ":")) ? ":" : "")
    }

    /// The file or directory; nil for an engine or a registry.
    package var path: String? {
        switch self {
        case .dockerArchive(let path, _), .layout(let path, _), .ociArchive(let path, _): path
        case .engine, .registry: nil
        }
    }

    /// The name that was given with it.
    package var reference: String? {
        switch self {
        case .dockerArchive(_, let reference), .layout(_, let reference), .ociArchive(_, let reference),
            .engine(let reference):
            reference
        case .registry(let reference): "\(reference)"
        }
    }
}
