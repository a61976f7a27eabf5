// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What services are configured with while they run, and hooks that misbehave.
@Suite(.timeLimit(.minutes(15))) struct SupervisorConfigurationTests {
    private func desk(_ hooks: [String: String] = [:]) throws -> SupervisorDesk {
        try SupervisorDesk([.configured("app", hooks: hooks)])
    }

    private func conf(_ desk: SupervisorDesk) throws -> String { try desk.text(desk.service("app", "config/app.conf")) }

    @Test func theLayersAreOneOverTheOther() throws {
        let desk = try desk(["reconfigure": "echo reconfigured {{cfg.port}}"])
        try desk.userConfiguration("app", "port = 2\n[net]\na = 20\n")
        desk.bio.environment["HAB_APP"] = "{\"net\": {\"b\": 30}}"
        try desk.start("acme/app")
        try desk.wait(for: "started")
        #expect(try conf(desk) == "port 2 20 30\n")
        try desk.write("port = 4\n", to: desk.file("applied.toml"))
        #expect(try desk.bio.run("config", "apply", "app.default", "1", desk.file("applied.toml")).code == 0)
        try desk.wait(for: "reconfigured 4")
        #expect(try conf(desk) == "port 4 20 30\n")
        // What is applied is the whole of it, and only newer versions are.
        let old = try desk.bio.run("config", "apply", "app.default", "1", desk.file("applied.toml"))
        #expect(
            old.code == 1 && old.errorText.contains("not newer than 1") && old.errorText.contains("version 2 or more"))
        try desk.write("[net]\na = 5\n", to: desk.file("applied.toml"))
        #expect(try desk.bio.run("config", "apply", "app.default", "2", desk.file("applied.toml")).code == 0)
        try desk.wait(for: "reconfigured 2")
        let nothing = try desk.bio.run("config", "apply", "app.default", "3")
        #expect(nothing.code == 64 && nothing.errorText.contains("standard input is empty"), "\(nothing.errorText)")
        let shown = try desk.bio.run("config", "show", "app.default")
        #expect(shown.text == "port = 2\n\n[net]\na = 5\nb = 30\n", "\(shown.errorText)")
        #expect(desk.count("started") == 1, "its process goes on")
        #expect(desk.end() == 0)
    }

    @Test func withoutAHookForItTheServiceIsRestarted() throws {
        let desk = try desk()
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "started", count: 2)
        #expect(try conf(desk) == "port 2 1 2\n" && desk.count("Restarting: its configuration has changed") == 1)
        #expect(desk.count("next try") == 0)
        #expect(desk.end() == 0)
    }

    @Test func aFileThatDoesNotParseChangesNothing() throws {
        let desk = try desk(["reconfigure": "echo reconfigured {{cfg.port}}"])
        try desk.start("acme/app")
        try desk.wait(for: "started")
        try desk.userConfiguration("app", "port = = 2\n")
        try desk.wait(for: "keeps its last good configuration")
        #expect(try desk.status("app")["reason"]?.string?.contains("user.toml' is not TOML: 1:8") == true)
        #expect(try conf(desk) == "port 1 1 2\n" && desk.status("app")["state"] == "up")
        // It is looked at again every ten seconds, and nothing is done between.
        let before = try desk.processorSeconds()
        usleep(12_000_000)
        #expect(try desk.processorSeconds() - before < 1)
        #expect(desk.count("keeps its last good configuration") == 1)
        try desk.userConfiguration("app", "port = 2\n")
        try desk.wait(for: "reconfigured 2")
        #expect(try desk.status("app")["reason"] == .null)
        #expect(desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    @Test func aTemplateThatCannotBeRenderedIsNamedAndWaitedFor() throws {
        let desk = try SupervisorDesk([
            .service("app", files: ["default.toml": "n = 1\n", "config/app.conf": "a\n{{strJoin cfg.n \",\"}}\n"])
        ])
        try desk.start("acme/app")
        try desk.wait(for: "Waiting: ")
        #expect(desk.output.contains("config/app.conf:2:11:"), "\(desk.output)")
        #expect(try desk.status("app")["state"] == "waiting")
        try desk.userConfiguration("app", "n = [1, 2]\n")
        try desk.wait(for: "started")
        #expect(try conf(desk) == "a\n1,2\n")
        #expect(desk.end() == 0)
    }

    @Test(arguments: ["hooks/run", "config/sub/app.conf", "config_install/x", "hooks/reload"])
    func aTemplateThatCannotBeReadIsRefusedAtLoad(file: String) throws {
        var app = PackageFixture.service("app")
        app.files.removeAll { $0.path == file }
        app.files.append(.init(file, "#!/bin/sh\n{{/if}}\n"))
        let desk = try SupervisorDesk([app])
        let outcome = try desk.bio.run("svc", "load", "acme/app")
        #expect(outcome.code == 1 && outcome.errorText.contains("\(file):2:"), "\(outcome.errorText)")
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/specs/app.spec") == nil)
    }

    @Test func plansAndPackagesTellWhatTheyTake() throws {
        let desk = try desk()
        #expect(try desk.bio.run("pkg", "config", "acme/app").text == "port = 1\n[net]\na = 1\nb = 2\n")
        let plan = desk.file("plan")
        try desk.write("port = 1\n", to: "\(plan)/default.toml")
        try desk.write("{{cfg.port}} {{pkg.name}}\n", to: "\(plan)/config/app.conf")
        try desk.write("port = 2\n", to: desk.file("user.toml"))
        try desk.write("[pkg]\nname = \"app\"\n", to: desk.file("mock.toml"))
        let words = ["plan", "render", "\(plan)/config/app.conf"]
        #expect(try desk.bio.run(words).text == "1 \n")
        let all = ["--user-toml", desk.file("user.toml"), "--mock-data", desk.file("mock.toml")]
        #expect(try desk.bio.run(words + all).text == "2 app\n")
        // Hooks ask where packages are, of those too that are not installed here.
        try desk.write("{{pkgPathFor \"acme/app\"}} {{pkgPathFor \"acme/none\"}}\n", to: "\(plan)/hooks/run")
        let paths = try desk.bio.run("plan", "render", "\(plan)/hooks/run")
        #expect(
            paths.text.hasPrefix("\(desk.root)/hab/pkgs/acme/app/1.0/20260101000000 ")
                && paths.text.hasSuffix("/pkgs/acme/none\n"), "\(paths.text)\(paths.errorText)")
        // What is said in so many words counts before what is made up.
        try desk.write("{\"cfg\": {\"port\": 3}, \"pkg\": {\"name\": \"app\"}}", to: desk.file("mock.json"))
        let mock = ["--mock-data", desk.file("mock.json")]
        #expect(try desk.bio.run(words + mock).text == "3 app\n")
        #expect(try desk.bio.run(words + mock + ["--user-toml", desk.file("user.toml")]).text == "2 app\n")
        for text in ["{\"cfg\": ", "[]"] {
            try desk.write(text, to: desk.file("mock.json"))
            let bad = try desk.bio.run(words + mock)
            #expect(bad.code == 1 && bad.errorText.contains("mock.json' is no JSON object: 1:"), "\(bad.errorText)")
        }
        let strict = try desk.bio.run(words + ["--strict"])
        #expect(strict.code == 1 && strict.errorText.contains("app.conf:1:"))
        let written = try desk.bio.run(words + all + ["--render-dir", desk.file("out")])
        #expect(written.text == "\(desk.file("out"))/app.conf\n")
        #expect(try desk.text("\(desk.file("out"))/app.conf") == "2 app\n")
        #expect(chmod("\(plan)/hooks/run", 0o755) == 0)
        #expect(try desk.bio.run("plan", "render", "\(plan)/hooks/run", "--render-dir", desk.file("out")).code == 0)
        #expect(try FileStatus.of("\(desk.file("out"))/run")?.mode == 0o755)
    }
}
