// SPDX-License-Identifier: Apache-2.0

import CBioExport
import Synchronization

/// The `bio_sink` of a runner: takes what one typed function writes while it is called, and nothing at other times. It
/// is never freed, because a plugin may keep the pointer.
final class FunctionSink: Sendable {
    private struct State {
        var isOpen = false
        var bytes: [UInt8] = []
    }

    private let state = Mutex(State())
    /// SAFETY: written here and never again.
    private struct Table: @unchecked Sendable { let pointer: UnsafePointer<bio_sink> }
    private let table: Mutex<Table?> = Mutex(nil)

    init(memory: LastingMemory) {
        // SAFETY: unretained, because the runner keeps this object until after the plugin's last call.
        let context = Unmanaged.passUnretained(self).toOpaque()
        let size = UInt32(MemoryLayout<bio_sink>.size)
        let sink = bio_sink(struct_size: size, flags: 0, context: context) { sink, text in
            guard let context = sink.pointee.context else { return BIO_E_INVALID }
            return Unmanaged<FunctionSink>.fromOpaque(context).takeUnretainedValue().take(text)
        }
        let made = Table(pointer: UnsafePointer(memory.one(sink)))
        table.withLock { $0 = made }
    }

    var pointer: UnsafePointer<bio_sink> { table.withLock { $0!.pointer } }

    private func take(_ text: UnsafePointer<bio_str>) -> Int32 {
        guard text.pointee.len <= UInt64(FunctionValue.mostBytes) else { return BIO_E_LIMIT }
        guard let more = try? PluginTableReader.bytes(text.pointee, "text") else { return BIO_E_INVALID }
        return state.withLock { state in
            guard state.isOpen else { return BIO_E_MISUSE }
            guard more.count <= FunctionValue.mostBytes - state.bytes.count else { return BIO_E_LIMIT }
            state.bytes += more
            return BIO_OK
        }
    }

    /// What is written while `body` runs.
    func collect(_ body: () -> Int32) -> (code: Int32, bytes: [UInt8]) {
        state.withLock { $0 = State(isOpen: true) }
        let code = body()
        return state.withLock { state in
            defer { state = State() }
            return (code, state.bytes)
        }
    }
}
