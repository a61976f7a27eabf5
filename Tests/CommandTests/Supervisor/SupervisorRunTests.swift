// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// One service under the built supervisor, from its start to its end.
@Suite(.timeLimit(.minutes(15))) struct SupervisorRunTests {
    @Test func aServiceRunsWithItsHooksAndFiles() throws {
        let desk = try SupervisorDesk([
            .service(
                "app", run: "pwd; cat {{pkg.svc_config_path}}/app.conf; echo wrong >&2\n" + PackageFixture.patient,
                hooks: [
                    "init": "echo for {{cfg.port}}", "post-run": "echo after start", "post-stop": "echo after end",
                    "health-check": "echo fine; exit 1",
                ],
                files: ["default.toml": "port = 7000\n", "config/app.conf": "listen {{cfg.port}}\n"])
        ])
        try desk.start("acme/app")
        for line in [
            "app.default hook[init]:(HK): for 7000", "app.default(O): \(desk.service("app", ""))".dropLastSlash,
            "app.default(O): listen 7000", "app.default(E): wrong", "app.default hook[post-run]:(HK): after start",
            "app.default(SR): Health is WARNING, by exit code 1",
        ] { try desk.wait(for: line) }
        let status = try desk.status("acme/app")
        #expect(status["state"] == "up" && status["health"] == "WARNING" && status["starts"] == 1)
        let pid = try #require(status["pid"]?.int)
        #expect(try desk.text(desk.service("app", "PID")) == "\(pid)")
        #expect(try desk.text(desk.service("app", "logs/init.stdout.log")) == "for 7000\n")
        #expect(try FileStatus.of(desk.service("app", "run"))?.mode == 0o755)
        #expect(desk.end() == 0)
        let end = desk.output.split(separator: "\n").suffix(4).joined(separator: "\n")
        #expect(
            end == """
                app.default(O): asked
                app.default(SV): Stopped: exit code 0
                app.default hook[post-stop]:(HK): after end
                bio-sup(MR): Ended
                """)
        #expect(try FileStatus.of(desk.service("app", "PID")) == nil)
        #expect(ProcessMark(of: Int32(pid)) == nil)
    }

    @Test func controlCIsAnInterruption() throws {
        let desk = try SupervisorDesk([.service("app")])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        #expect(desk.end(SIGINT) == 130)
        #expect(desk.count("asked") == 1)
    }

    @Test func aServiceThatDiesIsStartedAgainEverLater() throws {
        let desk = try SupervisorDesk([.service("app", run: "echo dying; exit 3")])
        try desk.start("acme/app", "--service-max-backoff-period", "2")
        for line in ["next try is in 1 s", "next try is in 2 s"] { try desk.wait(for: line) }
        try desk.wait(for: "next try is in 2 s", count: 2)
        #expect(desk.count("dying") >= 3 && desk.count("has ended: exit code 3") >= 3)
        #expect(try desk.status("app")["reason"] == "its process ended: exit code 3")
        #expect(desk.end() == 0)
    }

    @Test func theSignalAndTheTimeAreThePackages() throws {
        let desk = try SupervisorDesk([
            .service(
                "app", run: "trap 'echo quit' QUIT; trap 'echo term' TERM; echo started; while :; do sleep 0.05; done",
                metafiles: ["SHUTDOWN_SIGNAL": "QUIT\n", "SHUTDOWN_TIMEOUT": "1\n"])
        ])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        #expect(desk.end() == 0)
        #expect(desk.count("(O): quit") == 1 && desk.count("(O): term") == 0)
        #expect(
            desk.count("has not ended in time, and is killed") == 1 && desk.count("Stopped: killed by SIGKILL") == 1)
    }

    @Test func nothingOfItsGroupIsLeft() throws {
        let desk = try SupervisorDesk([
            .service(
                "app", run: "sh -c 'trap \"\" TERM; echo child $$; while :; do sleep 0.05; done' &\nwait",
                metafiles: ["SHUTDOWN_TIMEOUT": "1\n"])
        ])
        try desk.start("acme/app")
        try desk.wait(for: "child ")
        let child = try #require(
            desk.output.split(separator: "child ").last.flatMap { Int32($0.prefix { $0.isNumber }) })
        #expect(desk.end() == 0)
        #expect(ProcessMark(of: child) == nil)
    }

    @Test func orphansAreReaped() throws {
        let desk = try SupervisorDesk([
            .service("app", run: "(setsid sh -c 'echo orphan $$; sleep 0.5; exit 7' &)\n" + PackageFixture.patient)
        ])
        try desk.start("acme/app")
        try desk.wait(for: "orphan ")
        let orphan = try #require(
            desk.output.split(separator: "orphan ").last.flatMap { Int32($0.prefix { $0.isNumber }) })
        // It is the supervisor's while it lives: without that it would be nobody's here, and end elsewhere.
        try desk.wait("the adoption") {
            try desk.text("/proc/\(desk.pid)/task/\(desk.pid)/children").split(separator: " ").contains("\(orphan)")
        }
        try desk.wait("its end, with no zombie") { try FileStatus.of("/proc/\(orphan)") == nil }
        #expect(try desk.status("app")["state"] == "up" && desk.count("orphan") == 1)
        #expect(desk.end() == 0)
    }

    @Test func signalsArePassedOn() throws {
        let desk = try SupervisorDesk([
            .service(
                "app",
                run: "for s in HUP USR1 USR2; do trap \"echo got $s\" $s; done\n" + PackageFixture.patient)
        ])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        for (number, name) in [(SIGHUP, "HUP"), (SIGUSR1, "USR1"), (SIGUSR2, "USR2")] {
            desk.signal(number)
            try desk.wait(for: "got \(name)")
        }
        for _ in 0..<200 { for number in [SIGHUP, SIGUSR1, SIGCHLD, SIGWINCH] { desk.signal(number) } }
        for _ in 0..<5 { desk.signal(SIGTERM) }
        #expect(desk.end() == 0)
        #expect(desk.count("asked") == 1, "\(desk.output)")
    }

    @Test func asProcessOneItReapsAndForwards() throws {
        let desk = try SupervisorDesk([
            .service("app", run: "(setsid sh -c 'sleep 0.1' &)\ntrap 'echo got HUP' HUP\n" + PackageFixture.patient)
        ])
        let user = geteuid() == 0 ? [] : ["--user", "--map-root-user"]
        desk.bio.wrapper = ["unshare"] + user + ["--pid", "--fork", "--mount-proc"]
        try desk.start("acme/app")
        try desk.wait(for: "process 1")
        try desk.wait(for: "started")
        // unshare itself only waits; what it has started is process 1 within.
        let inner = try #require(
            Int32(try desk.text("/proc/\(desk.pid)/task/\(desk.pid)/children").split(separator: " ").first ?? ""))
        kill(inner, SIGHUP)
        try desk.wait(for: "got HUP")
        try desk.wait("one child") {
            try desk.text("/proc/\(inner)/task/\(inner)/children").split(separator: " ").count == 1
        }
        kill(inner, SIGTERM)
        #expect(desk.end(0) == 0)
        #expect(desk.count("asked") == 1)
    }

    @Test func rootBecomesTheServicesUser() throws {
        guard geteuid() == 0 else {
            let desk = try SupervisorDesk([
                .service(
                    "app", run: "id -u; \(PackageFixture.patient)",
                    metafiles: ["SVC_USER": "daemon\n", "SVC_GROUP": "daemon\n"])
            ])
            try desk.start("acme/app")
            return try desk.wait(for: "app.default(O): \(geteuid())")
        }
        let desk = try SupervisorDesk([
            .service(
                "app", run: "id -u; id -g; touch {{pkg.svc_data_path}}/made; \(PackageFixture.patient)",
                hooks: ["init": "id -un"], metafiles: ["SVC_USER": "daemon\n", "SVC_GROUP": "games\n"])
        ])
        try desk.start("acme/app")
        for line in ["hook[init]:(HK): daemon", "app.default(O): 1", "app.default(O): 60", "started"] {
            try desk.wait(for: line)
        }
        #expect(try FileStatus.of(desk.service("app", "data/made"))?.owner == 1)
        #expect(desk.end() == 0)
    }

    /// In the moments before it waits for signals.
    @Test func signalsThatComeEarlyCountToo() throws {
        let desk = try SupervisorDesk([.service("app")])
        func early(_ name: String) -> [String] {
            ["strace", "-qq", "-o", "/dev/null", "-e", "trace=listen", "-e", "inject=listen:signal=\(name):when=1"]
        }
        for (name, code) in [("SIGINT", Int32(130)), ("SIGTERM", 0)] {
            desk.bio.wrapper = early(name)
            #expect(try desk.bio.run("sup", "run", "acme/app").code == code)
        }
        // There is nobody yet to pass it on to.
        desk.bio.wrapper = early("SIGHUP")
        try desk.start("acme/app")
        desk.bio.wrapper = []
        try desk.wait(for: "started")
        #expect(try desk.bio.run("sup", "term").code == 0)
        #expect(desk.end(0) == 0)
    }

    @Test func aProcessThatLeavesItsGroupIsKilledAllTheSame() throws {
        let script = """
            import os, signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            parent = os.getpid()
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                while os.getppid() == parent: time.sleep(0.05)
                os._exit(0)
            while os.getpgid(child) != child: time.sleep(0.01)
            os.setpgid(0, child)
            print("moved", flush=True)
            time.sleep(600)
            """
        let desk = try SupervisorDesk([
            .service(
                "app", run: "exec python3 {{pkg.svc_config_path}}/app.py", files: ["config/app.py": script],
                metafiles: ["SHUTDOWN_TIMEOUT": "1\n"])
        ])
        try desk.start("acme/app")
        try desk.wait(for: "moved")
        let pid = try #require(desk.recorded("app"))
        #expect(try desk.bio.run("svc", "stop", "app").code == 0)
        #expect(desk.count("Stopped: killed by SIGKILL") == 1 && ProcessMark(of: pid) == nil)
        #expect(desk.end() == 0)
    }
}

extension String {
    /// As pwd says it.
    fileprivate var dropLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
