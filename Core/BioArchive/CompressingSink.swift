// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CCompress
import Glibc

/// Compresses what is written and passes it on in order.
///
/// The work is cut into pieces of 1 MiB (gzip members, zstd frames; xz blocks of 24 MiB) that do not depend on each
/// other, so the output is the same for any number of threads and any sizes of write. Memory is a few MiB a thread;
/// with xz about 150 MiB a thread. An empty input gives one valid empty member. The downstream is called on the
/// writer's thread only.
package struct CompressingSink<Downstream: ByteSink & ~Copyable>: ByteSink, ~Copyable {
    private var downstream: Downstream
    private let engine: Engine?

    /// `threads` above 1 compress beside the caller; with 1 all happens in the calls. Once `isCancelled` says so, calls
    /// end with `.cancelled`, also in the middle of what takes long; it is asked on the writer's thread.
    package init(
        _ compression: Compression, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false },
        into downstream: consuming Downstream
    ) throws(ArchiveError) {
        self.downstream = downstream
        engine = try compression.codec.map { codec throws(ArchiveError) in
            try Engine(codec.codec, level: codec.level, threads: threads, isCancelled: isCancelled)
        }
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        guard let engine else { return try downstream.write(bytes) }
        var rest = bytes
        while !rest.isEmpty {
            var place: UnsafeMutableRawPointer?
            let room = bio_compressor_room(engine.raw, &place)
            if let place, room > 0 {
                let count = min(room, rest.count)
                place.copyMemory(from: rest.baseAddress!, byteCount: count)
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                guard bio_compressor_filled(engine.raw, count) != 0 else { throw engine.failure }
            }
            try passOn()
        }
    }

    /// Ends the compressed stream and gives the downstream back. Without this call the output is not complete.
    package consuming func finish() throws(ArchiveError) -> Downstream {
        if let engine {
            try passOn()
            guard bio_compressor_finish(engine.raw) != 0 else { throw engine.failure }
            try passOn()
        }
        return downstream
    }

    private mutating func passOn() throws(ArchiveError) {
        guard let engine else { return }
        while true {
            if engine.isCancelled() { throw .cancelled }
            var start: UnsafeRawPointer?
            var count = 0
            let result = bio_compressor_take(engine.raw, &start, &count)
            if result < 0 { throw engine.failure }
            if result == 0 { return }
            try downstream.write(UnsafeRawBufferPointer(start: start, count: count))
            bio_compressor_release(engine.raw)
        }
    }
}

/// Owns the C compressor. A class, so that the sink has no deinit and can hand its downstream back.
private final class Engine {
    let raw: OpaquePointer
    let isCancelled: @Sendable () -> Bool

    init(
        _ codec: bio_codec, level: Int32, threads: Int, isCancelled: @escaping @Sendable () -> Bool
    ) throws(ArchiveError) {
        guard let raw = bio_compressor_new(codec, level, UInt32(max(1, min(threads, 256)))) else {
            if let problem = bio_late_codec_problem() { throw .libraryMissing(String(cString: problem)) }
            throw .system(SystemError("start a compressor", "\(threads) threads", Errno(rawValue: ENOMEM)))
        }
        self.raw = raw
        self.isCancelled = isCancelled
        // SAFETY: unretained, because the compressor goes with this object.
        bio_compressor_watch(
            raw,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Engine>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Why a call failed.
    var failure: ArchiveError { isCancelled() ? .cancelled : .malformed("the compressor failed") }

    deinit { bio_compressor_free(raw) }
}
