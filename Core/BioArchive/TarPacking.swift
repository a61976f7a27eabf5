// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import Synchronization

/// An archive that was written.
package struct PackedTar: Hashable, Sendable {
    /// SHA-256 and number of the bytes that were written.
    package let digest: Digest
    package let size: Int64
    /// SHA-256 of the tar before compression, when it was asked for: what OCI calls the diff id of a layer.
    package let plainDigest: Digest?
    package let plainSize: Int64
}

/// Writes tars through a pipeline: made, checked, compressed, digested and written in one pass.
package struct TarPacking: Sendable {
    private let pipeline: Pipeline
    private let digestsPlain: Bool

    /// With `digestsPlain` the SHA-256 of the uncompressed tar is taken as well, in its own step.
    package init(_ pipeline: Pipeline, digestsPlain: Bool = false) {
        self.pipeline = pipeline
        self.digestsPlain = digestsPlain
    }

    /// Writes `members` into `sink`. Throws what they throw, `ArchiveError`, or what `changed` says of a body that is
    /// not what its digest tells; what was written until then is of no use.
    package func write<Members: TarMembers, Sink: ByteSink & ~Copyable>(
        _ members: Members, into sink: consuming Sink
    ) throws -> PackedTar {
        let steps = Steps(members, into: sink, digestsPlain: digestsPlain)
        try pipeline.run(steps)
        return steps.result()
    }
}

/// The steps of one tar. What a step changes is its own; only `runs` goes from one to the next.
private final class Steps<Members: TarMembers, Sink: ByteSink & ~Copyable>: PipelineSteps {
    private let changed: @Sendable (Int) -> any Error
    /// The contents in the pieces that are filled and not yet checked.
    private let runs: Mutex<[Int: [ContentRun]]> = Mutex([:])
    // Of `fill`.
    private var feed: TarFeed<Members>
    private var plainSize: Int64 = 0
    // Of the first inspection.
    private var content = BLAKE2bHasher()
    // Of the second one, when there is one.
    private let digestsPlain: Bool
    private var plain = SHA256Hasher()
    // Of `drain`.
    private var sink: Sink
    private var packed = SHA256Hasher()
    private var size: Int64 = 0

    init(_ members: Members, into sink: consuming Sink, digestsPlain: Bool) {
        changed = members.changed
        feed = TarFeed(members)
        self.sink = sink
        self.digestsPlain = digestsPlain
    }

    var inspections: Int { digestsPlain ? 2 : 1 }

    func fill(_ room: UnsafeMutableRawBufferPointer, piece: Int) throws -> Int {
        var found: [ContentRun] = []
        let count = try feed.fill(room, runs: &found)
        if !found.isEmpty { runs.withLock { [found] in $0[piece] = found } }
        plainSize += Int64(count)
        return count
    }

    func inspect(_ bytes: UnsafeRawBufferPointer, piece: Int, inspection: Int) throws {
        if inspection == 1 { return plain.update(bytes) }
        for run in runs.withLock({ $0.removeValue(forKey: piece) }) ?? [] {
            content.update(UnsafeRawBufferPointer(rebasing: bytes[run.range]))
            if let digest = run.closing, content.finalize() != digest { throw changed(run.member) }
        }
    }

    func drain(_ bytes: UnsafeRawBufferPointer) throws {
        try sink.write(bytes)
        packed.update(bytes)
        size += Int64(bytes.count)
    }

    /// After the run.
    func result() -> PackedTar {
        PackedTar(
            digest: packed.finalize(), size: size, plainDigest: digestsPlain ? plain.finalize() : nil,
            plainSize: plainSize)
    }
}
