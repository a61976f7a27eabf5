// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// What a task would do: the tarball is unpacked into a directory, and the command runs there.
@Suite struct MesosTaskTests {
    /// Unpacks the tarball as Mesos does, and runs the command as its executor does.
    private func task(
        _ desk: borrowing ExportDesk, _ made: MadeApplication, _ variables: [String: String] = [:]
    ) throws -> Tool.Outcome {
        let sandbox = desk.file("sandbox")
        try Directory.create(sandbox)
        try tool("tar", "-C", sandbox, "-xzf", desk.work("app.tgz"))
        let command = made.document["cmd"]?.string ?? ""
        return try Tool.run(
            ["env", "-i", "-C", sandbox] + variables.map { "\($0.key)=\($0.value)" } + ["/bin/sh", "-c", command])
    }

    @Test(arguments: [
        (["core/redis"], "sup run core/redis"),
        (
            ["acme/guestbook", "--bind", "redis:redis.prod", "--peer", "10.0.0.7", "--group", "prod"],
            "sup run acme/guestbook --group prod --bind redis:redis.prod --peer 10.0.0.7"
        ),
        (["acme/Big_Shop/2.0-rc.1+7"], "sup run acme/Big_Shop/2.0-rc.1+7"),
    ]) func theSupervisorIsReached(arguments: [String], said: String) throws {
        let desk = try ExportDesk.platforms()
        let made = try desk.application(arguments)
        let outcome = try task(desk, made)
        #expect(outcome.text == "bio \(said)\nas 0:0\n", "\(outcome.errorText)")
        // The agent's mounts are as before, and its own names are known inside.
        let mounts = String(decoding: try contents(of: "/proc/self/mounts"), as: UTF8.self)
        #expect(!mounts.contains(desk.file("sandbox")))
        #expect(try Directory.names(desk.file("sandbox/dev")).isEmpty)
        for name in ["hosts", "resolv.conf"] {
            #expect(try contents(of: desk.file("sandbox/etc/\(name)")) == contents(of: "/etc/\(name)"))
        }
    }

    /// The variables of the application are those of the supervisor.
    @Test func variablesReachTheSupervisor() throws {
        let desk = try ExportDesk.platforms()
        let made = try desk.application("acme/twoports")
        let program = desk.file("sandbox/show")
        _ = try task(desk, made)
        try AtomicFile.write(Array("#!/bin/sh\nprintf %s \"$HAB_TWOPORTS\"\n".utf8), to: program)
        try FileDescriptor.open(program).setMode(0o755)
        let command = made.document["cmd"]?.string?.replacing("/init.sh", with: "/show") ?? ""
        let value = "http = 80\nadmin = '$x'"
        let outcome = try Tool.run(
            ["env", "-i", "-C", desk.file("sandbox"), "HAB_TWOPORTS=\(value)", "/bin/sh", "-c", command])
        #expect(outcome.text == value, "\(outcome.errorText)")
    }

    /// Without a supervisor: the first process is no process 1 here, passes the end on and leaves nobody behind.
    @Test func aServiceRunsByItself() throws {
        let desk = try ExportDesk.supplied()
        let made = try desk.application("acme/ready", "biome/busybox", "--runtime", "direct")
        let sandbox = desk.file("sandbox")
        try Directory.create(sandbox)
        try tool("tar", "-C", sandbox, "-xzf", desk.work("app.tgz"))
        let command = made.document["cmd"]?.string ?? ""
        let outcome = try Tool.run([
            "timeout", "--preserve-status", "--signal", "TERM", "5", "env", "-i", "-C", sandbox, "/bin/sh", "-c",
            command,
        ])
        #expect(outcome.code == 128 + 15, "\(outcome.code) \(outcome.errorText)")
        #expect(try contents(of: "\(sandbox)/hab/svc/ready/data/word") == Array("ready\n".utf8))
        #expect(try tool("stat", "-c", "%u:%g", "\(sandbox)/hab/svc/ready/data/word") == Array("42:42\n".utf8))
    }

    /// The root has all that its programs need: redis runs in it.
    @Test func realProgramsRunInTheRoot() throws {
        let desk = try ExportDesk.platforms()
        _ = try task(desk, try desk.application("core/redis", "acme/guestbook"))
        func inside(_ words: String...) throws -> Tool.Outcome {
            try Tool.run(["env", "-i", "PATH=/bin", "/usr/sbin/chroot", desk.file("sandbox")] + words)
        }
        #expect(try inside("/bin/redis-server", "--version").text.contains("Redis server v="))
        #expect(
            try inside("/bin/sh", "-c", "id -un hab && guestbook 2>&1 | head -c 0; echo $PATH").text == "hab\n/bin\n")
        #expect(try inside("/bin/sh", "-c", "test -s /etc/ssl/cert.pem").code == 0)
    }
}
