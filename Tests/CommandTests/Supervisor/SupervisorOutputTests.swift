// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What services write, and who does not read it.
@Suite(.timeLimit(.minutes(15))) struct SupervisorOutputTests {
    @Test func aReaderThatStallsStallsNobody() throws {
        let desk = try SupervisorDesk([
            .service("loud", run: "trap 'exit 0' TERM; yes 0123456789012345678901234567890123456789"),
            .service("quiet"),
        ])
        let fifo = desk.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        // Open at both ends, and nobody reads.
        let held = try FileDescriptor.open(fifo, O_RDWR)
        defer { withExtendedLifetime(held) {} }
        for name in ["loud", "quiet"] { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        let running = try desk.bio.start(["sup", "run"], output: fifo)
        defer {
            running.kill()
            _ = running.wait()
        }
        try desk.wait("the supervisor") { try desk.bio.run("svc", "status").code == 0 }
        try desk.wait("quiet", toBe: "up")
        #expect(try desk.bio.run("svc", "stop", "acme/quiet").code == 0)
        #expect(try desk.status("quiet")["state"] == "down" && desk.status("loud")["state"] == "up")
        #expect(try desk.bio.run("svc", "unload", "acme/loud").code == 0)
        let memory = try #require(ProcessMark(of: running.pid)?.residentBytes)
        #expect(memory < 64 << 20)
        running.kill(SIGTERM)
        #expect(running.wait() == 0)
    }

    @Test func aTerminalThatNobodyReadsStallsNobody() throws {
        let desk = try SupervisorDesk([
            .service(
                "loud", run: "trap 'exit 0' TERM; while :; do echo 0123456789012345678901234567890123456789; done"),
            .service("quiet"),
        ])
        for name in ["loud", "quiet"] { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        let bio = desk.bio
        desk.bio.wrapper = ["python3", "-c", Self.terminal]
        try desk.launch()
        desk.bio = bio
        try desk.wait("the supervisor") { try desk.bio.run("svc", "status").code == 0 }
        try desk.wait("quiet", toBe: "up")
        // By now the terminal is full.
        usleep(1_000_000)
        #expect(try desk.bio.run("svc", "stop", "acme/quiet").code == 0)
        #expect(try desk.status("quiet")["state"] == "down" && desk.status("loud")["state"] == "up")
        #expect(try desk.bio.run("sup", "term").code == 0)
        #expect(desk.end(0) == 0)
    }

    private static let terminal = """
        import os, sys
        reader, terminal = os.openpty()
        child = os.fork()
        if child == 0:
            os.dup2(terminal, 1)
            os.execv(sys.argv[1], sys.argv[1:])
        os.close(terminal)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    @Test func aServiceThatFloodsKeepsNobodyWaiting() throws {
        let desk = try SupervisorDesk([
            .service("loud", run: "echo loud >{{pkg.svc_data_path}}/is; exec tr '\\0' x </dev/zero"), .service("quiet"),
        ])
        for name in ["loud", "quiet"] { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        try desk.launch(output: "/dev/null")
        try desk.wait("the flood") { try FileStatus.of(desk.service("loud", "data/is")) != nil }
        try desk.wait("quiet", toBe: "up")
        usleep(2_000_000)
        #expect(try desk.bio.run("svc", "stop", "quiet").code == 0)
        #expect(try desk.status("loud")["state"] == "up")
        #expect(try #require(ProcessMark(of: desk.pid)?.residentBytes) < 64 << 20)
        #expect(desk.end() == 0)
    }

    /// Who ends meanwhile leaves what its pipes hold; that is kept up to a bound.
    @Test func linesThatNobodyReadsAreCounted() throws {
        let run = "for i in 1 2; do head -c 250000 /dev/zero | tr '\\0' '\\n'; exec >&2; done"
        let names = ["a", "b", "c"]
        let desk = try SupervisorDesk(names.map { .service($0, run: run) })
        let fifo = desk.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let held = try FileDescriptor.open(fifo, O_RDWR)
        for name in names { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        try desk.launch(["--service-min-backoff-period", "1000", "--service-max-backoff-period", "1000"], output: fifo)
        try desk.wait("the supervisor") { try desk.bio.run("svc", "status").code == 0 }
        for name in names { try desk.wait(name, toBe: "restarting") }
        #expect(try #require(ProcessMark(of: desk.pid)?.residentBytes) < 64 << 20)
        let reader = try Tool.start(["cat", fifo], output: desk.file("read"))
        #expect(desk.end() == 0)
        _ = consume held
        #expect(reader.wait() == 0)
        let lines = try desk.text(desk.file("read")).split(separator: "\n")
        let lost = lines.filter { $0.hasSuffix(" lines are lost: nobody has read them)") }
        #expect(!lost.isEmpty && lines.last == "bio-sup(MR): Ended", "\(lost)")
    }

    /// As nginx writes its logs.
    @Test func aServiceMayOpenItsStreamsAgain() throws {
        let user = geteuid() == 0 ? "daemon\n" : nil
        let desk = try SupervisorDesk([
            .service(
                "app", run: "echo opened >/dev/stdout; echo wrong >/dev/stderr; \(PackageFixture.patient)",
                metafiles: user.map { ["SVC_USER": $0, "SVC_GROUP": $0] } ?? [:])
        ])
        try desk.start("acme/app")
        for line in ["app.default(O): opened", "app.default(E): wrong", "started"] { try desk.wait(for: line) }
        #expect(desk.end() == 0)
    }
}
