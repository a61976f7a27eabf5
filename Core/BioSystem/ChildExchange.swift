// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A short conversation with a program: what it reads is there when it starts, what it prints is taken up to a bound, and
/// it has a bounded time for it. What it says on standard error goes nowhere.
package struct ChildExchange: Sendable {
    package struct Outcome: Hashable, Sendable {
        package let ending: ChildProcess.Ending
        package let output: [UInt8]
    }

    package enum Failure: Error, Hashable, Sendable {
        case system(SystemError)
        /// It took longer than it may; it has been killed, with its group.
        case tooSlow
        /// It printed more than it may; likewise.
        case tooLong
        case cancelled
    }

    private let request: ChildProcess.Request
    /// Bytes of output at most.
    private let limit: Int
    private let seconds: Int
    private let cancellation: Cancellation

    private static let pollMilliseconds: CInt = 20

    package init(_ request: ChildProcess.Request, limit: Int, seconds: Int, cancellation: Cancellation) {
        self.request = request
        self.limit = limit
        self.seconds = seconds
        self.cancellation = cancellation
    }

    /// Runs the program to its end. `input` is in memory alone: it may be a secret.
    package func run(_ input: [UInt8]) throws(Failure) -> Outcome {
        var ends: [CInt] = [-1, -1]
        guard bio_pipe(&ends) == 0 else { throw .system(SystemError("make a pipe for", request.path)) }
        let output = FileDescriptor(owning: ends[0])
        let end = FileDescriptor(owning: ends[1])
        _ = bio_set_nonblocking(output.rawValue, 1)
        var child: ChildProcess
        do throws(SystemError) {
            let source = try memory(input)
            let nowhere = try FileDescriptor.open("/dev/null", O_RDWR)
            child = try ChildProcess(request, input: source, output: end, errors: nowhere)
        } catch { throw .system(error) }
        // From here on only the program, and what it starts, can print.
        _ = consume end
        return try listen(&child, output)
    }

    /// A program that ends is not waited for any longer, though something it started may hold its output open.
    private func listen(_ child: inout ChildProcess, _ output: borrowing FileDescriptor) throws(Failure) -> Outcome {
        let last = ContinuousClock.now + .seconds(seconds)
        var bytes: [UInt8] = []
        while true {
            var ready = pollfd(fd: output.rawValue, events: Int16(POLLIN), revents: 0)
            poll(&ready, 1, Self.pollMilliseconds)
            let ending = child.wait(milliseconds: ready.revents & Int16(POLLHUP) != 0 ? Self.pollMilliseconds : 0)
            try take(output, into: &bytes)
            if let ending { return Outcome(ending: ending, output: bytes) }
            if cancellation.isRequested { throw .cancelled }
            if ContinuousClock.now > last { throw .tooSlow }
        }
    }

    private func take(_ output: borrowing FileDescriptor, into bytes: inout [UInt8]) throws(Failure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count: Int
            do throws(Errno) {
                count = try output.read(into: buffer)
            } catch {
                if error == .wouldBlock { return }
                throw .system(SystemError("read from", request.path, error))
            }
            if count == 0 { return }
            bytes += buffer[..<count]
            if bytes.count > limit { throw .tooLong }
        }
    }

    private func memory(_ input: [UInt8]) throws(SystemError) -> FileDescriptor {
        let fd = bio_memfd("input")
        guard fd >= 0 else { throw SystemError("make the input of", request.path) }
        let file = FileDescriptor(owning: fd)
        do throws(Errno) { try file.writeAll(input) } catch {
            throw SystemError("make the input of", request.path, error)
        }
        lseek(file.rawValue, 0, SEEK_SET)
        return file
    }
}
