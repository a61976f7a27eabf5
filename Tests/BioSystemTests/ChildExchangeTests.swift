// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Testing

@Suite(.timeLimit(.minutes(15))) struct ChildExchangeTests {
    private func run(
        _ script: String, input: String = "", limit: Int = 100, seconds: Int = 30, cancellation: Cancellation = .never
    ) throws(ChildExchange.Failure) -> ChildExchange.Outcome {
        var request = ChildProcess.Request("/bin/sh")
        request.arguments = ["-c", script]
        request.variables = ["PATH=/usr/bin:/bin", "SHOWN=yes"]
        return try ChildExchange(request, limit: limit, seconds: seconds, cancellation: cancellation)
            .run(Array(input.utf8))
    }

    @Test func itReadsAndPrints() throws {
        let outcome = try run("cat; echo $SHOWN; echo secret >&2", input: "asked ")
        #expect(outcome.ending == .exited(code: 0) && outcome.output == Array("asked yes\n".utf8))
    }

    @Test func howItEndedIsTold() throws {
        #expect(try run("echo no; exit 3").ending == .exited(code: 3))
        #expect(try run("kill -KILL $$").ending == .killed(signal: "KILL"))
    }

    @Test func whatIsSlowIsKilledWithItsGroup() throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-exchange-")
        let path = scratch.path + "/pid"
        let began = ContinuousClock.now
        #expect(throws: ChildExchange.Failure.tooSlow) { try run("sleep 60 & echo $! > \(path); wait", seconds: 1) }
        #expect(ContinuousClock.now - began < .seconds(20))
        let text = String(decoding: try FileDescriptor.open(path).readToEnd(limit: 100), as: UTF8.self)
        let pid = try #require(pid_t(text.dropLast()))
        for _ in 0..<250 where kill(pid, 0) == 0 { usleep(20_000) }
        #expect(kill(pid, 0) != 0)
    }

    @Test func whatPrintsTooMuchIsKilled() throws {
        #expect(throws: ChildExchange.Failure.tooLong) { try run("while :; do echo more; done") }
        #expect(throws: ChildExchange.Failure.tooLong) { try run("echo more", limit: 4) }
        #expect(try run("echo more", limit: 5).output.count == 5)
    }

    @Test func theWishThatItEndsIsHeard() throws {
        #expect(throws: ChildExchange.Failure.cancelled) {
            try run("sleep 60", cancellation: Cancellation { true })
        }
    }

    @Test func whatItLeavesRunningIsNotWaitedFor() throws {
        let began = ContinuousClock.now
        #expect(try run("sleep 5 & echo done").output == Array("done\n".utf8))
        #expect(ContinuousClock.now - began < .seconds(4))
    }

    @Test func whatIsNotThereCannotBeStarted() {
        let exchange = ChildExchange(.init("/nowhere/program"), limit: 1, seconds: 1, cancellation: .never)
        let failure = #expect(throws: ChildExchange.Failure.self) { try exchange.run([]) }
        guard case .system(let error) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(error.errno == .noSuchFile && error.path == "/nowhere/program")
    }
}
