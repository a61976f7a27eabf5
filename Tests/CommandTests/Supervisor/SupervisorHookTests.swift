// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Hooks, and those that misbehave.
@Suite(.timeLimit(.minutes(15))) struct SupervisorHookTests {
    private func desk(_ hooks: [String: String] = [:]) throws -> SupervisorDesk {
        try SupervisorDesk([.configured("app", hooks: hooks)])
    }

    @Test func anInitHookThatFailsIsTriedAgain() throws {
        let desk = try desk([
            "init": "test -e {{pkg.svc_data_path}}/second && exit 0\ntouch {{pkg.svc_data_path}}/second\nexit 9"
        ])
        try desk.start("acme/app")
        try desk.wait(for: "the init hook failed: exit code 9; the next try is in 1 s")
        try desk.wait(for: "started")
        #expect(desk.end() == 0)
    }

    @Test func aHookThatHangsEndsWithItsService() throws {
        let desk = try desk(["init": "echo waiting; sleep 1000 & echo $! >{{pkg.svc_data_path}}/child; wait"])
        try desk.start("acme/app")
        try desk.wait(for: "waiting")
        #expect(try desk.status("app")["state"] == "starting")
        #expect(try desk.bio.run("svc", "stop", "acme/app").code == 0)
        #expect(try desk.status("app")["state"] == "down")
        let child = try #require(Int32(try desk.text(desk.service("app", "data/child")).filter(\.isNumber)))
        try desk.wait("the end of the hook's child") { ProcessMark(of: child) == nil }
        #expect(desk.end() == 0)
    }

    @Test func aHookThatFloodsFillsNoDisk() throws {
        let desk = try desk(["init": "head -c 5000000 /dev/zero | tr '\\0' x; echo; echo end"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        #expect(try FileStatus.of(desk.service("app", "logs/init.stdout.log"))?.size == 1 << 20)
        #expect(desk.output.contains("hook[init]:(HK): end"))
        #expect(desk.end() == 0)
    }

    @Test func aPostStopHookThatCannotStartHoldsNothingUp() throws {
        let desk = try desk(["post-stop": "echo never"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try Directory.create(desk.service("app", "logs/post-stop.stdout.log"))
        #expect(try desk.bio.run("svc", "stop", "app").code == 0)
        #expect(try desk.status("app")["state"] == "down" && desk.count("the post-stop hook failed") == 1)
        #expect(desk.end() == 0)
    }

    @Test func whatHooksLeaveEndsWithTheService() throws {
        let desk = try desk(["init": "sleep 1000 & echo $! >{{pkg.svc_data_path}}/child"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        let child = try #require(Int32(try desk.text(desk.service("app", "data/child")).filter(\.isNumber)))
        #expect(ProcessMark(of: child) != nil)
        #expect(try desk.bio.run("svc", "stop", "app").code == 0)
        try desk.wait("the end of the hook's child") { ProcessMark(of: child) == nil }
        #expect(desk.end() == 0)
    }

    @Test func aReconfigurationThatFailsIsToldAgain() throws {
        let desk = try desk([
            "reconfigure":
                "test -e {{pkg.svc_data_path}}/second && echo told {{cfg.port}} && exit 0\ntouch {{pkg.svc_data_path}}/second\nexit 1"
        ])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "the reconfigure hook failed: exit code 1")
        try desk.wait(for: "told 2")
        #expect(desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    @Test func changedFilesHaveAHook() throws {
        let desk = try desk(["file-updated": "cat {{pkg.svc_files_path}}/list"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try desk.write("first\n", to: desk.service("app", "files/list"))
        try desk.wait(for: "hook[file-updated]:(HK): first")
        try desk.write("second\n", to: desk.service("app", "files/list"))
        try desk.wait(for: "hook[file-updated]:(HK): second")
        #expect(desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    @Test func reloadComesBeforeReconfigure() throws {
        let desk = try desk(["reload": "echo reload {{cfg.port}}", "reconfigure": "echo reconfigure {{cfg.port}}"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "hook[reconfigure]:(HK): reconfigure 2")
        let hooks = desk.output.split(separator: "\n").filter { $0.contains("(HK): re") }
        #expect(hooks.map { $0.suffix(8) } == ["reload 2", "figure 2"])
        // What no file shows has its hook too.
        try desk.userConfiguration("app", "port = 2\nother = 1\n")
        try desk.wait(for: "hook[reconfigure]", count: 2)
        #expect(desk.count("hook[reload]") == 1 && desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    @Test func installHooksThatAnExportLeftRunOnce() throws {
        let base = PackageFixture.service("base", hooks: ["install": "echo base is installed"])
        let app = PackageFixture.service(
            "app", hooks: ["install": "echo app is installed"], tdeps: [base.ident])
        let desk = try SupervisorDesk([app, base])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        let lines = desk.output.split(separator: "\n").filter { $0.contains("is installed") }
        #expect(
            lines == [
                "app.default hook[install]:(HK): base is installed", "app.default hook[install]:(HK): app is installed",
            ])
        #expect(desk.end() == 0)
        #expect(try desk.text("\(desk.root)/hab/pkgs/\(app.ident)/INSTALL_HOOK_STATUS") == "0")
        try desk.start()
        try desk.wait(for: "started")
        #expect(desk.count("is installed") == 0)
        #expect(desk.end() == 0)
    }

    @Test func installHooksHaveTheirTurn() throws {
        let base = PackageFixture.service("base", hooks: ["install": "sleep 1.5; echo base is installed"])
        let desk = try SupervisorDesk([
            .service("a", tdeps: [base.ident]), .service("b", hooks: ["init": "echo init b"], tdeps: [base.ident]),
            base,
        ])
        for name in ["a", "b"] { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        try desk.start()
        try desk.wait(for: "a.default(O): started")
        try desk.wait(for: "b.default(O): started")
        let lines = desk.output.split(separator: "\n").filter {
            $0.hasPrefix("b.") && ($0.contains("init b") || $0.contains("started"))
        }
        #expect(lines == ["b.default hook[init]:(HK): init b", "b.default(O): started"])
        #expect(desk.count("base is installed") == 1)
        #expect(desk.end() == 0)
    }

    @Test(arguments: ["reconfigure", "reload", "health-check", "post-run", "file-updated", "post-stop"])
    func aHookThatHangsIsEnded(kind: String) throws {
        let desk = try desk([kind: "echo hangs; sleep 1000 & echo $! >{{pkg.svc_data_path}}/child; wait"])
        try desk.start("acme/app", "--service-hook-limit", "1")
        try desk.wait(for: "started")
        switch kind {
        case "reconfigure", "reload": try desk.userConfiguration("app", "port = 2\n")
        case "file-updated": try desk.write("x", to: desk.service("app", "files/x"))
        case "post-stop": #expect(try desk.bio.run("svc", "stop", "app").code == 0)
        default: break
        }
        try desk.wait(for: "the \(kind) hook failed: it took more than 1 s")
        let child = try #require(Int32(try desk.text(desk.service("app", "data/child")).filter(\.isNumber)))
        try desk.wait("the end of the hook's child") { ProcessMark(of: child) == nil }
        #expect(try desk.status("app")["state"] == (kind == "post-stop" ? "down" : "up"))
        #expect(desk.end() == 0)
    }

    @Test func aPostStopHookThatFailsOrHangsDoesNotKeepTheSupervisor() throws {
        for (text, why) in [("exit 3", "exit code 3"), ("sleep 1000", "it took more than 1 s")] {
            let desk = try desk(["post-stop": text])
            try desk.start("acme/app", "--service-hook-limit", "1")
            try desk.wait(for: "started")
            #expect(desk.end() == 0)
            #expect(desk.count("the post-stop hook failed: \(why)") == 1)
        }
    }

    @Test func askedAgainItKillsServicesAndHooks() throws {
        let stubborn = PackageFixture.service(
            "stubborn", run: "trap '' TERM; echo started; while :; do sleep 0.05; done",
            metafiles: ["SHUTDOWN_TIMEOUT": "1000\n"])
        let slow = PackageFixture.service("slow", hooks: ["post-stop": "echo hangs; sleep 1000"])
        let desk = try SupervisorDesk([stubborn, slow])
        for name in ["stubborn", "slow"] { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        try desk.start("--service-hook-limit", "1000")
        try desk.wait(for: "(O): started", count: 2)
        desk.signal(SIGTERM)
        try desk.wait(for: "hangs")
        // Signals that several send at once are one wish.
        desk.signal(SIGTERM)
        usleep(1_000_000)
        #expect(desk.end() == 0)
        #expect(desk.count("Asked again: services are killed") == 1)
        #expect(desk.count("stubborn.default(SV): Stopped: killed by SIGKILL") == 1)
    }

    @Test func anInstallHookThatFailsIsTriedAgain() throws {
        let install = "test -e {{pkg.svc_data_path}}/x && exit 0\ntouch {{pkg.svc_data_path}}/x\nexit 4"
        let base = PackageFixture.service("base", hooks: ["install": install])
        let app = PackageFixture.service("app", hooks: ["install": install, "init": "echo init"], tdeps: [base.ident])
        let desk = try SupervisorDesk([app, base])
        try desk.start("acme/app")
        try desk.wait(for: "app.default(SR): the install hook failed: exit code 4; the next try is in 1 s")
        try desk.wait(for: "app.default(SR): the install hook failed: exit code 4; the next try is in 2 s")
        try desk.wait(for: "started")
        #expect(desk.count("(HK): init") == 1)
        #expect(desk.end() == 0)
        for ident in [app.ident, base.ident] {
            #expect(try desk.text("\(desk.root)/hab/pkgs/\(ident)/INSTALL_HOOK_STATUS") == "0")
        }
    }

    @Test func changesThatComeWhileAHookRunsAreOne() throws {
        let desk = try desk(["reconfigure": "echo told {{cfg.port}}; sleep 2"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        for port in 2..<12 {
            try desk.userConfiguration("app", "port = \(port)\n")
            usleep(600_000)
        }
        try desk.wait(for: "told 11")
        // What waits still would run by now.
        usleep(8_000_000)
        #expect(desk.count("hook[reconfigure]") <= 6, "\(desk.output)")
        #expect(desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    /// A service writes as much into its files as it likes: it does not decide how much its supervisor works.
    @Test func aServiceThatChangesItsFilesAllTheTimeStallsNothing() throws {
        let app = PackageFixture.service(
            "app", run: "trap 'exit 0' TERM; while :; do echo x >{{pkg.svc_files_path}}/list; done",
            hooks: ["file-updated": "echo seen", "health-check": "exit 0"])
        let desk = try SupervisorDesk([app])
        try desk.start("acme/app")
        try desk.wait(for: "Health is OK")
        let (seen, processor) = (desk.count("(HK): seen"), try desk.processorSeconds())
        usleep(5_000_000)
        let more = desk.count("(HK): seen") - seen
        #expect(more > 0 && more <= 12, "\(more)")
        #expect(try desk.processorSeconds() - processor < 2.5)
        #expect(try desk.bio.run("svc", "stop", "app").code == 0)
        #expect(desk.end() == 0)
    }
}
