// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// What another process writes, read without waiting.
package final class OutputPipe {
    package let reader: FileDescriptor
    /// The number of the end for the process; -1 once it is given up.
    package private(set) var writerNumber: CInt

    /// A new pipe.
    package init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard ends.withUnsafeMutableBufferPointer({ bio_pipe($0.baseAddress) }) == 0 else {
            throw SystemError("make", "a pipe")
        }
        reader = FileDescriptor(owning: ends[0])
        writerNumber = ends[1]
        guard bio_set_nonblocking(ends[0], 1) == 0 else { throw SystemError("make", "a pipe") }
    }

    /// The FIFO `path`, made anew unless `keeping`. Both ends have it open for reading and writing, so that neither is
    /// ever told that the other one has gone: who writes outlives who reads.
    ///
    /// A new one belongs to `owner`, who may open it once more, as /dev/stdout.
    package init(fifo path: String, keeping: Bool, owner: UInt32? = nil) throws(SystemError) {
        if !keeping {
            if unlink(path) != 0 && errno != ENOENT { throw SystemError("remove", path) }
            if bio_make_fifo(path) != 0 { throw SystemError("make", path) }
        }
        reader = try FileDescriptor.open(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW)
        // Who may not give files away gives services no users either.
        if !keeping, let owner { _ = fchown(reader.rawValue, owner, gid_t.max) }
        bio_widen_pipe(reader.rawValue, 1 << 18)
        writerNumber = keeping ? -1 : try FileDescriptor.open(path, O_RDWR | O_NOFOLLOW).release()
    }

    deinit { closeWriter() }

    /// To be called when the process has its end: what this one keeps open would keep the pipe from ending.
    package func closeWriter() {
        if writerNumber >= 0 { close(writerNumber) }
        writerNumber = -1
    }

    /// What is there: empty at the end, nil when nothing is.
    package func read(limit: Int = 1 << 16) -> [UInt8]? {
        do throws(Errno) { return try reader.readSome(limit: limit) } catch { return [] }
    }
}

extension FileDescriptor {
    /// Writes once: how many bytes were taken, nil when none can be just now.
    package func writeSome(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int? {
        let count = bytes.withUnsafeBytes { bio_write_some(rawValue, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        if errno == EAGAIN { return nil }
        throw .current
    }

    /// Reads once: empty at the end, nil when nothing is there just now.
    package func readSome(limit: Int) throws(Errno) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, used in
            count = bio_read_some(rawValue, buffer.baseAddress, limit)
            used = max(0, count)
        }
        if count >= 0 { return bytes }
        if errno == EAGAIN { return nil }
        throw .current
    }
}
