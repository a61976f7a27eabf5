// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Lines on their way to standard output. A reader that does not read must not keep services from being looked after, so
/// what cannot be written waits here, up to a bound; who fills it asks first whether there is room.
package final class OutputQueue {
    private let descriptor: CInt
    /// Of a terminal another one, opened so that writing never waits: it says that it is ready when it is nearly full.
    private let target: CInt
    private let isFile: Bool
    private var dropped = 0
    private var bytes: [UInt8] = []
    private var start = 0
    /// The reader has gone: nothing is kept any more.
    private var isBroken = false

    private static let bound = 1 << 18
    /// Beyond this lines are dropped, and counted.
    private static let most = 1 << 22

    /// `descriptor` stays the caller's, open or not.
    package init(descriptor: CInt) {
        let flags = O_WRONLY | O_NOCTTY | O_NONBLOCK
        let other =
            isatty(descriptor) == 1 ? (try? FileDescriptor.open("/proc/self/fd/\(descriptor)", flags))?.release() : nil
        target = other ?? descriptor
        self.descriptor = descriptor
        var status = stat()
        isFile = fstat(descriptor, &status) == 0 && FileStatus(status).kind == .file
    }

    deinit { if target != descriptor { close(target) } }

    package var hasRoom: Bool { bytes.count - start < Self.bound }
    var isWaiting: Bool { start < bytes.count }
    var number: CInt { descriptor }

    /// Adds a line; it is written when that is possible.
    package func line(_ prefix: String, _ text: some Sequence<UInt8>) {
        guard !isBroken else { return }
        guard bytes.count - start < Self.most else { return dropped += 1 }
        if dropped > 0 {
            bytes += Array("(\(dropped) lines are lost: nobody has read them)\n".utf8)
            dropped = 0
        }
        bytes += Array(prefix.utf8)
        bytes += text
        bytes.append(0x0A)
    }

    package func line(_ text: String) { line(text, []) }

    /// Writes what a descriptor that is ready takes without waiting: `PIPE_BUF` at once of a pipe.
    func flush(isReady: Bool) {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var mayWrite = isReady || isFile
        while isWaiting {
            if !mayWrite && poll(&ready, 1, 0) <= 0 { break }
            mayWrite = isFile
            let piece = bytes[start...].prefix(isFile ? Self.bound : Int(PIPE_BUF))
            let count = piece.withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN { break }
                // Nobody reads, or the disk is full: services go on all the same.
                isBroken = errno != ENOSPC && errno != EDQUOT && errno != EFBIG
                start = bytes.count
                break
            }
            start += count
        }
        if !isWaiting || start > Self.bound {
            bytes.removeFirst(start)
            start = 0
        }
    }

    /// Writes the rest, for at most so many milliseconds.
    package func finish(milliseconds: Int = 2000) {
        let end = MonotonicClock.nanoseconds + Int64(milliseconds) * 1_000_000
        while isWaiting, MonotonicClock.nanoseconds < end {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&ready, 1, 50)
            flush(isReady: ready.revents != 0)
        }
    }
}
