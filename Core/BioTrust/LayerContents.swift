// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioSystem

/// A layer of an image, read to its end: what is in it, and what its tar would be if `layer/1` had made it.
package struct LayerContents: Sendable {
    package struct Member: Hashable, Sendable {
        package let member: LayerMember
        /// BLAKE2b-256 of a file's content; nil of everything else.
        package let digest: Digest?
    }

    /// In the order of the tar.
    package private(set) var members: [Member] = []
    /// SHA-256 of the tar as it is.
    package private(set) var diffID: Digest
    /// SHA-256 of the tar that the recipe makes of the same members and contents; nil when it makes none of them. What
    /// a member alone does not show is in this: extended attributes, owners' names, how headers are written, padding.
    package private(set) var recipeDiffID: Digest?
    /// Bytes of the tar, and of all paths and targets, for limits.
    package private(set) var tarSize: Int64
    package private(set) var pathBytes: Int64 = 0

    /// Reads all of `source`, compressed or not. Memory is that of the list of members.
    package init(
        _ source: any ByteSource, limits: PayloadReader.Limits, cancellation: Cancellation
    ) throws(ArchiveError) {
        var reader = try ForeignLayerReader(
            OpenedBlob(source), limits: limits, decoderThreads: 1, cancellation: cancellation)
        var tar = RecipeTar()
        var content = BLAKE2bHasher()
        while let member = try reader.next() {
            tar.begin(member)
            var digest: Digest?
            if member.kind == .file {
                while let block = try reader.nextBlock() {
                    content.update(block)
                    tar.body(block)
                }
                digest = content.finalize()
            }
            tar.end(member)
            members.append(Member(member: member, digest: digest))
            pathBytes += Int64(member.path.count)
        }
        diffID = try reader.diffID()
        tarSize = reader.tarSize
        recipeDiffID = tar.finish()
    }
}

/// The digest of the tar that `layer/1` makes of members that come by.
private struct RecipeTar: ~Copyable {
    private var hasher = SHA256Hasher()
    private var last: [UInt8]?
    private var isPossible = true

    mutating func begin(_ member: LayerMember) {
        guard isPossible else { return }
        // Every path once, in the order of their bytes.
        if let last, !last.precedes(member.path) { isPossible = false }
        last = member.path
        guard let blocks = Self.blocks(of: member) else {
            isPossible = false
            return
        }
        blocks.withUnsafeBytes { hasher.update($0) }
    }

    mutating func body(_ block: UnsafeRawBufferPointer) { if isPossible { hasher.update(block) } }

    mutating func end(_ member: LayerMember) {
        guard isPossible, member.kind == .file else { return }
        TarHeader.padding(after: member.size).withUnsafeBytes { hasher.update($0) }
    }

    mutating func finish() -> Digest? {
        guard isPossible else { return nil }
        [UInt8](repeating: 0, count: 1024).withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }

    private static func blocks(of member: LayerMember) -> [UInt8]? {
        let kind: TarMember.Kind
        switch member.kind {
        case .file: kind = .file
        case .directory: kind = .directory
        case .symlink(let target): kind = .symlink(target)
        case .hardLink(let target): kind = .hardLink(target)
        case .characterDevice, .blockDevice, .fifo, .whiteout, .opaque: return nil
        }
        let plain = TarMember(
            path: member.path, kind: kind, mode: member.mode, size: kind == .file ? member.size : 0,
            mtime: member.mtime)
        return try? TarHeader.blocks(of: plain)
    }
}

/// A source behind its type.
private struct OpenedBlob: ByteSource {
    private var source: any ByteSource

    init(_ source: any ByteSource) { self.source = source }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        try source.read(into: buffer)
    }
}
