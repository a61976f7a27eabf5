// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Asks whether somebody listens at a unix socket: in a tenth of a millisecond, without libcurl, and with the error number
/// that says why not.
enum UnixSocket {
    private static let roundMilliseconds = 20

    static func probe(_ path: String, seconds: Int, _ cancellation: Cancellation) throws(HTTPError) {
        for round in 0... {
            let error = attempt(path)
            switch error.rawValue {
            case 0: return
            // The queue of those who want in is full: whoever listens does not take them in.
            case EAGAIN:
                if cancellation.isRequested { throw .cancelled }
                if round * roundMilliseconds >= seconds * 1000 {
                    throw .connectTimedOut(peer: path, seconds: seconds)
                }
                usleep(UInt32(roundMilliseconds) * 1000)
            default: throw .notConnected(peer: path, error)
            }
        }
    }

    private static func attempt(_ path: String) -> Errno {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room, !path.utf8.contains(0) else { return Errno(rawValue: ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let fd = Glibc.socket(AF_UNIX, kind, 0)
        guard fd >= 0 else { return .current }
        let descriptor = FileDescriptor(owning: fd)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 ? Errno(rawValue: 0) : .current
    }
}
