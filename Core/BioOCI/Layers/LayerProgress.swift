// SPDX-License-Identifier: Apache-2.0

import BioArchive
import Synchronization

/// How much of the content of all layers is packed.
final class LayerProgress: Sendable {
    private let report: @Sendable (UInt64, UInt64) -> Void
    private let state: Mutex<(done: UInt64, total: UInt64)> = Mutex((0, 0))

    init(_ report: @escaping @Sendable (UInt64, UInt64) -> Void) { self.report = report }

    func expect(_ bytes: Int64) { state.withLock { $0.total += UInt64(max(0, bytes)) } }

    func add(_ bytes: Int64) {
        state.withLock { state in
            state.done += UInt64(bytes)
            state.total = max(state.total, state.done)
            report(state.done, state.total)
        }
    }
}

/// Members that tell when the content of one is through.
struct WatchedMembers: TarMembers {
    private var members: any TarMembers
    private let progress: LayerProgress
    private var size: Int64 = 0

    init(_ members: any TarMembers, _ progress: LayerProgress) {
        self.members = members
        self.progress = progress
    }

    mutating func next() throws -> TarItem? {
        if size > 0 { progress.add(size) }
        guard let item = try members.next() else {
            size = 0
            return nil
        }
        size = item.member.size
        return item
    }

    mutating func nextMember() throws -> TarMember? { try members.nextMember() }

    var changed: @Sendable (Int) -> any Error { members.changed }
}
