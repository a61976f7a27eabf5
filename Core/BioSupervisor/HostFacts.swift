// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What templates and hooks may know of the machine and of the process.
package struct HostFacts: Sendable {
    package let effectiveUserID: UInt32
    package let hostName: String
    /// The address that other machines reach this one at, as far as it knows.
    package let address: String
    /// The version of this program.
    package let version: String
    /// The variables of the process, `NAME=VALUE`.
    package let variables: [String]

    package init(
        effectiveUserID: UInt32, hostName: String, address: String = "127.0.0.1", version: String,
        variables: [String] = []
    ) {
        self.effectiveUserID = effectiveUserID
        self.hostName = hostName
        self.address = address
        self.version = version
        self.variables = variables
    }

    /// The value of a variable; an empty one counts as unset.
    package func variable(_ name: String) -> String? {
        let start = name + "="
        guard let entry = variables.first(where: { $0.hasPrefix(start) }) else { return nil }
        let value = entry.dropFirst(start.count)
        return value.isEmpty ? nil : String(value)
    }

    /// The name of this machine by uname(2).
    package static func currentHostName() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "localhost" }
        return withUnsafeBytes(of: name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The address that packets to the world leave from; the loopback address without a way there. Nothing is sent.
    package static func currentAddress() -> String {
        let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return "127.0.0.1" }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        // TEST-NET-1 (RFC 5737): nobody has it, and it takes the default way.
        address.sin_addr.s_addr = UInt32(0xC000_0201).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, size) == 0 && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard found else { return "127.0.0.1" }
        let bytes = withUnsafeBytes(of: address.sin_addr.s_addr) { Array($0) }
        return bytes.map { "\($0)" }.joined(separator: ".")
    }
}
