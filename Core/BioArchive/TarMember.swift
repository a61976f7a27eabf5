// SPDX-License-Identifier: Apache-2.0

/// One entry of a tar, its body apart.
package struct TarMember: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        case directory
        /// The target as it stands in the archive.
        case symlink([UInt8])
        /// The path of an earlier file of the same archive.
        case hardLink([UInt8])
    }

    /// Times are before this: what eleven octal digits hold, the year 2242.
    package static let timeLimit: Int64 = 1 << 33

    /// Relative, without a leading `./` or a closing `/`; bytes, which need not be UTF-8.
    package var path: [UInt8]
    package var kind: Kind
    /// Permission, set-id and sticky bits (07777).
    package var mode: UInt32
    /// Bytes of the body; 0 unless a file.
    package var size: Int64
    /// Seconds since 1970.
    package var mtime: Int64

    package init(path: [UInt8], kind: Kind, mode: UInt32, size: Int64 = 0, mtime: Int64 = 0) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.size = size
        self.mtime = mtime
    }
}

extension TarMember.Kind {
    /// The kind in words, for messages.
    package var noun: String {
        switch self {
        case .file: "file"
        case .directory: "directory"
        case .symlink: "symbolic link"
        case .hardLink: "hard link"
        }
    }
}
