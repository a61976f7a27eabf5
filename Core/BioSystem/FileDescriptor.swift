// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// An open file that this value owns: closed when the value ends, whatever path leads there.
package struct FileDescriptor: ~Copyable, Sendable {
    package let rawValue: CInt

    package init(owning rawValue: CInt) { self.rawValue = rawValue }

    deinit { _ = Glibc.close(rawValue) }

    /// Opens `path` (close-on-exec always). `flags` are `O_…`; `mode` counts when the file is created.
    package static func open(_ path: String, _ flags: CInt = O_RDONLY, mode: UInt32 = 0o666) throws(SystemError)
        -> FileDescriptor
    {
        let fd = bio_open(path, flags, mode)
        guard fd >= 0 else { throw SystemError("open", path) }
        return FileDescriptor(owning: fd)
    }

    /// Opens `path` relative to the directory `self`.
    package func openAt(_ path: String, _ flags: CInt = O_RDONLY, mode: UInt32 = 0o666) throws(SystemError)
        -> FileDescriptor
    {
        let fd = bio_openat(rawValue, path, flags, mode)
        guard fd >= 0 else { throw SystemError("open", path) }
        return FileDescriptor(owning: fd)
    }

    /// Opens `path` (bytes, no NUL) below the directory `self`; a `..` that leaves it, or any symbolic link on the
    /// way or at the end, is refused by the kernel (openat2, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS).
    package func openBeneath(_ path: [UInt8], _ flags: CInt = O_RDONLY, mode: UInt32 = 0o666) throws(SystemError)
        -> FileDescriptor
    {
        let fd = path.withCPath { bio_open_beneath(rawValue, $0, flags, mode) }
        guard fd >= 0 else { throw SystemError("open", String(decoding: path, as: UTF8.self)) }
        return FileDescriptor(owning: fd)
    }

    package func duplicate() throws(SystemError) -> FileDescriptor {
        let fd = bio_duplicate(rawValue)
        guard fd >= 0 else { throw SystemError("duplicate", "descriptor \(rawValue)") }
        return FileDescriptor(owning: fd)
    }

    /// Gives the descriptor away: the caller closes it.
    package consuming func release() -> CInt {
        let fd = rawValue
        discard self
        return fd
    }

    /// Closes and reports what close(2) reports (a late write error on some file systems).
    package consuming func close() throws(Errno) {
        let result = Glibc.close(rawValue)
        let error = Errno.current
        discard self
        if result != 0 && error != .interrupted { throw error }
    }

    /// Reads up to `buffer.count` bytes at the file position; 0 at the end. EINTR is retried.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        while true {
            let count = Glibc.read(rawValue, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw .current }
        }
    }

    /// Writes all of `buffer`, however many calls it takes.
    package func writeAll(_ buffer: UnsafeRawBufferPointer) throws(Errno) {
        var done = 0
        while done < buffer.count {
            let count = Glibc.write(rawValue, buffer.baseAddress! + done, buffer.count - done)
            if count < 0 {
                if errno == EINTR { continue }
                throw .current
            }
            done += count
        }
    }

    package func writeAll(_ bytes: [UInt8]) throws(Errno) {
        var failure: Errno?
        bytes.withUnsafeBytes { buffer in
            do throws(Errno) { try writeAll(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes the rest of this file, from its position on, to `target`. `path` names the target in errors.
    package func copyAll(
        to target: borrowing FileDescriptor, path: String, cancellation: Cancellation = .never
    ) throws(SystemError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            try cancellation.check("copy to", path)
            do throws(Errno) {
                let count = try read(into: buffer)
                if count == 0 { return }
                try target.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } catch { throw SystemError("copy to", path, error) }
        }
    }

    /// The rest of the file from the current position, refused with EFBIG when longer than `limit` bytes.
    ///
    /// `size` is what the file's status says; with it a plain file is read in one call and into memory of its size.
    package func readToEnd(limit: Int, size: Int64 = 0) throws(Errno) -> [UInt8] {
        guard size <= Int64(limit) else { throw Errno(rawValue: EFBIG) }
        var bytes = try start(size: Int(size))
        if size > 0 && bytes.count == Int(size) { return bytes }
        guard bytes.count <= limit else { throw Errno(rawValue: EFBIG) }
        // Not cleared first: most files are small, and pages that nobody touches cost nothing.
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = try read(into: chunk)
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw Errno(rawValue: EFBIG) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// What one call reads into room for one byte more than `size`: when that byte stays free, the file has ended.
    private func start(size: Int) throws(Errno) -> [UInt8] {
        guard size > 0 else { return [] }
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { room, count in
            do throws(Errno) {
                count = try read(
                    into: UnsafeMutableRawBufferPointer(start: room.baseAddress, count: size + 1))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    package func status() throws(Errno) -> FileStatus {
        var raw = stat()
        guard fstat(rawValue, &raw) == 0 else { throw .current }
        return FileStatus(raw)
    }

    /// Puts the file's data and what is needed to find it on the medium.
    package func synchronize() throws(Errno) {
        while fsync(rawValue) != 0 {
            if errno != EINTR { throw .current }
        }
    }

    /// Puts everything written to this file's whole file system on the medium.
    package func synchronizeFileSystem() throws(Errno) {
        guard bio_syncfs(rawValue) == 0 else { throw .current }
    }

    package func setMode(_ mode: UInt32) throws(Errno) {
        guard fchmod(rawValue, mode) == 0 else { throw .current }
    }
}

extension Array where Element == UInt8 {
    /// Calls `body` with these bytes and a closing NUL.
    package func withCPath<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        precondition(!contains(0), "a path has no NUL")
        return (self + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
        }
    }
}
