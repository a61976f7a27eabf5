// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Exports that are stopped in the middle.
@Suite(.serialized) struct TarInterruptionTests {
    /// One file of 30 MiB that takes seconds to compress.
    static let large = PackageFixture(
        "acme/large/1.0/20260101000000", files: [],
        extra: { tar, prefix in
            // Longer than a piece of the compressor, which so finds no repetition.
            var state: UInt64 = 7
            let words = (0..<(3 << 16)).map { _ -> UInt64 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state ^ state >> 32) & 0x0F0F_0F0F_0F0F_0F0F
            }
            let unique = words.withUnsafeBytes { Array($0) }
            var body: [UInt8] = []
            for _ in 0..<20 { body += unique }
            tar.member("\(prefix)/data", body: body)
        })

    /// The artifact, made once; its payload is not compressed, which would take longer than the tests.
    private static let artifact = Result {
        let world = try World.shared.get()
        let payload = "\(world.path)/large.tar"
        try AtomicFile.write(large.tar(), to: payload)
        try world.keys.sign(payload, to: "\(world.path)/large.hart")
        return "\(world.path)/large.hart"
    }

    private static func desk() throws -> Desk {
        let desk = try Desk(installing: [])
        let outcome = try desk.bio.run("pkg", "install", try artifact.get())
        guard outcome.code == 0 else { throw Bio.Missing(description: "cannot install: \(outcome.errorText)") }
        return desk
    }

    private static let arguments = [
        "pkg", "export", "tar", "acme/large", "--base-pkgs", "none", "-o", "large",
    ]

    struct Stop: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let signal: CInt
        var compression = "zstd:19"
        var isInProcess = false

        var arguments: [String] {
            TarInterruptionTests.arguments + [
                "--compression", compression, "--threads", compression == "xz" ? "2" : "1",
            ] + (isInProcess ? ["--in-process"] : [])
        }
    }

    @Test(arguments: [
        Stop(testDescription: "SIGINT", signal: SIGINT), Stop(testDescription: "SIGTERM", signal: SIGTERM),
        Stop(testDescription: "SIGHUP", signal: SIGHUP),
        Stop(testDescription: "SIGINT in process", signal: SIGINT, isInProcess: true),
        // Here the last bytes are read long before the encoder is done with them.
        Stop(testDescription: "SIGINT to xz", signal: SIGINT, compression: "xz"),
    ]) func aSignalEndsTheExportCleanly(stop: Stop) throws {
        let desk = try Self.desk()
        let running = try desk.bio.start(stop.arguments, errors: desk.file("err"))
        #expect(try waitForArchive(in: desk.bio.directory), "\(errors(desk))")
        let children = try Process.children(of: running.pid)
        #expect(children.count == (stop.isInProcess ? 0 : 1))
        let before = Process.milliseconds()
        running.kill(stop.signal)
        #expect(running.wait() == 130)
        // Not after the whole file. How much sooner is no matter of seconds on a machine that is busy.
        #expect(Process.milliseconds() - before < 20_000)
        #expect(errors(desk).contains("interrupted"))
        #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
        #expect(children.allSatisfy { !Process.isAlive($0) })
    }

    /// Also while the file is put in its place: there is no code 130 with a result, and no 0 without.
    @Test func theExitCodeTellsWhetherThereIsAFile() throws {
        let desk = try Self.desk()
        for step in 0..<16 {
            let running = try desk.bio.start(Self.arguments + ["--compression", "none"])
            usleep(UInt32(step) * 15_000)
            running.kill(SIGTERM)
            let code = running.wait()
            #expect([0, 130, 128 + SIGTERM].contains(code))
            #expect(try desk.names() == (code == 0 ? ["large", "results"] : []), "after \(step * 15) ms: \(code)")
            try Directory.remove(desk.work("large"))
            try Directory.remove(desk.work("results"))
        }
    }

    @Test func aKilledExportLeavesNothingVisible() throws {
        let desk = try Self.desk()
        let running = try desk.bio.start(Self.arguments + ["--compression", "zstd:19", "--threads", "1"])
        #expect(try waitForArchive(in: desk.bio.directory))
        let children = try Process.children(of: running.pid)
        #expect(children.count == 1)
        running.kill(SIGKILL)
        #expect(running.wait() == 128 + SIGKILL)
        #expect(try desk.names().allSatisfy { $0.hasPrefix(".") })
        let end = Process.milliseconds() + 2000
        while Process.milliseconds() < end, children.contains(where: Process.isAlive) { usleep(10_000) }
        #expect(children.allSatisfy { !Process.isAlive($0) }, "the runner outlives bio")
        // And the next one is not bothered by what is left.
        let again = try desk.bio.export("acme/large", "--base-pkgs", "none", "--compression", "zstd:1")
        #expect(again.code == 0, "\(again.errorText)")
    }

    @Test func aReaderThatDoesNotReadCannotHoldIt() throws {
        let desk = try Self.desk()
        let fifo = desk.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let reader = try FileDescriptor.open(fifo, O_RDWR)
        let running = try desk.bio.start(
            ["pkg", "export", "tar", "acme/large", "--base-pkgs", "none", "--compression", "none", "-o", "-"],
            output: fifo, errors: desk.file("err"))
        // Once the pipe holds something the program is writing; soon it is full.
        var pipe = pollfd(fd: reader.rawValue, events: Int16(POLLIN), revents: 0)
        #expect(poll(&pipe, 1, 10_000) == 1)
        usleep(100_000)
        running.kill(SIGINT)
        #expect(running.wait() == 130)
        #expect(errors(desk).contains("interrupted"))
        #expect(try desk.temporaryNames().isEmpty)
    }

    /// Whether an archive with something in it appeared in the hidden workspace.
    private func waitForArchive(in directory: String) throws -> Bool {
        let end = Process.milliseconds() + 10_000
        while Process.milliseconds() < end {
            for name in try Directory.names(directory) {
                let made = "\(directory)/\(String(decoding: name, as: UTF8.self))/made/large"
                if let status = try? FileStatus.of(made), status.size > 0 { return true }
            }
            usleep(5000)
        }
        return false
    }

    private func errors(_ desk: borrowing Desk) -> String {
        String(decoding: (try? contents(of: desk.file("err"))) ?? [], as: UTF8.self)
    }
}
