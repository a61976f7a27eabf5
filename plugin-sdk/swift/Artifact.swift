// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// Something an export makes. The C side of it is `bio_artifact`.
public struct Artifact: Sendable {
    public enum Role: UInt32, Sendable { case primary = 1, sidecar }
    public enum Place: Sendable, Equatable {
        /// Relative to the output directory.
        case file(String)
        case directory(String)
        case reference(String)
    }

    public var place: Place
    public var role: Role
    /// One of the format's `artifactKinds`.
    public var kind: String
    public var mediaType: String
    /// `sha256:…`, or empty: the host computes it.
    public var digest: String
    /// Bytes, or 0.
    public var size: UInt64
    public var isReproducible: Bool
    /// A file of text, at most 1 MiB, that is printed as the result, too.
    public var isShown = false

    public init(
        _ place: Place, role: Role = .primary, kind: String, mediaType: String = "", digest: String = "",
        size: UInt64 = 0, isReproducible: Bool = true
    ) {
        self.place = place
        self.role = role
        self.kind = kind
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.isReproducible = isReproducible
    }

    func withABI<R>(_ body: (UnsafePointer<bio_artifact>) -> R) -> R {
        let (form, path, reference): (UInt32, String, String) =
            switch place {
            case .file(let path): (1, path, "")
            case .directory(let path): (2, path, "")
            case .reference(let reference): (3, "", reference)
            }
        return path.withBioStr { path in
            reference.withBioStr { reference in
                kind.withBioStr { kind in
                    mediaType.withBioStr { mediaType in
                        digest.withBioStr { digest in
                            var raw = bio_artifact()
                            raw.struct_size = UInt32(MemoryLayout<bio_artifact>.size)
                            raw.flags = (isReproducible ? 1 : 0) | (isShown ? 2 : 0)
                            raw.form = form
                            raw.role = role.rawValue
                            raw.kind = kind.pointee
                            raw.media_type = mediaType.pointee
                            raw.path = path.pointee
                            raw.reference = reference.pointee
                            raw.digest = digest.pointee
                            raw.size = size
                            return body(&raw)
                        }
                    }
                }
            }
        }
    }
}
