// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Several services: loaded and unloaded, bound to each other, and found again.
@Suite(.timeLimit(.minutes(15))) struct SupervisorServicesTests {
    private func conf(_ desk: SupervisorDesk) throws -> String { try desk.text(desk.service("web", "config/web.conf")) }

    @Test func servicesAreLoadedStoppedStartedAndUnloaded() throws {
        let desk = try SupervisorDesk([.service("one"), .service("two")])
        try desk.start()
        let none = try desk.bio.run("svc", "status")
        #expect(none.code == 0 && none.text.isEmpty)
        for name in ["one", "two"] { #expect(try desk.bio.run("svc", "load", "acme/\(name)").code == 0) }
        for (words, offered) in [
            ("svc stop ", ["acme/one", "acme/two"]), ("config show t", ["two.default"]),
        ] {
            let typed = try desk.bio.run("__complete", "bash", " \t\n\"'><=;|&(:", "bio \(words)")
            #expect(typed.text.split(separator: "\n").dropFirst().map(String.init) == offered, "\(typed.text)")
        }
        try desk.wait("one", toBe: "up")
        let again = try desk.bio.run("svc", "load", "acme/one")
        #expect(again.code == 1 && again.errorText.contains("'one.default' is loaded already"))
        #expect(try desk.bio.run("svc", "load", "acme/one", "--group", "blue", "--force").code == 0)
        try desk.wait(for: "one.blue(O): started")
        // By what the status names it.
        let ident = try #require(try desk.status("two")["ident"]?.string)
        #expect(ident == "acme/two/1.0/20260101000000")
        #expect(try desk.bio.run("svc", "stop", "acme/two/0.9").code == 1)
        #expect(try desk.bio.run("svc", "stop", ident).code == 0)
        #expect(try desk.bio.run("svc", "stop", "acme/two/1.0").code == 0)
        #expect(try desk.status("two")["state"] == "down" && desk.status("two")["desired_state"] == "down")
        let table = try desk.bio.run("svc", "status").text.split(separator: "\n")
        #expect(table.count == 3 && table[1].contains("one.blue") && table[2].contains("<none>"), "\(table)")
        #expect(desk.end() == 0)
        // All of that is kept.
        try desk.start()
        try desk.wait(for: "one.blue(O): started")
        #expect(try desk.status("two")["state"] == "down")
        #expect(try desk.bio.run("svc", "start", "two").code == 0)
        try desk.wait("two", toBe: "up")
        #expect(try desk.bio.run("svc", "unload", "two.default").code == 0)
        let unknown = try desk.bio.run("svc", "stop", "acme/two")
        #expect(unknown.code == 1 && unknown.errorText.contains("no service 'acme/two' is loaded"))
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/specs/two.spec") == nil)
        #expect(desk.end() == 0)
    }

    @Test func aRequiredBindIsWaitedForAndFollowed() throws {
        let desk = try SupervisorDesk([.web(), .store])
        try desk.start("acme/web", "--bind", "store:store.default")
        try desk.wait(for: "Waiting: the bind 'store' waits for 'store.default', which is not loaded")
        #expect(try desk.status("web")["state"] == "waiting")
        #expect(try desk.bio.run("svc", "load", "acme/store").code == 0)
        try desk.wait("web", toBe: "up")
        // What is not exported is not seen.
        #expect(try conf(desk).hasSuffix(":6379\n"))
        try desk.userConfiguration("store", "port = 7000\n")
        try desk.wait(for: "web.default hook[reconfigure]")
        #expect(try conf(desk).hasSuffix(":7000\n"))
        #expect(try desk.bio.run("svc", "unload", "acme/store").code == 0)
        try desk.wait("nobody") { try conf(desk) == "nobody\n" }
        #expect(try desk.status("web")["state"] == "up")
        #expect(desk.end() == 0)
    }

    @Test func anOptionalBindNeedNotBeGiven() throws {
        let desk = try SupervisorDesk([.web("BINDS_OPTIONAL"), .store])
        try desk.start("acme/web")
        try desk.wait(for: "started")
        #expect(try conf(desk) == "nobody\n")
        #expect(desk.end() == 0)
    }

    @Test func aBindToAnAddressIsThereAtOnce() throws {
        let desk = try SupervisorDesk([.web()])
        try desk.start("acme/web", "--bind-address", "store=10.0.0.7:5000")
        try desk.wait(for: "started")
        #expect(try conf(desk) == "10.0.0.7:5000\n")
        #expect(desk.end() == 0)
    }

    @Test func aCircleOfBindsIsNamed() throws {
        func member(_ name: String, _ other: String) -> PackageFixture {
            .service(
                name, files: ["default.toml": "port = 1\n"],
                metafiles: ["EXPORTS": "port=port\n", "BINDS": "\(other)=port\n"])
        }
        let desk = try SupervisorDesk([member("a", "b"), member("b", "a")])
        #expect(try desk.bio.run("svc", "load", "acme/a", "--bind", "b:b.default").code == 0)
        let refused = try desk.bio.run("svc", "load", "acme/b", "--bind", "a:a.default")
        #expect(refused.code == 1 && refused.errorText.contains("b.default → a.default → b.default"))
        // A spec that somebody else has written.
        try desk.write(
            "ident = \"acme/b\"\nbinds = [\"a:a.default\"]\n", to: "\(desk.root)/hab/sup/default/specs/b.spec")
        try desk.start()
        try desk.wait(
            for: "a.default(SR): Waiting: each of these services waits for the next: a.default → b.default → a.default")
        #expect(
            try desk.bio.run("svc", "load", "acme/b", "--bind", "a:a.default", "--binding-mode", "relaxed", "--force")
                .code == 0)
        try desk.wait("a", toBe: "up")
        try desk.wait("b", toBe: "up")
        #expect(desk.end() == 0)
    }

    @Test func startedAgainWhileItStopsItBeginsAnew() throws {
        let desk = try SupervisorDesk([
            .service(
                "one", run: "trap 'sleep 0.7; exit 0' TERM; echo started; while :; do sleep 0.05; done",
                hooks: ["init": "echo init"])
        ])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        let stopping = try desk.bio.start(["svc", "stop", "one"])
        try desk.wait("one", toBe: "stopping")
        #expect(try desk.bio.run("svc", "start", "one").code == 0)
        try desk.wait(for: "(O): started", count: 2)
        #expect(desk.count("(HK): init") == 2 && desk.count("next try") == 0)
        stopping.kill()
        _ = stopping.wait()
        #expect(desk.end() == 0)
    }

    @Test(arguments: [
        ("--peer 10.0.0.7", "needs a ring"), ("--topology leader", "needs a ring"), ("--ring x", "needs a ring"),
        ("--strategy rolling", "needs a Builder"), ("--group a.b", "is no name of a group"),
        ("--bind x", "is not BIND:SERVICE.GROUP"), ("--bind stor:store.default", "has no bind 'stor'"),
        ("--bind-address store=h", "it has no port"), ("--listen-http example:80", "is no numeric address"),
        ("", "needs the bind 'store'"),
    ]) func whatCannotBeIsRefused(words: String, reason: String) throws {
        let desk = try SupervisorDesk([.web()])
        let outcome = try desk.bio.run(["sup", "run", "acme/web"] + words.split(separator: " ").map(String.init))
        #expect(outcome.code == 64 && outcome.errorText.contains(reason), "\(outcome.errorText)")
    }

    @Test func oneRootHasOneSupervisor() throws {
        let desk = try SupervisorDesk([.service("one")])
        let nobody = try desk.bio.run("svc", "status")
        #expect(nobody.code == 1 && nobody.errorText.contains("no supervisor runs here"))
        #expect(try desk.bio.run("sup", "run", "acme/none").code == 3)
        try desk.start("acme/one")
        let second = try desk.bio.run("sup", "run")
        #expect(second.code == 1 && second.errorText.contains("runs here already, process \(desk.pid)"))
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/control")?.mode == 0o600)
        let ended = try desk.bio.run("sup", "term")
        #expect(ended.code == 0, "\(ended.errorText)")
        #expect(desk.end(0) == 0)
    }

    /// A service waits for its package: nobody who is bound to it has to know.
    @Test func whatWaitsIsStillAMember() throws {
        let desk = try SupervisorDesk([.web(), .store])
        try desk.start("acme/store")
        #expect(try desk.bio.run("svc", "load", "acme/web", "--bind", "store:store.default").code == 0)
        try desk.wait("web", toBe: "up")
        #expect(rename("\(desk.root)/hab/pkgs/acme/store", desk.file("store")) == 0)
        #expect(kill(try #require(desk.recorded("store")), SIGKILL) == 0)
        try desk.wait(for: "store.default(SR): Waiting: 'acme/store' is not installed")
        try desk.userConfiguration("web", "x = 1\n")
        try desk.wait(for: "web.default hook[reconfigure]")
        #expect(try conf(desk).hasSuffix(":6379\n"))
        #expect(rename(desk.file("store"), "\(desk.root)/hab/pkgs/acme/store") == 0)
        try desk.wait(for: "store.default(O): started", count: 2)
        #expect(desk.count("web.default(O): started") == 1 && desk.count("web.default(CF): Updated") == 0)
        #expect(desk.end() == 0)
    }

    @Test func stoppedWhileTheSupervisorEndsItIsStopped() throws {
        let desk = try SupervisorDesk([
            .service("one", run: "trap 'sleep 1.5; exit 0' TERM; echo started; while :; do sleep 0.05; done")
        ])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        desk.signal(SIGTERM)
        try desk.wait(for: "Stopping service")
        let stopped = try desk.bio.run("svc", "stop", "one")
        #expect(stopped.code == 0 && stopped.errorText.contains("is stopped"), "\(stopped.errorText)")
        #expect(desk.end(0) == 0)
        try desk.start()
        #expect(try desk.status("one")["state"] == "down")
        #expect(desk.end() == 0)
    }

    @Test func whatIsSaidOfAServiceStaysAmongThoseWhoMayKnow() throws {
        let desk = try SupervisorDesk([.web()])
        let options = try desk.bio.run("sup", "run", "--group", "blue")
        #expect(options.code == 64 && options.errorText.contains("'--group' is about a service, and none is named"))
        try desk.write("x = 1\n", to: desk.file("x.toml"))
        let typo = try desk.bio.run("config", "apply", "wbe.default", "1", desk.file("x.toml"))
        #expect(typo.code == 0 && typo.errorText.contains("wbe.default"), "\(typo.errorText)")
        for name in ["sup", "sup/default"] { #expect(try FileStatus.of("\(desk.root)/hab/\(name)")?.mode == 0o755) }
        try desk.start("acme/web", "--bind-address", "store=10.0.0.7:5000,password=hush")
        try desk.wait(for: "started")
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/specs/web.spec")?.mode == 0o600)
        #expect(try desk.status("web")["bind_addresses"] == ["store=10.0.0.7:5000,password"])
        #expect(desk.end() == 0)
    }

    /// Who looks and then writes does so alone.
    @Test func ofManyWhoLoadOneServiceOneDoes() throws {
        let desk = try SupervisorDesk([.service("one")])
        let all = try (0..<12).map { try desk.bio.start(["svc", "load", "acme/one", "--group", "g\($0)"]) }
        let codes = all.map { $0.wait() }
        #expect(codes.filter { $0 == 0 }.count == 1 && codes.filter { $0 == 1 }.count == 11, "\(codes)")
        let winner = try #require(codes.firstIndex(of: 0))
        #expect(try desk.text("\(desk.root)/hab/sup/default/specs/one.spec").contains("group = \"g\(winner)\""))
    }
}
