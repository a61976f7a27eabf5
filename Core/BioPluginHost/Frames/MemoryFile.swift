// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import CSystem
import Glibc

/// Bytes that are too many for a frame, as a file in memory that nobody can change any more.
package enum MemoryFile {
    /// A sealed file with `bytes`, at position 0.
    package static func make(_ bytes: [UInt8], name: String) throws(SystemError) -> FileDescriptor {
        let fd = bio_memfd(name)
        guard fd >= 0 else { throw SystemError("create", name) }
        let file = FileDescriptor(owning: fd)
        do throws(Errno) { try file.writeAll(bytes) } catch { throw SystemError("write", name, error) }
        guard bio_memfd_seal(fd) == 0, lseek(fd, 0, SEEK_SET) == 0 else { throw SystemError("seal", name) }
        return file
    }

    /// All bytes of a received file, read once from its start; at most `limit`. Only a sealed file is read (EPERM): any
    /// other could change meanwhile, or never end.
    package static func read(_ file: borrowing FileDescriptor, name: String, limit: Int) throws(SystemError) -> [UInt8]
    {
        guard bio_memfd_is_sealed(file.rawValue) == 1 else { throw SystemError("read", name, Errno(rawValue: EPERM)) }
        guard lseek(file.rawValue, 0, SEEK_SET) == 0 else { throw SystemError("read", name) }
        do throws(Errno) { return try file.readToEnd(limit: limit, size: try file.status().size) } catch {
            throw SystemError("read", name, error)
        }
    }
}
