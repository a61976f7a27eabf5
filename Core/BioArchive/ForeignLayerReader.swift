// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioSystem
import CArchive

/// Reads the tar of a layer of an image that anybody made, compressed or not, member by member, and hashes it meanwhile.
///
/// What is read is what engines read; what they read in different ways is refused. Names are cleaned, and whiteouts are
/// told apart; that members agree with each other is not looked at. After an error the reader is of no use.
package struct ForeignLayerReader: ~Copyable {
    private let payload: OpaquePointer
    private let feed: LayerFeed
    private let limits: PayloadReader.Limits
    private var members: Int64 = 0
    private var pathBytes: Int64 = 0
    private var current: LayerMember?
    /// Bytes of the current body so far.
    private var delivered: Int64 = 0

    /// The arguments are those of `PayloadReader`; `limits` count the decoded bytes of the tar itself.
    package init<Source: ByteSource & ~Copyable>(
        _ source: consuming Source, limits: PayloadReader.Limits = .init(), decoderThreads: Int = 0,
        cancellation: Cancellation = .never
    ) throws(ArchiveError) {
        let feed = LayerFeedOf(
            try DecodingSource(source, threads: decoderThreads), limit: limits.totalBytes, cancellation)
        payload = try feed.open()
        bio_payload_expect_layer(payload)
        self.feed = feed
        self.limits = limits
    }

    deinit { bio_payload_close(payload) }

    /// The next member; nil at the end. What was not read of the last body is skipped.
    package mutating func next() throws(ArchiveError) -> LayerMember? {
        while true {
            guard let raw = try nextRaw() else { return nil }
            guard let member = try Self.member(raw) else { continue }
            current = member
            delivered = 0
            return member
        }
    }

    /// The next piece of the current member's body, valid until the next call of this reader; nil at its end.
    package mutating func nextBlock() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        var start: UnsafeRawPointer?
        var count = 0
        let result = bio_payload_block(payload, &start, &count)
        guard result == BIO_ARCHIVE_OK else { throw feed.failure(result, of: payload) }
        delivered += Int64(count)
        if count > 0 { return UnsafeRawBufferPointer(start: start, count: count) }
        if let current, current.size != delivered {
            throw .bodySize(path: current.path, announced: current.size, delivered: delivered)
        }
        return nil
    }

    /// SHA-256 of the whole tar, with what stands behind its end: the diff id. Call after the last member.
    package mutating func diffID() throws(ArchiveError) -> Digest { try feed.finish() }

    /// Bytes of the tar that have been read.
    package var tarSize: Int64 { feed.tarSize }

    private mutating func nextRaw() throws(ArchiveError) -> bio_member? {
        var raw = bio_member()
        let result = bio_payload_next(payload, &raw)
        let path = UnsafeBufferPointer(start: raw.path, count: raw.path_count)
        switch result {
        case BIO_ARCHIVE_OK: break
        case BIO_ARCHIVE_END: return nil
        case BIO_ARCHIVE_KIND: throw .memberKind(path: Array(path), kind: PayloadFeed.noun(ofType: raw.type))
        case BIO_ARCHIVE_NUL: throw .memberName(path: Array(path), .nul)
        default: throw feed.failure(result, of: payload)
        }
        members += 1
        if members > limits.members { throw .tooLarge(.members, limit: limits.members) }
        pathBytes += Int64(raw.path_count + raw.link_count)
        if pathBytes > limits.pathBytes { throw .tooLarge(.pathBytes, limit: limits.pathBytes) }
        return raw
    }

    /// Nil for what means nothing.
    private static func member(_ raw: bio_member) throws(ArchiveError) -> LayerMember? {
        let path = try LayerPath.clean(Array(UnsafeBufferPointer(start: raw.path, count: raw.path_count)))
        func made(_ path: [UInt8], _ kind: LayerMember.Kind) -> LayerMember {
            LayerMember(
                path: path, kind: kind, mode: raw.mode, uid: raw.uid, gid: raw.gid, size: raw.size, mtime: raw.mtime)
        }
        switch try LayerPath.meaning(of: path) {
        case .entry: return made(path, try kind(raw, path))
        case .whiteout(let hidden): return made(hidden, .whiteout)
        case .opaque(let directory): return made(directory, .opaque)
        case .nothing: return nil
        }
    }

    private static func kind(_ raw: bio_member, _ path: [UInt8]) throws(ArchiveError) -> LayerMember.Kind {
        let link = Array(UnsafeBufferPointer(start: raw.link, count: raw.link_count))
        switch raw.type {
        case UInt8(ascii: "1"): return .hardLink(try LayerPath.clean(link))
        case UInt8(ascii: "2"):
            try MemberPath.checkSymlink(link, of: path)
            return .symlink(link)
        case UInt8(ascii: "3"): return .characterDevice(major: raw.device_major, minor: raw.device_minor)
        case UInt8(ascii: "4"): return .blockDevice(major: raw.device_major, minor: raw.device_minor)
        case UInt8(ascii: "5"): return .directory
        case UInt8(ascii: "6"): return .fifo
        default:
            // Before type flags, a closing slash made a directory; readers still differ on it.
            let last = raw.path_count > 0 ? raw.path[raw.path_count - 1] : 0
            if path.isEmpty || last == UInt8(ascii: "/") { throw .memberName(path: path, .fileWithSlash) }
            return .file
        }
    }
}

/// Hashes what is pulled through it.
private class LayerFeed: PayloadFeed {
    // Here and not in the generic class below, where its deinit would not be run (Swift 6.3).
    var hasher = SHA256Hasher()
    fileprivate(set) var tarSize: Int64 = 0

    final func finish() throws(ArchiveError) -> Digest {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { room.deallocate() }
        while try read(into: room) > 0 {}
        return hasher.finalize()
    }
}

private final class LayerFeedOf<Source: ByteSource & ~Copyable>: LayerFeed {
    private var source: Source
    private let cancellation: Cancellation
    private let limit: Int64

    init(_ source: consuming Source, limit: Int64, _ cancellation: Cancellation) {
        self.source = source
        self.limit = limit
        self.cancellation = cancellation
    }

    override func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if cancellation.isRequested { throw .cancelled }
        let count = try source.read(into: buffer)
        tarSize += Int64(count)
        if tarSize > limit { throw .tooLarge(.totalBytes, limit: limit) }
        hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }
}
