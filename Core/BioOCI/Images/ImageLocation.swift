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

    package var description: String {
        func text(_ scheme: String, _ path: String, _ reference: String?) -> String {
            "\(scheme):\(path)" + (reference.map { ":\($0)" } ?? "")
        }
        return switch self {
        case .dockerArchive(let path, let reference): text("docker-archive", path, reference)
        case .layout(let path, let reference): text("oci", path, reference)
        case .ociArchive(let path, let reference): text("oci-archive", path, reference)
        case .engine(let reference): "docker-daemon" + (reference.map { ":\($0)" } ?? "")
        }
    }
}
