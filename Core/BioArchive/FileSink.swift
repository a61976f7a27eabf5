// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// Writes to an open file, pipe or socket at its position.
package struct FileSink: ByteSink, ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    private let path: String

    /// The descriptor is duplicated and shares the file's position; `path` is for errors only.
    package init(_ file: borrowing FileDescriptor, path: String) throws(SystemError) {
        descriptor = try file.duplicate()
        self.path = path
    }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        do throws(Errno) { try descriptor.writeAll(bytes) } catch { throw .system(SystemError("write", path, error)) }
    }
}
