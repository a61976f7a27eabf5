// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What a supervisor finds that comes after a killed one.
@Suite(.timeLimit(.minutes(15))) struct SupervisorRecoveryTests {
    private func conf(_ desk: SupervisorDesk) throws -> String { try desk.text(desk.service("web", "config/web.conf")) }

    @Test func servicesOutliveAKilledSupervisor() throws {
        let run = "trap 'echo asked; exit 0' TERM; i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.05; done"
        let desk = try SupervisorDesk([.service("one", run: run), .service("two", run: run)])
        try desk.start("acme/one")
        #expect(try desk.bio.run("svc", "load", "acme/two").code == 0)
        try desk.wait(for: "two.default(O): tick 3")
        let pids = try ["one", "two"].map { try #require(desk.recorded($0)) }
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        for pid in pids { #expect(ProcessMark(of: pid) != nil) }
        // One whose spec cannot be read goes on, one whose spec is gone is not wanted any more.
        let spec = try desk.text("\(desk.root)/hab/sup/default/specs/one.spec")
        try desk.write("= =", to: "\(desk.root)/hab/sup/default/specs/one.spec")
        #expect(unlink("\(desk.root)/hab/sup/default/specs/two.spec") == 0)
        try desk.start()
        try desk.wait(for: "a service is left as it is: ")
        try desk.wait(for: "two.default(SV): Stopped")
        try desk.wait(for: "one.default(O): tick")
        try desk.write(spec, to: "\(desk.root)/hab/sup/default/specs/one.spec")
        #expect(try desk.status("one")["pid"]?.int == Int(pids[0]) && desk.count("Starting service as") == 0)
        // Found again, it is looked after as before.
        #expect(kill(pids[0], SIGKILL) == 0)
        try desk.wait(for: "one.default(SV): Starting service as")
        #expect(desk.end() == 0)
        for pid in pids { #expect(ProcessMark(of: pid) == nil) }
    }

    @Test func boundServicesOutliveItToo() throws {
        // In this order, so that the one that is bound is found first.
        let desk = try SupervisorDesk([.web(), .store])
        try desk.start("acme/store")
        #expect(try desk.bio.run("svc", "load", "acme/web", "--bind", "store:store.default").code == 0)
        try desk.wait("web", toBe: "up")
        let pids = try ["web", "store"].map { try #require(desk.recorded($0)) }
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        try desk.userConfiguration("store", "port = 7000\n")
        try desk.start()
        // What changed meanwhile is told, and nobody is started anew for it.
        try desk.wait(for: "web.default hook[reconfigure]")
        try desk.wait(":7000") { try conf(desk).hasSuffix(":7000\n") }
        #expect(try desk.status("web")["pid"]?.int == Int(pids[0]) && desk.status("store")["pid"]?.int == Int(pids[1]))
        #expect(desk.count("Starting service as") == 0 && desk.count("Restarting") == 0)
        #expect(desk.end() == 0)
    }

    /// Two of one service on the same data are worse than a pause.
    @Test func oneThatCannotBeLookedAfterIsEndedFirst() throws {
        let desk = try SupervisorDesk([.service("one")])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        let pid = try #require(desk.recorded("one"))
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        #expect(unlink("\(desk.root)/hab/sup/default/run/one/out") == 0)
        try desk.start()
        try desk.wait(for: "started")
        #expect(ProcessMark(of: pid) == nil && desk.recorded("one") != pid)
        #expect(desk.end() == 0)
    }

    @Test func hooksOfAKilledSupervisorLeaveNothing() throws {
        let desk = try SupervisorDesk([
            .service("one", hooks: ["init": "sleep 1000 & echo $! >>{{pkg.svc_data_path}}/children; wait"])
        ])
        try desk.start("acme/one")
        let path = desk.service("one", "data/children")
        func children() -> [Int32] { ((try? desk.text(path)) ?? "").split(separator: "\n").compactMap { Int32($0) } }
        try desk.wait("the first child") { children().count == 1 }
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        #expect(children().allSatisfy { ProcessMark(of: $0) != nil }, "it is what this test is about")
        try desk.start()
        try desk.wait("the second child") { children().count == 2 }
        #expect(ProcessMark(of: children()[0]) == nil)
        #expect(desk.end() == 0)
        #expect(ProcessMark(of: children()[1]) == nil)
    }

    @Test func whatIsRecordedOfAnotherProcessIsNobody() throws {
        let desk = try SupervisorDesk([.service("one")])
        try desk.write(
            "{\"ident\":\"acme/one/1.0/20260101000000\",\"boot\":\"\(ProcessMark.currentBoot)\"}",
            to: "\(desk.root)/hab/sup/default/run/one/process")
        // It has our number, and began at another time.
        let fields = (0..<52).map { $0 == 0 ? "\(getpid())" : $0 == 1 ? "(sh)" : "1" }.joined(separator: " ")
        try desk.write(fields, to: "\(desk.root)/hab/sup/default/run/one/started")
        try desk.start("acme/one")
        try desk.wait(for: "started")
        #expect(desk.count("Found its process") == 0)
        #expect(desk.end() == 0)
    }

    /// It has no hook that answers a change: any would start it anew.
    private static let user = PackageFixture.service(
        "user", files: ["config/user.conf": "{{bind.store.first.cfg.port}} {{bind.store.first.alive}}\n"],
        metafiles: ["BINDS": "store=port\n"])

    private func bound() throws -> SupervisorDesk {
        let desk = try SupervisorDesk([Self.user, .store])
        try desk.start("acme/store")
        #expect(try desk.bio.run("svc", "load", "acme/user", "--bind", "store:store.default").code == 0)
        try desk.wait(for: "user.default(O): started")
        return desk
    }

    @Test func whatIsGoneStaysAMemberOverAKill() throws {
        let desk = try bound()
        #expect(try desk.bio.run("svc", "unload", "acme/store").code == 0)
        try desk.wait(for: "user.default(O): started", count: 2)
        let conf = desk.service("user", "config/user.conf")
        #expect(try desk.text(conf) == "6379 false\n")
        let pid = try #require(desk.recorded("user"))
        for _ in 0..<2 {
            #expect(desk.end(SIGKILL) == 128 + SIGKILL)
            try desk.start()
            try desk.wait(for: "user.default(SV): Found its process \(pid)")
            // Who is answered is answered after the first look.
            #expect(try desk.status("user")["pid"]?.int == Int(pid) && desk.text(conf) == "6379 false\n")
            #expect(desk.count("Restarting") == 0 && desk.count("Updated") == 0 && desk.count("Starting service") == 0)
        }
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/run/user/members")?.mode == 0o600)
        #expect(desk.end() == 0)
    }

    @Test func whatDiedWithTheSupervisorIsNoChangeForOthers() throws {
        let desk = try bound()
        let (store, user) = (try #require(desk.recorded("store")), try #require(desk.recorded("user")))
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        #expect(kill(store, SIGKILL) == 0)
        try desk.wait("its end") { ProcessMark(of: store) == nil }
        try desk.start()
        try desk.wait(for: "store.default(O): started")
        #expect(try desk.text(desk.service("user", "config/user.conf")) == "6379 true\n")
        #expect(try desk.status("user")["pid"]?.int == Int(user) && desk.count("user.default(SR): Restarting") == 0)
        #expect(desk.end() == 0)
    }

    @Test func anotherSpecIsForTheNextStart() throws {
        let desk = try SupervisorDesk([.service("one")])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        #expect(try desk.bio.run("svc", "load", "acme/one", "--group", "blue", "--force").code == 0)
        try desk.start()
        try desk.wait(for: "one.blue(O): started")
        #expect(desk.count("one.default(SV): Stopped: nobody knows how") == 1)
        #expect(desk.end() == 0)
    }

    /// It is not looked at before it ends, and what it was rendered for it by the earlier supervisor counts.
    @Test func whatIsFoundAndNotWantedHasItsPostStop() throws {
        let desk = try SupervisorDesk([
            .service("one", hooks: ["post-stop": "echo after {{cfg.port}}"], files: ["default.toml": "port = 5\n"])
        ])
        try desk.start()
        #expect(try desk.bio.run("svc", "load", "acme/one", "--group", "blue").code == 0)
        try desk.wait(for: "started")
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        #expect(unlink("\(desk.root)/hab/sup/default/specs/one.spec") == 0)
        try desk.start()
        try desk.wait(for: "one.blue hook[post-stop]:(HK): after 5")
        #expect(desk.end() == 0)
    }

    @Test func aChangeThatWasNotToldIsToldByTheNext() throws {
        let desk = try SupervisorDesk([
            .configured(
                "app",
                hooks: [
                    "reconfigure":
                        "echo telling {{cfg.port}}; test -e {{pkg.svc_data_path}}/x && exit 0; touch {{pkg.svc_data_path}}/x; sleep 1000"
                ])
        ])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "telling 2")
        try desk.wait("the hook to hang") { try FileStatus.of(desk.service("app", "data/x")) != nil }
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        try desk.start()
        try desk.wait(for: "telling 2")
        #expect(desk.count("Starting service") == 0)
        #expect(desk.end() == 0)
    }

    /// Also in the moments of a start.
    @Test func aKillAtAnyMomentLeavesOneProcess() throws {
        let desk = try SupervisorDesk([
            .service(
                "one", run: "echo $$ >>{{pkg.svc_data_path}}/pids\n\(PackageFixture.patient)",
                hooks: ["init": "sleep 0.05"])
        ])
        #expect(try desk.bio.run("svc", "load", "acme/one").code == 0)
        func pids() -> [Int32] {
            ((try? desk.text(desk.service("one", "data/pids"))) ?? "").split(separator: "\n").compactMap { Int32($0) }
        }
        for round in 0..<30 {
            try desk.launch()
            usleep(useconds_t(round * 10_000))
            #expect(desk.end(SIGKILL) == 128 + SIGKILL)
            // What each second one has left is ended, so that there are many starts.
            if round % 2 == 1 { for pid in pids() where ProcessMark(of: pid) != nil { kill(-pid, SIGKILL) } }
        }
        #expect(pids().count > 1, "it is what this test is about")
        try desk.start()
        try desk.wait("one", toBe: "up")
        let pid = try #require(try desk.status("one")["pid"]?.int)
        try desk.wait("its note") { pids().contains(Int32(pid)) }
        #expect(Set(pids().filter { ProcessMark(of: $0) != nil }) == [Int32(pid)])
        #expect(desk.end() == 0)
    }

    @Test func whatIsWrittenMeanwhileWaitsAndGoesOn() throws {
        let line = String(repeating: "x", count: 1000)
        let desk = try SupervisorDesk([
            .service("one", run: "trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); echo $i \(line); done")
        ])
        try desk.start("acme/one")
        try desk.wait(for: " xxx", count: 10)
        let pid = try #require(desk.recorded("one"))
        #expect(desk.end(SIGKILL) == 128 + SIGKILL)
        usleep(500_000)
        #expect(ProcessMark(of: pid) != nil)
        try desk.start()
        // More than the pipe has held.
        try desk.wait(for: " xxx", count: 1000)
        #expect(try desk.status("one")["pid"]?.int == Int(pid))
        #expect(desk.end() == 0)
    }

    /// Nobody would find it again.
    @Test func whatCannotBeNotedIsNotStarted() throws {
        let desk = try SupervisorDesk([.service("one")])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        #expect(try desk.bio.run("svc", "stop", "one").code == 0)
        let place = "\(desk.root)/hab/sup/default/run/one"
        try desk.write("in the way", to: place)
        #expect(try desk.bio.run("svc", "start", "one").code == 0)
        try desk.wait(for: "next try is in 2 s")
        #expect(try desk.status("one")["reason"]?.string?.contains("sup/default/run/one") == true)
        #expect(desk.count("(O): started") == 1)
        #expect(unlink(place) == 0)
        try desk.wait(for: "(O): started", count: 2)
        #expect(desk.end() == 0)
    }
}
