// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import Synchronization

/// Keeps what is written to it.
package final class CollectedBytes: ByteSink, Sendable {
    private let collected: Mutex<[UInt8]> = Mutex([])

    package init() {}

    package var bytes: [UInt8] { collected.withLock { $0 } }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        let copy = Array(bytes)
        collected.withLock { $0 += copy }
    }
}

/// `input` compressed as an archive is.
package func compressed(
    _ input: [UInt8], _ compression: Compression, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
) throws -> [UInt8] {
    let steps = PlainSteps(input)
    try Pipeline(compression, threads: threads, isCancelled: isCancelled).run(steps)
    return steps.output.bytes
}

/// Bytes in memory as the source of a pipeline, nothing to inspect.
private final class PlainSteps: PipelineSteps {
    private let input: [UInt8]
    private var position = 0
    let output = CollectedBytes()
    let inspections = 0

    init(_ input: [UInt8]) { self.input = input }

    func fill(_ room: UnsafeMutableRawBufferPointer, piece: Int) throws -> Int {
        let count = min(room.count, input.count - position)
        room.copyBytes(from: input[position..<position + count])
        position += count
        return count
    }

    func inspect(_ bytes: UnsafeRawBufferPointer, piece: Int, inspection: Int) throws {}

    func drain(_ bytes: UnsafeRawBufferPointer) throws { try output.write(bytes) }
}

/// A tar of members with their bodies, as exports write it, not compressed.
package func tar(of members: [(TarMember, [UInt8])]) throws -> [UInt8] {
    let sink = CollectedBytes()
    _ = try TarPacking(Pipeline(.none, threads: 1)).write(MembersInMemory(members), into: sink)
    return sink.bytes
}
