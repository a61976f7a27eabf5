// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import CSystem
import Glibc
import Synchronization

/// One end of the socket between host and runner. Frames are packets: each arrives whole or not at all, and up to
/// four descriptors ride on one. Sending is safe from any thread.
package final class FrameChannel: Sendable {
    /// A frame may have this many bytes; what is larger goes as a descriptor.
    package static let largestFrame = 96 * 1024

    private let socket: FileDescriptor
    private let sending = Mutex<Void>(())
    /// Where packets arrive: room for one that is too large, so that it shows. Only what is used of it costs memory.
    private let arriving: Mutex<UnsafeMutableRawBufferPointer>

    package init(owning socket: consuming FileDescriptor) {
        self.socket = socket
        arriving = Mutex(.allocate(byteCount: Self.largestFrame + 1, alignment: 16))
    }

    deinit { arriving.withLock { $0.deallocate() } }

    package var descriptor: CInt { socket.rawValue }

    /// The two ends of a new socket; both are close-on-exec.
    package static func pair() throws(SystemError) -> (host: FrameChannel, runner: FrameChannel) {
        var ends: (CInt, CInt) = (-1, -1)
        let made = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: CInt.self, capacity: 2) {
                socketpair(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, $0)
            }
        }
        guard made == 0 else { throw SystemError("create", "a socket pair") }
        return (
            FrameChannel(owning: FileDescriptor(owning: ends.0)), FrameChannel(owning: FileDescriptor(owning: ends.1))
        )
    }

    package func send(_ bytes: [UInt8], descriptors: [CInt] = []) throws(SystemError) {
        precondition(!bytes.isEmpty && bytes.count <= Self.largestFrame, "a frame has 1 to \(Self.largestFrame) bytes")
        let error: Errno? = sending.withLock { _ in
            let sent = bio_send(socket.rawValue, bytes, bytes.count, descriptors, descriptors.count)
            return sent == bytes.count ? nil : (sent < 0 ? .current : Errno(rawValue: EMSGSIZE))
        }
        if let error { throw SystemError("send to", "the other side of the runner", error) }
    }

    /// What arrived in one packet.
    package struct Packet: ~Copyable {
        package let bytes: [UInt8]
        private var owned: [CInt]

        fileprivate init(bytes: [UInt8], owned: [CInt]) {
            self.bytes = bytes
            self.owned = owned
        }

        deinit { for descriptor in owned { _ = close(descriptor) } }

        package var descriptorCount: Int { owned.count }

        /// The next descriptor, now the caller's; nil when there is none left.
        package mutating func takeDescriptor() -> FileDescriptor? {
            owned.isEmpty ? nil : FileDescriptor(owning: owned.removeFirst())
        }
    }

    /// The next packet; nil when the other side has closed. Waits, unless the socket is non-blocking.
    package func receive() throws(SystemError) -> Packet? {
        var descriptors = [CInt](repeating: -1, count: 4)
        var count = 0
        let (received, bytes, error) = arriving.withLock { buffer -> (Int, [UInt8], Errno) in
            let received = bio_receive(socket.rawValue, buffer.baseAddress, buffer.count, &descriptors, &count)
            let error = Errno.current
            return (received, Array(buffer.prefix(max(0, received))), error)
        }
        if received < 0 {
            if error.rawValue == ECONNRESET { return nil }
            throw SystemError("receive from", "the other side of the runner", error)
        }
        let owned = Array(descriptors[..<count])
        if received == 0 {
            for descriptor in owned { _ = close(descriptor) }
            return nil
        }
        return Packet(bytes: bytes, owned: owned)
    }
}
