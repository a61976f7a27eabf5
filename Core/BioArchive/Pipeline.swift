// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CCompress
import Glibc
import Synchronization

/// What a pipeline's stream is made of and where it goes.
///
/// Each step (each inspection is one) is called by one thread at a time, for one piece after the other, and sees what
/// its earlier calls did. Different steps run at the same time, so what two of them share needs a lock. A step that
/// throws ends the run.
package protocol PipelineSteps: AnyObject {
    /// Puts the next bytes into `room`, from its start, and returns their number: fewer than fit only at the end.
    func fill(_ room: UnsafeMutableRawBufferPointer, piece: Int) throws -> Int
    /// How many inspections there are, at most two.
    var inspections: Int { get }
    /// Looks at all bytes of a piece as they were filled.
    func inspect(_ bytes: UnsafeRawBufferPointer, piece: Int, inspection: Int) throws
    /// Takes the next bytes of the compressed stream.
    func drain(_ bytes: UnsafeRawBufferPointer) throws
}

/// Fills, inspects, compresses and drains a stream with several threads, the caller's among them.
///
/// The stream is cut into pieces (gzip members of 1 MiB, zstd frames of 2 MiB, xz blocks of 24 MiB) that do not depend
/// on each other, so the output is the same for any number of threads. Memory is bounded: twice as many pieces as
/// threads, and two; with xz about 150 MiB a thread. An empty stream gives one valid empty member.
package struct Pipeline: Sendable {
    package let compression: Compression
    package let threads: Int
    private let isCancelled: @Sendable () -> Bool

    /// Once `isCancelled` says so, which any thread asks, a run ends with `ArchiveError.cancelled`.
    package init(
        _ compression: Compression, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.compression = compression
        self.threads = threads
        self.isCancelled = isCancelled
    }

    /// Runs until everything is drained, or throws what the first failing step threw. Afterwards no step is called.
    package func run(_ steps: any PipelineSteps) throws {
        let run = Run(steps, isCancelled)
        var table = Run.table
        table.inspections = UInt32(steps.inspections)
        let (codec, level) = compression.codec
        // SAFETY: unretained, because the run lives until the call is over, and no step is called after that.
        let result = withExtendedLifetime(run) {
            bio_pipeline_run(
                codec, level, UInt32(max(1, min(threads, 256))), &table, Unmanaged.passUnretained(run).toOpaque())
        }
        switch result {
        case BIO_PIPELINE_DONE: return
        case BIO_PIPELINE_CANCELLED: throw ArchiveError.cancelled
        case BIO_PIPELINE_LIBRARY:
            throw ArchiveError.libraryMissing(bio_late_codec_problem().map { String(cString: $0) } ?? "")
        case BIO_PIPELINE_MEMORY:
            throw ArchiveError.system(
                SystemError("compress with", "\(threads) threads", Errno(rawValue: ENOMEM)))
        default: throw run.failure ?? ArchiveError.malformed("the compressor failed")
        }
    }
}

/// One run, as C sees it.
private final class Run {
    private let steps: any PipelineSteps
    private let isCancelled: @Sendable () -> Bool
    private let thrown: Mutex<(any Error)?> = Mutex(nil)

    init(_ steps: any PipelineSteps, _ isCancelled: @escaping @Sendable () -> Bool) {
        self.steps = steps
        self.isCancelled = isCancelled
    }

    /// What the first step to fail threw.
    var failure: (any Error)? { thrown.withLock { $0 } }

    private func attempt(_ step: () throws -> Int) -> Int {
        do { return try step() } catch {
            thrown.withLock { $0 = $0 ?? error }
            return -1
        }
    }

    /// SAFETY: `context` is the run, which `Pipeline.run` holds as long as C may call.
    private static func of(_ context: UnsafeMutableRawPointer?) -> Run {
        guard let context else { preconditionFailure("the context goes with every call") }
        return Unmanaged<Run>.fromOpaque(context).takeUnretainedValue()
    }

    static let table = bio_pipeline_steps(
        fill: { context, piece, room, count in
            let run = Run.of(context)
            return run.attempt {
                try run.steps.fill(UnsafeMutableRawBufferPointer(start: room, count: count), piece: piece)
            }
        },
        inspect: { context, inspection, piece, bytes, count in
            let run = Run.of(context)
            return run.attempt {
                let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
                try run.steps.inspect(bytes, piece: piece, inspection: inspection)
                return 1
            } > 0 ? 1 : 0
        },
        inspections: 0,
        drain: { context, bytes, count in
            let run = Run.of(context)
            return run.attempt {
                try run.steps.drain(UnsafeRawBufferPointer(start: bytes, count: count))
                return 1
            } > 0 ? 1 : 0
        },
        is_cancelled: { context in Run.of(context).isCancelled() ? 1 : 0 })
}
