// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

/// A range of a file, read without touching the file's position.
package struct FileSource: ByteSource, ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    private var offset: Int64
    private let end: Int64
    private let path: String
    private let cancellation: Cancellation

    /// Reads `file` from byte `offset` up to byte `end` (or to the end of the file). The descriptor is duplicated;
    /// `path` is for errors only.
    package init(
        _ file: borrowing FileDescriptor, from offset: Int64 = 0, to end: Int64 = .max, path: String,
        cancellation: Cancellation = .never
    ) throws(SystemError) {
        descriptor = try file.duplicate()
        self.offset = offset
        self.end = end
        self.path = path
        self.cancellation = cancellation
    }

    package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let wanted = Int(min(Int64(buffer.count), end - offset))
        guard wanted > 0 else { return 0 }
        if cancellation.isRequested { throw .cancelled }
        while true {
            let count = pread(descriptor.rawValue, buffer.baseAddress, wanted, off_t(offset))
            if count >= 0 {
                offset += Int64(count)
                return count
            }
            if errno != EINTR { throw .system(SystemError("read", path)) }
        }
    }
}

/// Bytes in memory, for what is small.
package struct MemorySource: ByteSource, Sendable {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = min(buffer.count, bytes.count - position)
        bytes.withUnsafeBytes { all in
            if count > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[position..<position + count])) }
        }
        position += count
        return count
    }
}
