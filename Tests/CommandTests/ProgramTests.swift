// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite(.timeLimit(.minutes(15))) struct ProgramTests {
    @Test(arguments: ["--version", "-V"])
    func saysItsVersion(_ word: String) throws {
        let outcome = try Command().run(word)
        #expect(outcome.code == 0 && outcome.output.hasPrefix("bio ") && outcome.errors.isEmpty)
    }

    @Test func helpGoesToStandardOutput() throws {
        let outcome = try Command().run("pkg", "--help")
        #expect(outcome.code == 0 && outcome.output.contains("Usage:") && outcome.errors.isEmpty)
    }

    @Test func mistakesGoToStandardErrorWithCode64() throws {
        let outcome = try Command().run("pkg", "hahs")
        #expect(outcome.code == 64 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("hint: did you mean 'bio pkg hash'?"))
    }

    @Test(arguments: [["--version"], ["--help"], ["pkg", "hash", "/etc/passwd"]])
    func aFullStandardOutputIsAFailure(_ words: [String]) throws {
        let outcome = try Command(outputPath: "/dev/full").run(words) { _ in }
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("cannot write the result to standard output: No space left on device"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalEndsWithCode130(_ signal: CInt) throws {
        // A fifo that nobody writes into keeps the program waiting where it listens for signals.
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-signal-")
        let fifo = "\(scratch.path)/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        let writer = try FileDescriptor.open(fifo, O_RDWR)
        var command = Command()
        command.inputPath = fifo
        let outcome = try command.run(["pkg", "hash"]) { child in
            // Until it waits, the signal could come before the handler is there.
            usleep(300_000)
            kill(child, signal)
        }
        #expect(writer.rawValue >= 0)
        #expect(outcome.code == 130 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("interrupted"))
    }

    /// A plugin that does not heed the first signal has two seconds; the second signal waits for nobody.
    @Test func aSecondSignalKills() throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        #expect(try world.bio.run("plugin", "describe", plugin.directory).code == 0)
        let outcome = try world.bio.run(world.export("hang-run")) { program in
            for _ in 0..<400 where try ProcessSearch.mapping(plugin.library).isEmpty { usleep(20_000) }
            usleep(300_000)
            kill(program, SIGTERM)
            usleep(100_000)
            kill(program, SIGTERM)
        }
        #expect(outcome.code == 128 + SIGTERM && outcome.output.isEmpty)
    }

    @Test func aPipeHasNoHash() throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-pipe-")
        let fifo = "\(scratch.path)/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        #expect(try Command().run("pkg", "hash", fifo).code == 1)
    }

    @Test func closedStandardOutputIsAFailureAndNothingTakesItsPlace() throws {
        let outcome = try Tool.run(["sh", "-c", "\(Command.program) pkg hash /etc/passwd >&-"])
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("cannot write the result to standard output: Bad file descriptor"))
    }

    @Test func aReaderThatLeavesEndsItQuietly() throws {
        let outcome = try Tool.run([
            "sh", "-c", "{ \(Command.program) pkg --help; echo $? >&2; } | true",
        ])
        #expect(["0\n", "1\n"].contains(outcome.errorText))  // 0 when the reader left a moment later
    }
}
