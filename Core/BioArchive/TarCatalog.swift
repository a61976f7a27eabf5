// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

/// Where the members of an uncompressed tar lie, so that one can be read without reading those before it. Headers alone
/// are read; nothing that is said of a body is believed before it is read.
///
/// For archives that others made: ustar, pax and GNU headers, with or without a leading `./`. A header that can be read
/// in two ways is refused, and so are two members with one path.
package struct TarCatalog: Sendable {
    package struct Entry: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case file, directory
            /// The target as it stands in the archive.
            case symlink([UInt8])
            case hardLink([UInt8])
            /// A device or another kind that has no bytes.
            case other
        }

        package let kind: Kind
        /// Of the body's first byte in the archive.
        package let offset: Int64
        package let size: Int64

        /// The kind in words, for messages.
        package var noun: String {
            switch kind {
            case .file: "file"
            case .directory: "directory"
            case .symlink: "symbolic link"
            case .hardLink: "hard link"
            case .other: "device or fifo"
            }
        }
    }

    /// What an archive may ask for.
    package struct Limits: Hashable, Sendable {
        package var members: Int
        /// Bytes of all names and targets.
        package var pathBytes: Int

        package init(members: Int = 100_000, pathBytes: Int = 32 << 20) {
            self.members = members
            self.pathBytes = pathBytes
        }
    }

    private var entries: [[UInt8]: Entry] = [:]

    /// The member `path`, written without a leading `./`.
    package subscript(path: some Sequence<UInt8>) -> Entry? { entries[Array(path)] }

    package var isEmpty: Bool { entries.isEmpty }

    /// Reads the headers of `file`, which can be read at any place; its position neither matters nor moves. `path` is for
    /// errors only.
    package init(
        _ file: borrowing FileDescriptor, path: String, limits: Limits = Limits(), cancellation: Cancellation = .never
    ) throws(ArchiveError) {
        var reader = try TarHeaderReader(file, path: path)
        var pathBytes = 0
        while let (name, entry) = try reader.next() {
            if cancellation.isRequested { throw .cancelled }
            // The top of what was packed by `tar -C DIR .`
            if name == [UInt8(ascii: ".")] || name == Array("./".utf8) { continue }
            let plain = try MemberPath.plain(name)
            pathBytes += plain.count + (try Self.target(of: entry, plain)).count
            if entries.count >= limits.members { throw .tooLarge(.members, limit: Int64(limits.members)) }
            if pathBytes > limits.pathBytes { throw .tooLarge(.pathBytes, limit: Int64(limits.pathBytes)) }
            if let known = entries[plain], known.kind != .directory || entry.kind != .directory {
                throw .duplicate(path: plain)
            }
            entries[plain] = entry
        }
    }

    /// What a link holds, which is kept as names are; nothing for other members.
    private static func target(of entry: Entry, _ path: [UInt8]) throws(ArchiveError) -> [UInt8] {
        switch entry.kind {
        case .symlink(let target), .hardLink(let target):
            if target.count > MemberPath.limit { throw .linkTarget(path: path, target: target, .tooLong) }
            return target
        case .file, .directory, .other: return []
        }
    }
}
