// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CCompress
import Glibc

/// Takes the compression off a stream, strictly: one xz stream, or gzip members or zstd frames end to end, and then
/// nothing more. Which of them it is, or none, is read from the first bytes.
///
/// With threads it decodes ahead of who reads, in threads that are gone when this value is; what is so short that one
/// buffer holds it is not worth one. The source is read by the reader's own thread in any case, and errors come where
/// they would without threads: after everything that stands before them, unless the source itself throws.
package struct DecodingSource<Source: ByteSource & ~Copyable>: ByteSource, ~Copyable {
    private var source: Source
    private var decoding: Decoding
    /// What has been read and not decoded yet.
    private var input: InputBuffer
    private var sourceEnded = false
    private var ended = false

    private enum Decoding {
        case none
        case here(Decoder)
        case ahead(DecoderAhead)
    }

    /// Reads the first bytes of `source`. `threads` are those that decode beside the reader's own: with 0 all is done
    /// when it is asked for, more than one help with xz in several blocks only.
    package init(_ source: consuming Source, threads: Int = 0) throws(ArchiveError) {
        self.source = source
        decoding = .none
        input = InputBuffer()
        while input.hasRoom && !sourceEnded { sourceEnded = try input.fill(from: &self.source) == 0 }
        guard let filter = Self.filter(of: input.unread) else { return }
        if threads > 0 && !sourceEnded, let ahead = bio_ahead_new(filter, UInt32(threads)) {
            decoding = .ahead(DecoderAhead(ahead))
        } else if let decoder = bio_decoder_new(filter, 1) {
            decoding = .here(Decoder(decoder))
        } else if let problem = bio_late_codec_problem() {
            throw .libraryMissing(String(cString: problem))
        } else {
            throw Self.exhausted
        }
    }

    private static var memoryLimit: Int64 { 256 << 20 }
    private static var exhausted: ArchiveError {
        .system(SystemError("decode", "the archive", Errno(rawValue: ENOMEM)))
    }

    /// The compression that begins with `start`; nil for none.
    private static func filter(of start: UnsafeRawBufferPointer) -> bio_filter? {
        if start.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return BIO_FILTER_XZ }
        if start.starts(with: [0x1F, 0x8B]) { return BIO_FILTER_GZIP }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return BIO_FILTER_ZSTD }
        return nil
    }

    package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if ended { return 0 }
        let count =
            switch decoding {
            case .none: try readPlain(into: buffer)
            case .here(let decoder): try decode(decoder.raw, into: buffer)
            case .ahead(let ahead): try take(from: ahead.raw, into: buffer)
            }
        ended = count == 0
        return count
    }

    private mutating func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if input.isEmpty { return sourceEnded ? 0 : try source.read(into: buffer) }
        return input.move(into: buffer)
    }

    private mutating func decode(
        _ decoder: OpaquePointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) -> Int {
        while true {
            if input.isEmpty && !sourceEnded { sourceEnded = try input.fill(from: &source) == 0 }
            let unread = input.unread
            var (used, produced) = (unread.count, buffer.count)
            let result = bio_decoder_step(
                decoder, unread.baseAddress, &used, buffer.baseAddress, &produced, sourceEnded ? 1 : 0)
            input.drop(used)
            if result == BIO_DECODE_END { return 0 }
            if result != BIO_DECODE_MORE { throw Self.failure(result, bio_decoder_text(decoder)) }
            if produced > 0 { return produced }
        }
    }

    /// Feeds the decoder with all it has room for, and takes what it has.
    private mutating func take(
        from ahead: OpaquePointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) -> Int {
        while true {
            var start: UnsafeMutableRawPointer?
            var count = 0
            switch bio_ahead_next(ahead, &start, &count) {
            case BIO_AHEAD_FEED:
                let room = UnsafeMutableRawBufferPointer(start: start, count: count)
                let fed = input.isEmpty ? try source.read(into: room) : input.move(into: room)
                bio_ahead_feed(ahead, fed)
            case BIO_AHEAD_OUTPUT:
                let decoded = UnsafeRawBufferPointer(start: start, count: count)
                let taken = min(count, buffer.count)
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: decoded[..<taken]))
                bio_ahead_take(ahead, taken)
                return taken
            default:
                let result = bio_ahead_result(ahead)
                if result == BIO_DECODE_END { return 0 }
                throw Self.failure(result, bio_ahead_text(ahead))
            }
        }
    }

    private static func failure(_ result: bio_decode_result, _ text: UnsafePointer<CChar>) -> ArchiveError {
        switch result {
        case BIO_DECODE_MEMORY: .tooLarge(.decoderMemory, limit: memoryLimit)
        case BIO_DECODE_EXHAUSTED: exhausted
        case BIO_DECODE_TRUNCATED: .truncated
        case BIO_DECODE_TRAILING: .trailing
        default: .malformed(String(cString: text))
        }
    }
}

// Classes, because the deinit of a generic noncopyable struct is not run when a generic class holds it (Swift 6.3).

private final class Decoder {
    let raw: OpaquePointer
    init(_ raw: OpaquePointer) { self.raw = raw }
    deinit { bio_decoder_free(raw) }
}

private final class DecoderAhead {
    let raw: OpaquePointer
    init(_ raw: OpaquePointer) { self.raw = raw }
    deinit { bio_ahead_free(raw) }
}

/// Bytes on their way from a source to a decoder.
private struct InputBuffer: ~Copyable {
    private let bytes: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    init() { bytes = .allocate(byteCount: 1 << 16, alignment: 64) }

    deinit { bytes.deallocate() }

    var isEmpty: Bool { start == end }
    var hasRoom: Bool { end < bytes.count }
    var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start..<end]) }

    /// Reads behind what is there, or from the front when nothing is.
    /// - Returns: how many bytes came; 0 at the end of the source.
    mutating func fill<Source: ByteSource & ~Copyable>(from source: inout Source) throws(ArchiveError) -> Int {
        if isEmpty { (start, end) = (0, 0) }
        let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
        end += count
        return count
    }

    mutating func drop(_ count: Int) { start += count }

    /// As much as `buffer` takes.
    mutating func move(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, end - start)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: unread[..<count]))
        start += count
        return count
    }
}
