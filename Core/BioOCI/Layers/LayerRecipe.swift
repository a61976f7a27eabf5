// SPDX-License-Identifier: Apache-2.0

import BioArchive

/// The rules by which the content of a layer becomes a tar (docs/reference/layers.md). What they fix beyond those of
/// every tar that is written here (`TarRecipe`) is what a member is: its time and its mode.
package enum LayerRecipe {
    /// Changes whenever the same content would give other bytes.
    package static let version = "layer/1"

    /// Of every member: second 1, because older tars warn about second 0. No setting changes it, so that one package is
    /// one layer for everybody.
    package static let time: Int64 = 1

    /// Of directories that nobody named, those above a package among them.
    package static let impliedDirectoryMode: UInt32 = 0o755

    /// The mode of a directory: at `flavourRoot` and below it the group gets what the user has, so that a process of any
    /// user id works there as a member of group 0.
    package static func directoryMode(_ mode: UInt32, at path: [UInt8], flavourRoot: [UInt8]) -> UInt32 {
        guard path.starts(with: flavourRoot), path.count == flavourRoot.count || path[flavourRoot.count] == 0x2F else {
            return mode
        }
        return mode & ~0o070 | (mode & 0o700) >> 3
    }
}
