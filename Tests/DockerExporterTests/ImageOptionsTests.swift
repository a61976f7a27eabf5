// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// What the options of the format make of a container.
@Suite struct ImageOptionsTests {
    private func process(_ arguments: String...) throws -> DocumentValue {
        let desk = try ExportDesk()
        return try desk.image(arguments).process()
    }

    @Test func theSupervisorRunsUnlessSomethingElseIsSaid() throws {
        var process = try process("acme/web")
        #expect(process["Entrypoint"]?.strings == ["/init.sh"] && process["Cmd"]?.strings == ["run", "acme/web"])
        #expect(process["Env"]?.strings == ["PATH=/bin"])
        for key in ["User", "WorkingDir", "Healthcheck", "StopSignal", "Volumes"] {
            #expect(process[key]?.string ?? "" == "" && process[key]?.object == nil, "\(key)")
        }
        process = try self.process("acme/web", "--cmd=--peer", "--cmd", "a b")
        #expect(process["Entrypoint"]?.strings == ["/init.sh"] && process["Cmd"]?.strings == ["--peer", "a b"])
        // Another entrypoint does not get words that were meant for the script.
        process = try self.process("acme/web", "--entrypoint", "/bin/sh")
        #expect(process["Entrypoint"]?.strings == ["/bin/sh"] && process["Cmd"]?.strings ?? [] == [])
        process = try self.process("acme/web", "--entrypoint", #"["/bin/sh", "-c"]"#, "--cmd", "echo $PATH")
        #expect(process["Entrypoint"]?.strings == ["/bin/sh", "-c"] && process["Cmd"]?.strings == ["echo $PATH"])
    }

    @Test func aProgramRunsByItself() throws {
        let prefix = "/hab/pkgs/\(ImageFixture.web.ident)"
        var process = try process("acme/web", "--runtime", "none")
        #expect(process["Entrypoint"]?.strings == ["\(prefix)/bin/web"] && process["Cmd"]?.strings ?? [] == [])
        #expect(
            process["Env"]?.strings == [
                "OPTS=a=b",
                "PATH=\(prefix)/bin:\(prefix)/sbin:/hab/pkgs/\(ImageFixture.library.ident)/bin:/bin",
                "WEB_HOME=/hab/pkgs/acme/web",
            ])
        #expect(process["StopSignal"]?.string == "SIGQUIT")
        process = try self.process("acme/web", "--runtime", "none", "--program", "web-admin", "--cmd", "list")
        #expect(process["Entrypoint"]?.strings == ["\(prefix)/sbin/web-admin"] && process["Cmd"]?.strings == ["list"])
        // The one program there is, with RUNTIME_PATH for its PATH.
        process = try self.process("acme/lonely", "--runtime", "none")
        #expect(process["Entrypoint"]?.strings == ["/hab/pkgs/\(ImageFixture.lonely.ident)/bin/alone"])
        #expect(process["Env"]?.strings == ["PATH=/somewhere/bin:/else/bin:/bin"])
        // An empty SHUTDOWN_SIGNAL is none.
        #expect(process["StopSignal"]?.string ?? "" == "")
        // Of another package than the first.
        process = try self.process("acme/lonely", "acme/tool", "--runtime", "none", "--program", "two")
        #expect(process["Entrypoint"]?.strings == ["/hab/pkgs/\(ImageFixture.tool.ident)/bin/two"])
        #expect(process["Env"]?.strings == ["PATH=/hab/pkgs/\(ImageFixture.tool.ident)/bin:/bin"])
    }

    @Test func wordsCanBeTheWholeCommand() throws {
        var process = try process("acme/tool", "--runtime", "none", "--cmd", "one", "--cmd=-v")
        #expect(process["Entrypoint"]?.strings ?? [] == [] && process["Cmd"]?.strings == ["one", "-v"])
        process = try self.process("acme/bare", "--runtime", "none", "--entrypoint", "/bin/x", "--entrypoint=-a")
        #expect(process["Entrypoint"]?.strings == ["/bin/x", "-a"])
        process = try self.process(
            "acme/web", "--runtime", "none", "--entrypoint", "[]", "--cmd", #"["web", "a\u0020\n😀"]"#)
        #expect(process["Entrypoint"]?.strings ?? [] == [] && process["Cmd"]?.strings == ["web", "a \n😀"])
    }

    @Test(arguments: ["12345", "12345:0", "web", "web:www", "nobody:users", "0"])
    func aUserIsWhoIsInTheImageOrANumber(user: String) throws {
        #expect(try process("acme/web", "--user", user)["User"]?.string == user)
    }

    @Test func variablesWin() throws {
        let process = try process("acme/web", "--env", "A=1", "--env", "B=", "--env", "PATH=/x=y")
        #expect(process["Env"]?.strings == ["A=1", "B=", "PATH=/x=y"])
    }

    @Test func aWorkingDirectoryIsMade() throws {
        let desk = try ExportDesk()
        var image = try desk.image("acme/web", "--workdir", "//data/deep/")
        #expect(try image.process()["WorkingDir"]?.string == "/data/deep")
        #expect(try image.tree("data").map { String($0.prefix(10)) } == ["d 0755 0:0", "d 0775 0:0"])
        // What is there keeps its mode.
        image = try desk.image("acme/web", "--workdir", "/tmp")
        #expect(try image.tree("tmp") == ["d 1777 0:0 tmp"])
        image = try desk.image("acme/web", "--workdir", "/hab/pkgs/\(ImageFixture.web.ident)/private")
        #expect(try image.tree("hab/pkgs/\(ImageFixture.web.ident)/private").map { String($0.prefix(6)) } == ["d 0770"])
        #expect(try desk.image("acme/web", "--workdir", "/").process()["WorkingDir"]?.string == "/")
    }

    @Test func healthIsCheckedAsAsked() throws {
        func check(_ arguments: String...) throws -> DocumentValue? {
            let desk = try ExportDesk()
            return try desk.image(["acme/web"] + arguments).process()["Healthcheck"]
        }
        #expect(
            try check("--healthcheck", "web ping | grep OK")?["Test"]?.strings == ["CMD-SHELL", "web ping | grep OK"])
        #expect(try check("--healthcheck", #"["web", "ping"]"#)?["Test"]?.strings == ["CMD", "web", "ping"])
        #expect(try check("--healthcheck", "NONE")?["Test"]?.strings == ["NONE"])
        let timed = try check(
            "--healthcheck", "true", "--healthcheck-interval", "10", "--healthcheck-timeout", "3",
            "--healthcheck-start-period", "60", "--healthcheck-retries", "5")
        #expect(timed?["Interval"]?.int == 10_000_000_000 && timed?["Timeout"]?.int == 3_000_000_000)
        #expect(timed?["StartPeriod"]?.int == 60_000_000_000 && timed?["Retries"]?.int == 5)
    }

    @Test func labelsSayWhatIsInside() throws {
        let labels = try process(
            "acme/web", "--label", "team=a=b", "--label", "org.opencontainers.image.vendor=The Acme Company",
            "--label", "org.opencontainers.image.licenses=")["Labels"]
        let expected = [
            "org.biome.cli": ImageFixture.bio.ident, "org.biome.launcher": ImageFixture.launcher.ident,
            "org.biome.package": ImageFixture.web.ident, "org.biome.packages": ImageFixture.web.ident,
            "org.biome.supervisor": ImageFixture.supervisor.ident,
            "org.opencontainers.image.authors": "The Acme People <web@acme.example>",
            "org.opencontainers.image.description": "Serves pages. Quickly, too.",
            "org.opencontainers.image.licenses": "",
            "org.opencontainers.image.source": "https://acme.example/web-2.0.1.tar.gz",
            "org.opencontainers.image.title": "web", "org.opencontainers.image.url": "https://acme.example/web",
            "org.opencontainers.image.vendor": "The Acme Company", "org.opencontainers.image.version": "2.0.1",
            "team": "a=b",
        ]
        #expect(labels?.keys?.sorted() == expected.keys.sorted())
        for (key, value) in expected { #expect(labels?[key]?.string == value, "\(key)") }
    }

    /// A package without a MANIFEST, and no base packages.
    @Test func labelsAreOnlyWhatIsKnown() throws {
        let labels = try process("acme/lonely", "--runtime", "none")["Labels"]
        #expect(
            labels?.keys?.sorted() == [
                "org.biome.package", "org.biome.packages", "org.opencontainers.image.title",
                "org.opencontainers.image.vendor", "org.opencontainers.image.version",
            ])
    }

    /// A MANIFEST is what somebody wrote; labels are shown on terminals.
    @Test func labelsHoldNoControlCharacters() throws {
        let labels = try process("acme/tool", "--runtime", "none", "--program", "one")["Labels"]
        #expect(labels?["org.opencontainers.image.description"]?.string == "]0;titleTwo tools.")
        #expect(labels?["org.opencontainers.image.licenses"]?.string == "MIT[2J")
        #expect(labels?["org.opencontainers.image.source"]?.string == "https://acme.example/")
    }

    @Test(arguments: [
        (["--memory", "2gb"], "--memory"), (["-m", "2gb"], "--memory"), (["--engine", "buildah"], "--engine"),
        (["--engine", "docker"], "--engine"), (["--multi-layer"], "--multi-layer"),
    ]) func formerOptionsSayThatTheyChangeNothing(arguments: [String], named: String) throws {
        let desk = try ExportDesk()
        let plain = try desk.image("acme/web")
        #expect(!plain.errorText.contains("changes nothing"))
        let same = try plain.judge("diffids")
        let image = try desk.image(["acme/web"] + arguments)
        #expect(image.errorText.split(separator: "\n").count { $0.contains("\(named) changes nothing") } == 1)
        #expect(try image.judge("diffids") == same)
    }

    @Test func theFormerVariableOfTheEngineIsHeard() throws {
        var desk = try ExportDesk()
        desk.bio.environment["HAB_PKG_EXPORT_CONTAINER_ENGINE"] = "buildah"
        #expect(try desk.image("acme/web").errorText.contains("--engine changes nothing"))
        desk.bio.environment["HAB_PKG_EXPORT_CONTAINER_ENGINE"] = "podman"
        #expect(try desk.bio.docker("acme/web", "-o", "x.tar").code == 64)
    }
}
