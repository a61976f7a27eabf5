// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import CSystem
import Glibc
import Testing

@Suite struct FrameChannelTests {
    @Test func packetsArriveWholeAndInOrder() throws {
        let ends = try FrameChannel.pair()
        try ends.host.send([1])
        try ends.host.send([2, 3])
        #expect(try ends.runner.receive()?.bytes == [1])
        #expect(try ends.runner.receive()?.bytes == [2, 3])
    }

    @Test func theLargestFrameFits() throws {
        let ends = try FrameChannel.pair()
        let bytes = [UInt8](repeating: 7, count: FrameChannel.largestFrame)
        try ends.runner.send(bytes)
        #expect(try ends.host.receive()?.bytes == bytes)
    }

    @Test func descriptorsRideAlongAndAreClosedOnExec() throws {
        let ends = try FrameChannel.pair()
        let file = try MemoryFile.make([9, 8], name: "test")
        try ends.host.send([1], descriptors: [file.rawValue, file.rawValue])
        guard var packet = try ends.runner.receive() else {
            Issue.record("no packet")
            return
        }
        #expect(packet.descriptorCount == 2)
        guard let first = packet.takeDescriptor() else {
            Issue.record("no descriptor")
            return
        }
        #expect(try MemoryFile.read(first, name: "test", limit: 10) == [9, 8])
        #expect(isClosedOnExec(first.rawValue))
        #expect(packet.descriptorCount == 1)
    }

    @Test func descriptorsThatNobodyTakesAreClosed() throws {
        let ends = try FrameChannel.pair()
        var pipeEnds: [CInt] = [-1, -1]
        #expect(bio_pipe(&pipeEnds) == 0)
        let reading = FileDescriptor(owning: pipeEnds[0])
        try ends.host.send([1], descriptors: [pipeEnds[1]])
        close(pipeEnds[1])
        #expect(try ends.runner.receive()?.bytes == [1])
        // The last writer is gone, so that reading ends.
        #expect(try reading.readToEnd(limit: 1) == [])
    }

    @Test func aFifthDescriptorIsRefusedBySending() throws {
        let ends = try FrameChannel.pair()
        let file = try MemoryFile.make([1], name: "test")
        #expect(throws: SystemError.self) {
            try ends.host.send([1], descriptors: Array(repeating: file.rawValue, count: 5))
        }
    }

    @Test func theEndOfTheOtherSideIsSeen() throws {
        let runner: FrameChannel
        do {
            let ends = try FrameChannel.pair()
            try ends.host.send([1])
            runner = ends.runner
        }
        #expect(try runner.receive()?.bytes == [1])
        #expect(try runner.receive() == nil)
        let error = #expect(throws: SystemError.self) { try runner.send([1]) }
        #expect(error?.errno == .brokenPipe)
    }

    @Test func aNonBlockingEndDoesNotWait() throws {
        let ends = try FrameChannel.pair()
        #expect(bio_set_nonblocking(ends.host.descriptor, 1) == 0)
        let error = #expect(throws: SystemError.self) { _ = try ends.host.receive() == nil }
        #expect(error?.errno == .wouldBlock)
    }

    private func isClosedOnExec(_ descriptor: CInt) -> Bool {
        let flags = try? FileDescriptor.open("/proc/self/fdinfo/\(descriptor)").readToEnd(limit: 4096)
        // Octal, as in `flags: 02100002`: 02000000 is O_CLOEXEC.
        let text = String(decoding: flags ?? [], as: UTF8.self)
        let number = text.split(separator: "\n").first { $0.hasPrefix("flags:") }?.split(separator: "\t").last
        return number.flatMap { Int($0, radix: 8) }.map { $0 & 0o2000000 != 0 } ?? false
    }
}
