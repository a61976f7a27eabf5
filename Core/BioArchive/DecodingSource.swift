// SPDX-License-Identifier: Apache-2.0

import CCompress

/// Takes the compression off a stream, strictly: one xz stream, or gzip members or zstd frames end to end, and then
/// nothing more. Which of them it is, or none, is read from the first bytes.
package struct DecodingSource<Source: ByteSource & ~Copyable>: ByteSource, ~Copyable {
    private var source: Source
    private var decoder: OpaquePointer?
    private let filter: bio_filter?
    private let input: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var sourceEnded = false
    private var ended = false

    private static var inputSize: Int { 1 << 16 }

    /// Reads the first bytes of `source`. `threads` helps xz with several blocks only.
    package init(_ source: consuming Source, threads: Int = 1) throws(ArchiveError) {
        self.source = source
        input = .allocate(byteCount: Self.inputSize, alignment: 16)
        let magic: [UInt8]
        do throws(ArchiveError) {
            while end < 6 && !sourceEnded {
                let room = UnsafeMutableRawBufferPointer(rebasing: input[end...])
                let count = try self.source.read(into: room)
                end += count
                sourceEnded = count == 0
            }
            magic = Array(input[..<min(end, 6)])
        } catch {
            filter = nil
            decoder = nil
            throw error
        }
        filter = Self.filter(of: magic)
        if let filter {
            decoder = bio_decoder_new(filter, UInt32(max(threads, 1)))
            guard decoder != nil else {
                if let problem = bio_late_codec_problem() { throw .libraryMissing(String(cString: problem)) }
                throw .tooLarge(.decoderMemory, limit: 256 << 20)
            }
        }
    }

    deinit {
        bio_decoder_free(decoder)
        input.deallocate()
    }

    /// The compression that begins with `magic`; nil for none.
    private static func filter(of magic: [UInt8]) -> bio_filter? {
        if magic.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return BIO_FILTER_XZ }
        if magic.starts(with: [0x1F, 0x8B]) { return BIO_FILTER_GZIP }
        if magic.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return BIO_FILTER_ZSTD }
        return nil
    }

    package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        guard let decoder else { return try readPlain(into: buffer) }
        while !ended {
            if start == end { try fill() }
            var used = end - start
            var produced = buffer.count
            let given = used
            let result = bio_decoder_step(
                decoder, UnsafeRawPointer(input.baseAddress!) + start, &used, buffer.baseAddress, &produced,
                sourceEnded ? 1 : 0)
            start += used
            switch result {
            case BIO_DECODE_END: try streamEnded(decoder)
            case BIO_DECODE_MORE:
                if produced == 0 && used == 0 && given == 0 && sourceEnded { throw .truncated }
            case BIO_DECODE_MEMORY: throw .tooLarge(.decoderMemory, limit: 256 << 20)
            default: throw .malformed(String(cString: bio_decoder_text(decoder)))
            }
            if produced > 0 { return produced }
        }
        return 0
    }

    private mutating func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if start == end { return sourceEnded ? 0 : try source.read(into: buffer) }
        let count = min(buffer.count, end - start)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[start..<start + count]))
        start += count
        return count
    }

    private mutating func fill() throws(ArchiveError) {
        start = 0
        end = 0
        guard !sourceEnded else { return }
        end = try source.read(into: input)
        sourceEnded = end == 0
    }

    /// One stream is complete: the end, or another member, or something that does not belong here.
    private mutating func streamEnded(_ decoder: OpaquePointer) throws(ArchiveError) {
        if start == end { try fill() }
        if start == end {
            ended = true
            return
        }
        let next = input[start]
        guard (filter == BIO_FILTER_GZIP && next == 0x1F) || (filter == BIO_FILTER_ZSTD && next == 0x28) else {
            throw .trailing
        }
        bio_decoder_reset(decoder)
    }
}
