// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Testing

@Suite(.timeLimit(.minutes(15))) struct ChildRecordingTests {
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

    /// No file grows beyond the limit, however fast it is written.
    @Test func aFileHasALimit() throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-recording-")
        let file = try FileDescriptor.open(scratch.path + "/out", O_RDWR | O_CREAT)
        #expect(throws: ChildRecording.Failure.tooLong) {
            try run("head -c 8M /dev/zero; echo done >&2", file: file.rawValue)
        }
        #expect(try file.status().size == 1 << 20)
        #expect(try run("ulimit -c").output == Array("0\n".utf8))
    }

    /// It is asked to end, and killed when it does not listen.
    @Test(arguments: ["", "trap '' TERM; "]) func aRunningProgramIsEnded(_ before: String) throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-recording-")
        let path = scratch.path + "/pid"
        let began = ContinuousClock.now
        // The wish comes once it runs.
        #expect(throws: ChildRecording.Failure.cancelled) {
            try run(
                "\(before)echo $$ > \(path); while :; do sleep 1; done",
                cancellation: Cancellation { (try? FileStatus.of(path))??.size ?? 0 > 0 })
        }
        #expect(ContinuousClock.now - began < .seconds(20))
        let text = String(decoding: try FileDescriptor.open(path).readToEnd(limit: 100), as: UTF8.self)
        #expect(kill(try #require(pid_t(text.dropLast())), 0) != 0)
    }

    @Test func whatAProgramLeavesRunningEndsWithIt() throws {
        let began = ContinuousClock.now
        let text = String(decoding: try run("sleep 60 & echo $!").output, as: UTF8.self)
        #expect(ContinuousClock.now - began < .seconds(15))
        let pid = try #require(pid_t(text.dropLast()))
        for _ in 0..<250 where kill(pid, 0) == 0 { usleep(20_000) }
        #expect(kill(pid, 0) != 0)
    }

    @Test func whoHasASessionOfItsOwnStays() throws {
        let text = String(
            decoding: try run("setsid sh -c 'echo $$; exec sleep 60' >&1 2>&1 & sleep 1").output, as: UTF8.self)
        let pid = try #require(pid_t(text.dropLast()))
        #expect(kill(pid, 0) == 0)
        kill(pid, SIGKILL)
    }
}
