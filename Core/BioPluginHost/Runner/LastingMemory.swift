// SPDX-License-Identifier: Apache-2.0

import CBioExport
import Glibc
import Synchronization

/// Memory that a plugin may look at until its export ends: one owner, freed at once.
package final class LastingMemory: Sendable {
    // SAFETY: the blocks are only kept here to be freed; who asked for one owns its use.
    private struct Blocks: @unchecked Sendable { var list: [UnsafeMutableRawPointer] = [] }
    private let blocks = Mutex(Blocks())
    private let growth: UInt32

    /// - Parameter growth: so many bytes more, none of them zero, has every struct of `one`, as if this host were a newer one.
    package init(growth: UInt32 = 0) { self.growth = growth }

    deinit { blocks.withLock { for block in $0.list { free(block) } } }

    /// Zeroed memory, or nil when there is none. Large blocks take no memory before they are used.
    func allocate(_ size: Int, alignment: Int) -> UnsafeMutableRawPointer? {
        // calloc gets large blocks from the kernel, zero already; what it gives is aligned to 16 only.
        let more = alignment > 16 ? alignment - 1 : 0
        let (room, overflow) = size.addingReportingOverflow(more)
        guard !overflow, let block = calloc(1, room) else { return nil }
        blocks.withLock { $0.list.append(block) }
        return more == 0 ? block : block.alignedUp(toMultipleOf: alignment)
    }

    /// A flat array of `values`; nil when there are none.
    func array<T>(_ values: [T]) -> UnsafeMutablePointer<T>? {
        guard !values.isEmpty,
            let block = allocate(values.count * MemoryLayout<T>.stride, alignment: MemoryLayout<T>.alignment)
        else { return nil }
        let typed = block.bindMemory(to: T.self, capacity: values.count)
        typed.initialize(from: values, count: values.count)
        return typed
    }

    /// An open struct, which begins with its size.
    func one<T>(_ value: T) -> UnsafeMutablePointer<T> {
        let size = MemoryLayout<T>.size
        guard let block = allocate(size + Int(growth), alignment: MemoryLayout<T>.alignment) else {
            fatalError("no memory for a table of \(size) bytes")
        }
        let typed = block.bindMemory(to: T.self, capacity: 1)
        typed.initialize(to: value)
        if growth > 0 {
            block.storeBytes(of: UInt32(size) + growth, as: UInt32.self)
            memset(block + size, 0xA5, Int(growth))
        }
        return typed
    }

    /// The bytes with a NUL behind them.
    func string(_ bytes: [UInt8]) -> bio_str { bytes.withUnsafeBytes(string) }

    func string(_ text: String) -> bio_str {
        var text = text
        return text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    private func string(_ bytes: UnsafeRawBufferPointer) -> bio_str {
        guard let block = allocate(bytes.count + 1, alignment: 1) else { return bio_str() }
        UnsafeMutableRawBufferPointer(start: block, count: bytes.count).copyMemory(from: bytes)
        return bio_str(
            ptr: UnsafePointer(block.bindMemory(to: CChar.self, capacity: bytes.count + 1)), len: UInt64(bytes.count))
    }
}
