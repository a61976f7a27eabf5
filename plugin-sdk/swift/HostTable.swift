// SPDX-License-Identifier: Apache-2.0

/// Reads tables that another build of the host may have made longer or shorter.
enum HostTable {
    /// A copy of the open struct at `pointer`: as many bytes as both sides know, the rest zero, so that a function that
    /// an older host lacks reads as nil. Nil when there is nothing, or not even its head.
    static func copy<Table>(_ pointer: UnsafeRawPointer?, _ type: Table.Type) -> Table? {
        guard let pointer else { return nil }
        let theirs = Int(pointer.load(as: UInt32.self))
        guard theirs >= 8 else { return nil }
        return withUnsafeTemporaryAllocation(of: Table.self, capacity: 1) { room in
            let bytes = UnsafeMutableRawBufferPointer(room)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            bytes.copyMemory(
                from: UnsafeRawBufferPointer(start: pointer, count: min(theirs, MemoryLayout<Table>.size)))
            return room[0]
        }
    }
}
