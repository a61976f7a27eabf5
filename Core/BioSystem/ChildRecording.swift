// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A run of a program whose output and errors are kept up to a bound, with a bounded time for it.
package struct ChildRecording: Sendable {
    package struct Outcome: Hashable, Sendable {
        package let ending: ChildProcess.Ending
        /// Empty when it went to a file.
        package let output: [UInt8]
        /// The end of what it said on standard error.
        package let errors: [UInt8]
    }

    package enum Failure: Error, Hashable, Sendable {
        case system(SystemError)
        /// It took longer than it may; it has been ended, with its group.
        case tooSlow
        /// It printed more than it may; likewise.
        case tooLong
        case cancelled
    }

    /// What a program may take.
    package struct Limits: Hashable, Sendable {
        /// Bytes of output that are kept in memory.
        package var output: Int
        /// Bytes of a file that gets the output.
        package var file: Int64
        /// Bytes of its errors that are kept: the last ones.
        package var errors: Int
        package var seconds: Int

        package init(output: Int, file: Int64, errors: Int, seconds: Int) {
            self.output = output
            self.file = file
            self.errors = errors
            self.seconds = seconds
        }
    }

    private var request: ChildProcess.Request
    private let limits: Limits
    private let cancellation: Cancellation

    private static let pollMilliseconds: CInt = 20
    /// Between asking a program to end and killing it.
    private static let graceMilliseconds = 1000

    package init(_ request: ChildProcess.Request, limits: Limits, cancellation: Cancellation) {
        self.request = request
        self.request.fileLimit = limits.file
        self.limits = limits
        self.cancellation = cancellation
    }

    /// Runs the program to its end. `file` gets its output; nil: that is kept in memory. `third` becomes its descriptor
    /// 3.
    package func run(input: borrowing FileDescriptor, file: CInt? = nil, third: CInt? = nil) throws(Failure)
        -> Outcome
    {
        var ends = try pipe()
        let errors = FileDescriptor(owning: ends[0])
        let errorEnd = FileDescriptor(owning: ends[1])
        ends = try pipe()
        let output = FileDescriptor(owning: ends[0])
        let outputEnd = FileDescriptor(owning: ends[1])
        var child: ChildProcess
        do throws(SystemError) {
            // The caller's file stays the caller's.
            let target = FileDescriptor(owning: bio_duplicate(file ?? outputEnd.rawValue))
            child = try ChildProcess(request, input: input, output: target, errors: errorEnd, third: third)
        } catch { throw .system(error) }
        // From here on only the program, and what it starts, can write.
        _ = consume errorEnd
        _ = consume outputEnd
        return try listen(&child, Streams(output: output, errors: errors, file: file))
    }

    private struct Streams: ~Copyable {
        let output: FileDescriptor
        let errors: FileDescriptor
        let file: CInt?
    }

    /// What a program started ends with it: it could still write to what was the program's output, and it has what the
    /// program had. What has made itself a session of its own, as gpg's agent does, stays.
    private func listen(_ child: inout ChildProcess, _ streams: borrowing Streams) throws(Failure) -> Outcome {
        let last = ContinuousClock.now + .seconds(limits.seconds)
        var output: [UInt8] = []
        var errors: [UInt8] = []
        while true {
            var ready = [
                pollfd(fd: streams.output.rawValue, events: Int16(POLLIN), revents: 0),
                pollfd(fd: streams.errors.rawValue, events: Int16(POLLIN), revents: 0),
            ]
            poll(&ready, 2, Self.pollMilliseconds)
            // A closed stream is ready for ever: then the end is what to wait for.
            let isClosed = ready.contains { $0.revents & Int16(POLLHUP) != 0 }
            let ending = child.wait(milliseconds: isClosed ? Self.pollMilliseconds : 0, endingGroup: true)
            try take(streams.errors, into: &errors)
            if errors.count > limits.errors { errors.removeFirst(errors.count - limits.errors) }
            try take(streams.output, into: &output)
            if output.count > limits.output || size(of: streams.file) >= limits.file {
                stop(&child)
                throw .tooLong
            }
            if let ending { return Outcome(ending: ending, output: output, errors: errors) }
            if cancellation.isRequested {
                stop(&child)
                throw .cancelled
            }
            if ContinuousClock.now > last {
                stop(&child)
                throw .tooSlow
            }
        }
    }

    /// Asks its group to end, so that what it has begun can be tidied, and kills what does not.
    private func stop(_ child: inout ChildProcess) {
        _ = child.run(Cancellation { true }, grace: Self.graceMilliseconds)
    }

    private func size(of file: CInt?) -> Int64 {
        var status = stat()
        guard let file, fstat(file, &status) == 0 else { return 0 }
        return Int64(status.st_size)
    }

    private func pipe() throws(Failure) -> [CInt] {
        var ends: [CInt] = [-1, -1]
        guard bio_pipe(&ends) == 0 else { throw .system(SystemError("make a pipe for", request.path)) }
        _ = bio_set_nonblocking(ends[0], 1)
        return ends
    }

    /// What is there now; at most a little more than the bounds, so that a program that writes without end is noticed.
    private func take(_ stream: borrowing FileDescriptor, into bytes: inout [UInt8]) throws(Failure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
        defer { buffer.deallocate() }
        for _ in 0..<8 {
            let count: Int
            do throws(Errno) { count = try stream.read(into: buffer) } catch {
                if error == .wouldBlock { return }
                throw .system(SystemError("read from", request.path, error))
            }
            if count == 0 { return }
            bytes += buffer[..<count]
        }
    }
}
