// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioSystem
import Glibc

/// Why a layer cannot be made or kept.
package enum LayerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No image may have layers of this compression.
    case compression(Compression)
    /// A layer that was known came out as another one.
    case differs(title: String, cache: String)
    /// Somebody else may write to the directory of the cache.
    case unsafeCache(path: String)
    /// Something at the cache that is needed does not go.
    case cache(SystemError)

    package var description: String {
        switch self {
        case .compression(let compression):
            "a layer cannot be compressed with \(compression): no image format knows that"
        case .differs(let title, _): "the layer '\(title)' is not what the layer cache knew of it; the entry is removed"
        case .unsafeCache(let path): "the layer cache '\(path)' is not used: others than you may write to it"
        case .cache(let error): "the layer cache cannot be used: \(error)"
        }
    }

    package var hint: String? {
        switch self {
        case .compression: "use gzip, gzip:fast, gzip:small, zstd, zstd:N or none"
        case .differs: "run the command again, and 'bio cache verify' for the other layers"
        case .unsafeCache(let path):
            "make it yours (chmod go-w '\(path)'), or name another place with --layer-cache"
        case .cache(let error):
            switch error.errno {
            case .permissionDenied, Errno(rawValue: EROFS):
                "name another place with --layer-cache or BIO_LAYER_CACHE; 'none' goes without"
            default: error.hint
            }
        }
    }
}
