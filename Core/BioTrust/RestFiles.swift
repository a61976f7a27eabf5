// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto

/// What a layer holds that no package vouches for: the links, users and start script of an image, or anything else.
package struct RestFiles: Hashable, Sendable {
    /// Something that cannot be traced to a package.
    package struct Own: Hashable, Sendable {
        /// Without a slash in front.
        package let path: [UInt8]
        /// `file`, `symlink`, `hard link`, `device`, `fifo`, `whiteout`.
        package let kind: String
        package let mode: UInt32
        /// Bytes of a file.
        package let size: Int64
        /// BLAKE2b-256 of a file.
        package let digest: Digest?
        /// Of links.
        package let target: [UInt8]
    }

    /// As many of `own` are kept.
    package static let mostKept = 1000

    package private(set) var directories = 0
    /// Symbolic links to files of packages.
    package private(set) var links = 0
    /// Files whose contents are those of files of packages.
    package private(set) var copies = 0
    /// The others, by their order in the tar; `ownCount` are all of them.
    package private(set) var own: [Own] = []
    package private(set) var ownCount = 0

    package init() {}

    package var isEmpty: Bool { directories + links + copies + ownCount == 0 }

    /// - Parameters:
    ///   - isPackageFile: whether a file of a package has this content.
    ///   - paths: tells a link into a package.
    mutating func add(_ entry: LayerContents.Member, _ paths: PackagePaths, isPackageFile: (Digest) -> Bool) {
        let member = entry.member
        switch member.kind {
        case .directory: directories += 1
        case .symlink(let target) where target.first == 0x2F && paths.ident(of: Array(target.dropFirst())) != nil:
            links += 1
        case .file where member.size > 0 && entry.digest.map(isPackageFile) == true: copies += 1
        default:
            ownCount += 1
            if own.count < Self.mostKept { own.append(Own(entry)) }
        }
    }
}

extension RestFiles.Own {
    fileprivate init(_ entry: LayerContents.Member) {
        let member = entry.member
        var target: [UInt8] = []
        switch member.kind {
        case .file: kind = "file"
        case .directory: kind = "directory"
        case .symlink(let text): (kind, target) = ("symlink", text)
        case .hardLink(let text): (kind, target) = ("hard link", text)
        case .characterDevice, .blockDevice: kind = "device"
        case .fifo: kind = "fifo"
        case .whiteout, .opaque: kind = "whiteout"
        }
        path = member.path
        mode = member.mode
        size = member.kind == .file ? member.size : 0
        digest = entry.digest
        self.target = target
    }
}
