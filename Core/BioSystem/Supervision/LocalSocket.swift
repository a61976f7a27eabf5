// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Sockets that listen, and what comes in.
package enum Listener {
    /// A unix socket `name` in `directory`, mode 0600; one that is there goes.
    package static func local(_ name: String, in directory: String) throws(SystemError) -> FileDescriptor {
        let folder = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        let fd = bio_local_listen(folder.rawValue, name)
        guard fd >= 0 else { throw SystemError("listen at", "\(directory)/\(name)") }
        return FileDescriptor(owning: fd)
    }

    /// A numeric address, IPv4 or IPv6 without brackets, and a port; 0 is any.
    package static func tcp(_ address: String, port: UInt16) throws(SystemError) -> FileDescriptor {
        let fd = bio_tcp_listen(address, port)
        guard fd >= 0 else { throw SystemError("listen at", "\(address):\(port)") }
        return FileDescriptor(owning: fd)
    }

    package static func port(of listener: borrowing FileDescriptor) -> UInt16 { bio_tcp_port(listener.rawValue) }

    /// The next connection, which does not block, and the user at its other end (of a unix socket); nil when none waits.
    package static func accept(_ listener: borrowing FileDescriptor) -> (connection: CInt, user: UInt32)? {
        var user = uid_t()
        let fd = bio_accept(listener.rawValue, &user)
        return fd >= 0 ? (fd, user) : nil
    }
}

/// A connection to a unix socket, one line each way.
package struct LocalConnection: ~Copyable {
    private let descriptor: FileDescriptor
    private let path: String

    package init(_ name: String, in directory: String, seconds: CInt = 10) throws(SystemError) {
        path = "\(directory)/\(name)"
        let folder = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        let fd = bio_local_connect(folder.rawValue, name, seconds)
        guard fd >= 0 else { throw SystemError("connect to", path) }
        descriptor = FileDescriptor(owning: fd)
    }

    /// Sends a line and returns all that comes until the other end closes.
    package func ask(_ line: [UInt8], limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        do throws(Errno) {
            var rest = (line + [0x0A])[...]
            while !rest.isEmpty {
                // Not by write(2): who has gone is an error, and no signal.
                guard let count = try descriptor.writeSome(rest) else {
                    var room = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                    if poll(&room, 1, 10_000) == 0 { throw Errno(rawValue: ETIMEDOUT) }
                    continue
                }
                rest = rest.dropFirst(count)
            }
            return try descriptor.readToEnd(limit: limit)
        } catch { throw SystemError("talk to", path, error) }
    }
}
