// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Reads passwords and the like from where the user has them.
package struct SecretReader: Sendable {
    /// Standard input up to its end; `limit` is the most bytes that it may have.
    private let standardInput: @Sendable (_ limit: Int) throws -> [UInt8]

    /// Bytes of a secret.
    static let longest = 4096

    package init(standardInput: @escaping @Sendable (_ limit: Int) throws -> [UInt8]) {
        self.standardInput = standardInput
    }

    /// Bytes of a standard input that has a secret in its first line.
    static let longestInput = 64 << 10

    /// There is no standard input.
    package static let filesAlone = SecretReader { _ in [] }

    /// The first line of a file, without its line end; `-` is standard input.
    func firstLine(of path: String, option: String, _ cancellation: Cancellation) throws(ServiceError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = path == "-" ? try standardInput(Self.longestInput) : try Self.beginning(of: path, cancellation)
        } catch {
            if cancellation.isRequested { throw ServiceError(.cancelled, "the user asked to stop") }
            throw ServiceError(
                .invalid, "--\(option): no secret can be read from '\(path)': \(Self.reason(error))",
                hint: "name a file with the secret in its first line; - is standard input", fault: .machine)
        }
        var line = bytes.prefix { $0 != 0x0A }
        if line.last == 0x0D { line.removeLast() }
        guard !line.isEmpty else {
            throw ServiceError(
                .invalid, "--\(option): there is no secret in the first line of '\(path)'",
                hint: "write it there; nothing else need be in the file", fault: .machine)
        }
        guard line.count <= Self.longest else {
            throw ServiceError(
                .limit, "--\(option): the first line of '\(path)' is longer than \(Self.longest) bytes",
                hint: "a secret is one line", fault: .machine)
        }
        return Array(line)
    }

    private static func reason(_ error: any Error) -> String {
        (error as? SystemError).map { $0.errno.description } ?? "\(error)"
    }

    /// As much as one secret can have, or up to the first line end. The file may be a pipe, as `<(pass gpg)` is, or one
    /// with a name, that says nothing yet or that nobody writes to yet: it is waited for, until the user stops it.
    private static func beginning(of path: String, _ cancellation: Cancellation) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: longest + 2, alignment: 16)
        defer { buffer.deallocate() }
        while bytes.count <= longest, !bytes.contains(0x0A) {
            try cancellation.check("read", path)
            var ready = pollfd(fd: file.rawValue, events: Int16(POLLIN), revents: 0)
            if poll(&ready, 1, 50) == 0 { continue }
            do throws(Errno) {
                let count = try file.read(into: buffer)
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            } catch {
                if error != .wouldBlock { throw SystemError("read", path, error) }
            }
        }
        return bytes
    }
}
