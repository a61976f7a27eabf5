// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChildRecordingTests {
    private static let limits = ChildRecording.Limits(output: 100, file: 1 << 20, errors: 10, seconds: 30)

    private func run(
        _ script: String, limits: ChildRecording.Limits = Self.limits, file: CInt? = nil, third: CInt? = nil,
        cancellation: Cancellation = .never
    ) throws -> ChildRecording.Outcome {
        var request = ChildProcess.Request("/bin/sh")
        request.arguments = ["-c", script]
        request.variables = ["PATH=/usr/bin:/bin"]
        let input = try FileDescriptor.open("/proc/sys/kernel/ostype")
        return try ChildRecording(request, limits: limits, cancellation: cancellation)
            .run(input: input, file: file, third: third)
    }

    @Test func outputAndTheEndOfErrorsAreKept() throws {
        let outcome = try run("cat; echo 0123456789abcdef >&2; exit 3")
        #expect(outcome.output == Array("Linux\n".utf8) && outcome.errors == Array("789abcdef\n".utf8))
        #expect(outcome.ending == .exited(code: 3) && outcome.ending.shellCode == 3)
        #expect(try run("kill -TERM $$").ending.shellCode == 143)
    }

    @Test func outputGoesToAFile() throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-recording-")
        let file = try FileDescriptor.open(scratch.path + "/out", O_RDWR | O_CREAT)
        let outcome = try run("echo out; echo err >&2", file: file.rawValue)
        #expect(outcome.output == [] && outcome.errors == Array("err\n".utf8))
        lseek(file.rawValue, 0, SEEK_SET)
        #expect(try file.readToEnd(limit: 10) == Array("out\n".utf8))
    }

    @Test func nothingButTheThirdDescriptorIsPassed() throws {
        let secret = try FileDescriptor.open("/proc/sys/kernel/ostype")
        let outcome = try run("cat <&3; ls /proc/self/fd | tr '\\n' ' '", third: secret.rawValue)
        // The last is what ls reads the directory by.
        #expect(String(decoding: outcome.output, as: UTF8.self) == "Linux\n0 1 2 3 4 ")
        #expect(String(decoding: try run("ls /proc/self/fd | tr '\\n' ' '").output, as: UTF8.self) == "0 1 2 3 ")
    }

    @Test func whatTakesTooMuchIsEnded() throws {
        #expect(throws: ChildRecording.Failure.tooLong) { try run("yes") }
        var limits = Self.limits
        limits.seconds = 0
        #expect(throws: ChildRecording.Failure.tooSlow) { try run("sleep 60", limits: limits) }
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-recording-")
        let file = try FileDescriptor.open(scratch.path + "/out", O_RDWR | O_CREAT)
        #expect(throws: ChildRecording.Failure.tooLong) { try run("yes", file: file.rawValue) }
        #expect(throws: ChildRecording.Failure.cancelled) {
            try run("sleep 60", cancellation: Cancellation { true })
        }
    }

    /// It is asked to end, and killed when it does not listen.
    @Test func whatDoesNotListenIsKilled() throws {
        let began = ContinuousClock.now
        #expect(throws: ChildRecording.Failure.cancelled) {
            try run("trap '' TERM; while :; do sleep 1; done", cancellation: Cancellation { true })
        }
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test func whoLeavesSomethingRunningIsNotWaitedFor() throws {
        let began = ContinuousClock.now
        #expect(try run("sleep 20 & echo done").output == Array("done\n".utf8))
        #expect(ContinuousClock.now - began < .seconds(15))
    }
}
