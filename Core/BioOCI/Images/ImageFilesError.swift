// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto

/// Why the files of an image cannot be told.
package enum ImageFilesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place gives no layers.
    case noLayers(place: String)
    case layer(title: String, place: String, ArchiveError)
    /// The tar's digest is not the one in the configuration.
    case otherContent(title: String, place: String, found: Digest, announced: Digest)

    package var description: String {
        switch self {
        case .noLayers(let place): "the layers of '\(place)' cannot be read"
        case .layer(let title, let place, let error):
            "the layer '\(MemberPath.text(Array(title.utf8)))' of '\(place)' cannot be read: \(error)"
        case .otherContent(let title, let place, let found, let announced):
            "the layer '\(MemberPath.text(Array(title.utf8)))' of '\(place)' is not what its configuration says: "
                + "\(found) instead of \(announced)"
        }
    }

    package var hint: String? {
        switch self {
        case .noLayers:
            "an engine gives its layers only in an archive: docker save -o FILE IMAGE, then docker-archive:FILE"
        case .layer(_, _, let error): error.hint
        case .otherContent: "get the image again: it is damaged, or somebody has changed it"
        }
    }
}
