// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Signals and children without parents, seen from outside.
@Suite(.timeLimit(.minutes(15))) struct InitSignalTests {
    /// The service's own signal, whatever asked for the end.
    @Test(arguments: [SIGTERM, SIGINT, SIGQUIT])
    func whoAsksForTheEndCausesTheServicesSignal(asked: Int32) throws {
        let service = try InitService()
        let spec = try service.spec(
            "signal 10", "timeout 60",
            "run \(try service.hook("run", "trap 'echo usr1; exit 5' USR1; trap 'echo other' TERM INT QUIT; echo up; while :; do sleep 0.1; done"))"
        )
        let running = try service.start(spec)
        try service.wait(for: "up")
        running.kill(asked)
        #expect(running.wait() == 5)
        #expect(service.output == "up\nusr1\n")
    }

    @Test func otherSignalsGoOnAsTheyAre() throws {
        let service = try InitService()
        let spec = try service.spec(
            "run \(try service.hook("run", "trap 'echo hup' HUP; trap 'echo winch' WINCH; trap 'exit 4' TERM; echo up; while :; do sleep 0.1; done"))"
        )
        let running = try service.start(spec)
        try service.wait(for: "up")
        running.kill(SIGHUP)
        try service.wait(for: "hup")
        running.kill(SIGWINCH)
        try service.wait(for: "winch")
        running.kill(SIGTERM)
        #expect(running.wait() == 4)
    }

    /// A shell without exec dies at once; what it started is asked, and has its time.
    @Test func whatAHookLeavesBehindMayEndWell() throws {
        let service = try InitService()
        let worker = try service.hook(
            "worker", "trap 'sleep 1; echo saved; exit 0' TERM; echo up; while :; do sleep 0.1; done")
        let running = try service.start(
            try service.spec("timeout 60", "run \(try service.hook("run", "\(worker)\necho never"))"))
        try service.wait(for: "up")
        running.kill(SIGTERM)
        #expect(running.wait() == 128 + SIGTERM)
        #expect(service.output == "up\nsaved\n")
    }

    /// Of a service that ends by itself, too; and who does not end is killed when the time is over.
    @Test func whatEndsByItselfLeavesNobody() throws {
        let service = try InitService()
        let spec = try service.spec(
            "timeout 1",
            "run \(try service.hook("run", "sh -c 'trap \"\" TERM; echo $$; sleep 1000' & sleep 0.5; exit 3"))")
        let running = try service.start(spec)
        #expect(running.wait() == 3)
        let child = try #require(pid_t(service.output.split(separator: "\n").first ?? ""))
        #expect(!Process.isAlive(child))
        #expect(service.errors == "bio-init: 'web' has not ended within 1 s: it is killed\n")
    }

    /// Only what runs gets a signal that is not about the end.
    @Test func whatASignalIsNotForDoesNotGetIt() throws {
        let service = try InitService()
        let helper = try service.hook("helper", "echo helper; while :; do sleep 0.1; done")
        let spec = try service.spec(
            "run \(try service.hook("run", "trap 'echo hup' HUP; trap 'exit 0' TERM; \(helper) & echo pid $!; while :; do sleep 0.1; done"))"
        )
        let running = try service.start(spec)
        try service.wait(for: "helper")
        let line = try #require(service.output.split(separator: "\n").first { $0.hasPrefix("pid ") })
        let child = try #require(pid_t(line.dropFirst(4)))
        running.kill(SIGHUP)
        try service.wait(for: "hup")
        #expect(Process.isAlive(child))
        running.kill(SIGTERM)
        #expect(running.wait() == 0)
        #expect(!Process.isAlive(child))
    }

    /// As launchers leave it, who ignore the end of their children.
    @Test func anInheritedWishIsForgotten() throws {
        let service = try InitService()
        let spec = try service.spec("run \(try service.hook("run", "exit 5"))")
        let line =
            "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
        let outcome = try Tool.run(["timeout", "60", "python3", "-c", line, try InitService.program(), spec])
        #expect(outcome.code == 5, "\(outcome.errorText)")
    }

    @Test func aCheckOfHealthThatIsKilledLeavesNobody() throws {
        let service = try InitService()
        let spec = try service.spec(
            "run /bin/false", "health-check \(try service.hook("health", "echo $$; exec sleep 1000"))")
        let running = try Tool.start(
            [try InitService.program(), "health", spec], output: service.scratch.file("out"),
            errors: service.scratch.file("err"))
        try service.wait(for: "\n")
        let child = try #require(pid_t(service.output.split(separator: "\n").first ?? ""))
        running.kill(SIGKILL)
        #expect(running.wait() == 128 + SIGKILL)
        for _ in 0..<500 where Process.isAlive(child) { usleep(20_000) }
        #expect(!Process.isAlive(child))
    }

    /// Neither what runs beside the service nor who has left its group outlives it.
    @Test func nobodyOutlivesIt() throws {
        let service = try InitService()
        let spec = try service.spec(
            "run \(try service.hook("run", "setsid sleep 1000 & echo escaped $!; sleep 0.5; exit 0"))",
            "post-run \(try service.hook("post-run", "echo beside $$; exec sleep 1000"))")
        let running = try service.start(spec)
        #expect(running.wait() == 0)
        let pids = service.output.split(separator: "\n").compactMap {
            $0.split(separator: " ").last.flatMap { pid_t($0) }
        }
        #expect(pids.count == 2, "\(service.output)")
        for pid in pids {
            for _ in 0..<500 where Process.isAlive(pid) { usleep(20_000) }
            #expect(!Process.isAlive(pid))
        }
    }

    /// The terminal stays the caller's, and Ctrl-C is the service's end in its own way.
    @Test func theTerminalStaysWhereItIs() throws {
        let service = try InitService()
        let spec = try service.spec(
            "signal 10",
            "run \(try service.hook("run", "trap 'echo by usr1; exit 4' USR1; trap 'echo by int' INT; read x || echo no input; echo up; while :; do sleep 0.1; done"))"
        )
        let line = """
            import os, pty, select, sys, time
            pid, master = pty.fork()
            if pid == 0:
                os.execv(sys.argv[1], sys.argv[1:])
            seen, sent = b"", False
            while True:
                try:
                    piece = os.read(master, 4096)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
                if b"up" in seen and not sent:
                    os.write(master, b"\\x03")
                    sent = True
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            print(seen.decode().replace("\\r", ""), status)
            """
        let outcome = try Tool.run(["timeout", "60", "python3", "-c", line, try InitService.program(), spec])
        #expect(outcome.text.contains("no input\nup\n"), "\(outcome.text) \(outcome.errorText)")
        #expect(outcome.text.contains("by usr1\n") && !outcome.text.contains("by int"), "\(outcome.text)")
        #expect(outcome.text.hasSuffix(" 4\n"), "\(outcome.text)")
    }

    @Test func whoDoesNotEndInTimeIsKilledWithAllHeStarted() throws {
        let service = try InitService()
        let spec = try service.spec(
            "timeout 1",
            "run \(try service.hook("run", "trap '' TERM; sleep 1000 & echo child $!; echo up; while :; do sleep 0.1; done"))"
        )
        let running = try service.start(spec)
        try service.wait(for: "up")
        let start = Process.milliseconds()
        running.kill(SIGTERM)
        #expect(running.wait() == 137)
        #expect(Process.milliseconds() - start >= 1000)
        #expect(service.errors == "bio-init: 'web' has not ended within 1 s: it is killed\n")
        let line = try #require(service.output.split(separator: "\n").first)
        let child = try #require(pid_t(line.split(separator: " ")[1]))
        for _ in 0..<500 where Process.isAlive(child) { usleep(20_000) }
        #expect(!Process.isAlive(child))
    }

    @Test func anEndDuringTheInitHookStartsNothing() throws {
        let service = try InitService()
        let spec = try service.spec(
            "init \(try service.hook("init", "trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done"))",
            "run \(try service.hook("run", "echo no"))")
        let running = try service.start(spec)
        try service.wait(for: "up")
        running.kill(SIGTERM)
        #expect(running.wait() == 128 + SIGTERM)
        #expect(service.output == "up\n")
    }

    /// A hundred grandchildren whose parent is gone: each is reaped.
    @Test func whoLosesHisParentIsReaped() throws {
        let service = try InitService()
        let spec = try service.spec(
            "run \(try service.hook("run", "for n in $(seq 100); do (sleep 0.1 &) ; done; sleep 1; echo up; trap 'exit 0' TERM; while :; do sleep 0.1; done"))"
        )
        let running = try service.start(spec)
        try service.wait(for: "up")
        var children: [pid_t] = []
        for _ in 0..<250 {
            children = try Process.children(of: running.pid)
            if children.count == 1 { break }
            usleep(20_000)
        }
        #expect(children.count == 1, "beside the run hook there are \(children.count - 1)")
        running.kill(SIGTERM)
        #expect(running.wait() == 0)
    }

    @Test func manySignalsAtOnceHarmNothing() throws {
        let service = try InitService()
        let spec = try service.spec(
            "timeout 60",
            "run \(try service.hook("run", "trap 'sleep 0.3; exit 6' TERM; trap '' HUP USR1 USR2; echo up; while :; do sleep 0.1; done"))"
        )
        let running = try service.start(spec)
        try service.wait(for: "up")
        for _ in 0..<2000 { for signal in [SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD] { running.kill(signal) } }
        running.kill(SIGTERM)
        for _ in 0..<200 { running.kill(SIGHUP) }
        #expect(running.wait() == 6)
    }

    /// As the first process of a world of its own, where the kernel passes on nothing by itself.
    @Test func itIsAFirstProcess() throws {
        try #require(geteuid() == 0, "the tests run as root")
        let service = try InitService()
        let spec = try service.spec(
            "run \(try service.hook("run", "trap 'exit 9' TERM; echo up as $(cut -d' ' -f4 /proc/self/stat); while :; do sleep 0.1; done"))"
        )
        let running = try Tool.start(
            ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", try InitService.program(), spec],
            output: service.scratch.file("out"), errors: service.scratch.file("err"))
        try service.wait(for: "up")
        let first = try #require(try Process.children(of: running.pid).first)
        let status = String(decoding: try contents(of: "/proc/\(first)/status"), as: UTF8.self)
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?
            .split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        #expect(try #require(resident) < 3 << 10, "kilobytes")
        kill(first, SIGTERM)
        #expect(running.wait() == 9, "\(service.errors)")
    }
}
