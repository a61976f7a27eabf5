// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What people are told of a service that is not as it should be.
@Suite(.timeLimit(.minutes(15))) struct SupervisorReportTests {
    @Test func anInterpreterThatIsNotThereIsNamed() throws {
        var app = PackageFixture.service("app")
        app.files = [.init("hooks/run", "#!/nope/sh\n")]
        let desk = try SupervisorDesk([app])
        try desk.start("acme/app")
        try desk.wait(for: "the program that its first line names is not there")
        #expect(desk.end() == 0)
    }

    @Test func aReasonOfSeveralLinesIsPrintedAsSuch() throws {
        let desk = try SupervisorDesk([
            .service("app", files: ["default.toml": "n = 1\n", "config/app.conf": "a\n{{strJoin cfg.n \",\"}}\n"])
        ])
        try desk.start("acme/app")
        try desk.wait(for: "Waiting: ")
        let status = try desk.bio.run("svc", "status")
        #expect(
            status.errorText.contains("\n      {{strJoin cfg.n") && !status.errorText.contains("u{a}"),
            "\(status.errorText)")
        #expect(desk.end() == 0)
    }

    @Test(arguments: ["stop", "unload"]) func whatGoesOnIsNotSaidToHaveStopped(word: String) throws {
        let desk = try SupervisorDesk([.service("app")])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        #expect(desk.end(SIGKILL) != 0)
        let outcome = try desk.bio.run("svc", word, "app")
        #expect(
            outcome.code == 0 && outcome.errorText.contains("the process of app.default goes on until")
                && !outcome.errorText.contains("★"), "\(outcome.errorText)")
        try desk.start()
        try desk.wait(for: "Stopping service")
        #expect(desk.end() == 0)
    }

    @Test func aConfigurationThatCannotBeReadIsNotNone() throws {
        let desk = try SupervisorDesk([.configured("app")])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try Directory.create("\(desk.root)/hab/user/app/config/user.toml")
        try desk.wait(for: "keeps its last good configuration: ")
        #expect(try desk.status("app")["reason"]?.string?.contains("user.toml") == true)
        #expect(desk.end() == 0)
    }

    /// A service that is started again has what it had, as long as nothing better can be made of its files.
    @Test(arguments: ["killed", "stopped"]) func startedAgainItKeepsItsLastGoodConfiguration(how: String) throws {
        let desk = try SupervisorDesk([.configured("app")])
        let conf = desk.service("app", "config/app.conf")
        try desk.start("acme/app")
        try desk.wait(for: "(O): started")
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "(O): started", count: 2)
        try desk.userConfiguration("app", "port = = 3\n")
        try desk.wait(for: "keeps its last good configuration")
        if how == "killed" {
            #expect(kill(try #require(desk.recorded("app")), SIGKILL) == 0)
        } else {
            #expect(try desk.bio.run("svc", "stop", "app").code == 0)
            #expect(try desk.bio.run("svc", "start", "app").code == 0)
        }
        try desk.wait(for: "(O): started", count: 3)
        try desk.wait(for: "keeps its last good configuration", count: 2)
        #expect(try desk.text(conf) == "port 2 1 2\n")
        #expect(try desk.status("app")["reason"]?.string?.contains("user.toml' is not TOML") == true)
        try desk.userConfiguration("app", "port = 3\n")
        try desk.wait(for: "(O): started", count: 4)
        #expect(try desk.text(conf) == "port 3 1 2\n")
        #expect(desk.end() == 0)
    }
}
