// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// Where artifacts and keys are kept (package-model: 3.3 "Cache location", 4).
///
/// Root keeps them under the file system root. Everybody else keeps them in the home directory, and there FS_ROOT does
/// not count; without a home directory root's place is used.
package struct CachePaths: Hashable, Sendable {
    package let artifacts: String
    /// Finished layers of images.
    package let layers: String
    /// What is known of registries: where blobs were seen.
    package let registries: String
    /// Keys for signing, verifying, installing and key commands (docs/decisions/0005).
    package let keys: String

    /// `home` is the value of HOME, `keyPathOverride` that of HAB_CACHE_KEY_PATH; nil and empty mean not set.
    package init(root: FileSystemRoot, isRoot: Bool, home: String?, keyPathOverride: String? = nil) {
        let cache: String
        if !isRoot, let home, !home.isEmpty {
            let base = home.utf8.last == UInt8(ascii: "/") ? String(home.dropLast()) : home
            cache = "\(base)/\(root.flavour.homeDirectory)/cache"
        } else {
            cache = root.path("cache")
        }
        artifacts = "\(cache)/artifacts"
        layers = "\(cache)/layers"
        registries = "\(cache)/registries"
        keys = keyPathOverride.flatMap { $0.isEmpty ? nil : $0 } ?? "\(cache)/keys"
    }
}
