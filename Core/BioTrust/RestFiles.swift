// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto

/// What a layer holds that no package vouches for: the links, users and start script of an image, or anything else.
package struct RestFiles: Hashable, Sendable {
    /// Something that cannot be traced to a package.
    package struct Own: Hashable, Sendable {
        /// Without a slash in front.
        package let path: [UInt8]
        /// `file`, `directory`, `symlink`, `hard link`, `device`, `fifo`, `whiteout`.
        package let kind: String
        package let mode: UInt32
        /// Bytes of a file.
        package let size: Int64
        /// BLAKE2b-256 of a file.
        package let digest: Digest?
        /// Of links.
        package let target: [UInt8]
        /// It may give whoever runs in a container more than it seems to: set-id bits, a device, a directory that
        /// everybody may write to, a hard link, a library that is loaded into all programs.
        package let isNotable: Bool
    }

    /// As many are kept of what is not notable.
    package static let mostKept = 1000

    package private(set) var directories = 0
    /// Symbolic links to what packages of the image have.
    package private(set) var links = 0
    /// Files whose contents are those of files of packages.
    package private(set) var copies = 0
    /// All others.
    package private(set) var ownCount = 0
    private var notable: [Own] = []
    private var programs: [Own] = []
    private var others: [Own] = []

    package init() {}

    package var isEmpty: Bool { directories + links + copies + ownCount == 0 }

    /// What is notable, all of it; then links and what can be run, then the rest. Each by its order in the tar.
    package var own: [Own] { notable + (programs + others).prefix(Self.mostKept) }

    /// - Parameters:
    ///   - isPackageFile: whether a file of a package has this content.
    ///   - isPackagePath: whether a package of the image has this path.
    mutating func add(
        _ entry: LayerContents.Member, isPackageFile: (Digest) -> Bool, isPackagePath: ([UInt8]) -> Bool
    ) {
        let member = entry.member
        let own = Own(entry)
        switch member.kind {
        case _ where own.isNotable: notable.append(own)
        case .directory:
            directories += 1
            return
        case .symlink(let target) where Self.isPlain(target) && isPackagePath(Array(target.dropFirst())):
            links += 1
            return
        case .file where member.size > 0 && entry.digest.map(isPackageFile) == true:
            copies += 1
            return
        case .symlink: if programs.count < Self.mostKept { programs.append(own) }
        case .file where member.mode & 0o111 != 0: if programs.count < Self.mostKept { programs.append(own) }
        default: if others.count < Self.mostKept { others.append(own) }
        }
        ownCount += 1
    }

    /// Whether a link's target is an absolute path as packages' are known by.
    private static func isPlain(_ target: [UInt8]) -> Bool {
        target.first == 0x2F
            && target.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
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
        isNotable = Self.isNotable(member)
    }

    /// Directories that everybody may write to in every system; elsewhere the sticky bit does not make up for it.
    private static let openDirectories = ["tmp", "var/tmp"].map { Array($0.utf8) }
    /// Names the libraries that the loader loads into each program.
    private static let preload = Array("etc/ld.so.preload".utf8)

    private static func isNotable(_ member: LayerMember) -> Bool {
        if member.path == preload { return true }
        switch member.kind {
        case .file: return member.mode & 0o7002 != 0
        case .directory where openDirectories.contains(member.path): return member.mode & 0o7002 != 0o1002
        case .directory: return member.mode & 0o6002 != 0
        case .hardLink, .characterDevice, .blockDevice: return true
        case .symlink, .fifo, .whiteout, .opaque: return false
        }
    }
}
