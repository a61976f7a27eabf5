// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import CArchive

/// Reads an untrusted tar, compressed or not, member by member.
///
/// A member is handed out only when its name, kind and links keep the rules of `MemberPath` and the limits hold;
/// the end is reported only when the archive really ends there. Nothing is written and no link is looked at: that an
/// archive is consistent with itself (duplicates, writing through links) is for `MemberTree` to check.
/// After an error the reader is of no use.
package struct PayloadReader: ~Copyable {
    /// What an archive may ask for. Counts are checked before the member that passes them is handed out.
    package struct Limits: Hashable, Sendable {
        /// Bytes of all bodies together, and of the headers that only describe members.
        package var totalBytes: Int64
        /// For a `MemberTree` the directories that are only implied count too.
        package var members: Int64
        /// Bytes of all paths together, for who keeps them (`MemberTree`).
        package var pathBytes: Int64

        package init(totalBytes: Int64 = 1 << 40, members: Int64 = 10_000_000, pathBytes: Int64 = 256 << 20) {
            self.totalBytes = totalBytes
            self.members = members
            self.pathBytes = pathBytes
        }
    }

    private let payload: OpaquePointer
    private let feed: PayloadFeed
    private let limits: Limits
    private let skipsTop: Bool
    private var totalBytes: Int64 = 0
    private var members: Int64 = 0
    private var current: TarMember?
    /// Bytes of the current body so far.
    private var delivered: Int64 = 0

    /// Reads the first bytes to learn the compression. `decoderThreads` decode beside the caller's: with 0 all is done
    /// on the caller's, more than one help with xz in several blocks only. They are gone when this value is.
    /// With `skipsTop` a directory `./`, which `tar -C DIRECTORY .` writes, is passed over.
    /// `cancellation` is asked for every decoded piece: little compressed input can decode to very much.
    package init<Source: ByteSource & ~Copyable>(
        _ source: consuming Source, limits: Limits = Limits(), decoderThreads: Int = 0, skipsTop: Bool = false,
        cancellation: Cancellation = .never
    ) throws(ArchiveError) {
        let feed = PayloadFeedOf(try DecodingSource(source, threads: decoderThreads), cancellation)
        payload = try feed.open()
        self.feed = feed
        self.limits = limits
        self.skipsTop = skipsTop
    }

    deinit { bio_payload_close(payload) }

    /// The next member, checked; nil at the checked end. What was not read of the last body is skipped.
    package mutating func next() throws(ArchiveError) -> TarMember? {
        var raw = bio_member()
        let result = bio_payload_next(payload, &raw)
        let path = Array(UnsafeBufferPointer(start: raw.path, count: raw.path_count))
        switch result {
        case BIO_ARCHIVE_OK:
            if skipsTop, raw.type == UInt8(ascii: "5"), path.elementsEqual("./".utf8) { return try next() }
        case BIO_ARCHIVE_END: return nil
        case BIO_ARCHIVE_KIND: throw .memberKind(path: path, kind: PayloadFeed.noun(ofType: raw.type))
        case BIO_ARCHIVE_NUL: throw .memberName(path: path, .nul)
        case BIO_ARCHIVE_MALFORMED where bio_payload_fault(payload) == BIO_TAR_TWO_READINGS:
            // What is wrong with a name says more than that libarchive makes another one of it.
            _ = try Self.member(raw, path: path)
            throw failure(result)
        default: throw failure(result)
        }
        let member = try Self.member(raw, path: path)
        members += 1
        if members > limits.members { throw .tooLarge(.members, limit: limits.members) }
        // Not a sum that could overflow: sizes are the archive's word.
        if raw.size > limits.totalBytes - totalBytes { throw .tooLarge(.totalBytes, limit: limits.totalBytes) }
        totalBytes += raw.size
        // At most 1 MiB a member.
        totalBytes += min(raw.extension_size, limits.totalBytes - totalBytes)
        current = member
        delivered = 0
        return member
    }

    /// The next piece of the current member's body, valid until the next call of this reader; nil at its end.
    package mutating func nextBlock() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        var start: UnsafeRawPointer?
        var count = 0
        let result = bio_payload_block(payload, &start, &count)
        guard result == BIO_ARCHIVE_OK else { throw failure(result) }
        delivered += Int64(count)
        if count > 0 { return UnsafeRawBufferPointer(start: start, count: count) }
        if let current, current.size != delivered {
            throw .bodySize(path: current.path, announced: current.size, delivered: delivered)
        }
        return nil
    }

    /// The whole body of the current member, refused when longer than `limit` bytes. For small files.
    package mutating func body(limit: Int) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let block = try nextBlock() {
            if block.count > limit - bytes.count { throw .tooLarge(.bodyBytes, limit: Int64(limit)) }
            bytes.append(contentsOf: block)
        }
        return bytes
    }

    private static func member(_ raw: bio_member, path: [UInt8]) throws(ArchiveError) -> TarMember {
        let plain = try MemberPath.plain(path)
        let link = Array(UnsafeBufferPointer(start: raw.link, count: raw.link_count))
        let kind: TarMember.Kind
        switch raw.type {
        case UInt8(ascii: "1"):
            do throws(ArchiveError) { kind = .hardLink(try MemberPath.plain(link)) } catch {
                throw .hardLinkOutside(path: plain, target: link)
            }
        case UInt8(ascii: "2"):
            try MemberPath.checkSymlink(link, of: plain)
            kind = .symlink(link)
        case UInt8(ascii: "5"): kind = .directory
        default:
            // Before type flags, a closing slash made a directory; readers still differ on it.
            if path.last == UInt8(ascii: "/") { throw .memberName(path: path, .fileWithSlash) }
            kind = .file
        }
        guard 0..<TarMember.timeLimit ~= raw.mtime else { throw .memberTime(path: plain, seconds: raw.mtime) }
        return TarMember(path: plain, kind: kind, mode: raw.mode, size: raw.size, mtime: raw.mtime)
    }

    private func failure(_ result: bio_archive_result) -> ArchiveError { feed.failure(result, of: payload) }
}
