// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// `--runtime direct`: the closure, a small first process, and a service that is configured now.
@Suite struct DirectImageTests {
    private static let app = PackageFixture(
        "acme/direct/1.0/20260107000000", tdeps: [ImageFixture.libc.ident], path: ["bin"],
        metafiles: [
            "SVC_USER": "web\n", "SVC_GROUP": "www\n", "EXPORTS": "http=port\n", "EXPOSES": "8080\n",
            "SHUTDOWN_SIGNAL": "QUIT\n", "SHUTDOWN_TIMEOUT": "20\n", "BINDS": "database=port\n",
            "BINDS_OPTIONAL": "cache=port\n", "RUNTIME_ENVIRONMENT": "APP_HOME=/hab/pkgs/acme\n",
        ],
        files: [
            .init("bin/app", "an app\n", mode: 0o755), .init("default.toml", "port = 8080\nname = \"default\"\n"),
            .init("config/app.conf", "{{cfg.name}} {{cfg.port}} {{bind.database.first.sys.ip}}\n"),
            .init("hooks/run", "#!/bin/sh\nexec app {{pkg.svc_config_path}}\n", mode: 0o755),
            .init("hooks/health-check", "#!/bin/sh\nexit 0\n"), .init("hooks/reload", "#!/bin/sh\n"),
        ])
    private static let crowd = PackageFixture(
        "acme/crowd/1.0/20260107000000",
        files: [.init("hooks/run", "#!/hab/pkgs/acme/none/bin/sh\n{{#each svc.members as |m|}}{{m.sys.ip}}{{/each}}\n")]
    )

    private func desk() throws -> ExportDesk {
        try ExportDesk(installing: [ImageFixture.libc, ImageFixture.busybox, Self.app, Self.crowd])
    }

    private static let whole = [
        "acme/direct", "core/busybox-static", "--runtime", "direct", "--bind-address", "database=10.0.0.7:5432",
    ]

    @Test func itHoldsTheClosureAndTheService() throws {
        let desk = try desk()
        let image = try desk.image(Self.whole)
        #expect(try image.text("hab/svc/direct/config/app.conf") == "default 8080 10.0.0.7\n")
        #expect(try image.text("hab/svc/direct/hooks/run") == "#!/bin/sh\nexec app /hab/svc/direct/config\n")
        #expect(image.errorText.contains("the reload hook will not run"), "\(image.errorText)")
        let tree = try image.tree()
        let paths = tree.compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            return fields.count > 4 && fields[0] == "f" ? fields[4] : fields.dropFirst(3).first
        }
        #expect(paths.contains("hab/svc/direct/hooks/run"), "\(tree.prefix(5))")
        for absent in ["init.sh", "etc/ssl", "etc/resolv.conf", "hab/svc/direct/hooks/reload"] {
            #expect(!paths.contains(absent), "\(absent)")
        }
        let origins = Set(
            paths.filter { $0.hasPrefix("hab/pkgs/") }.map { $0.split(separator: "/").prefix(4).joined(separator: "/") }
        )
        #expect(
            origins.filter { $0.split(separator: "/").count == 4 }.sorted()
                == ["acme/direct", "biome/bio-init", "core/busybox-static", "core/libc"].map { "hab/pkgs/\($0)" })
        for present in ["data", "config/app.conf", "run"] {
            #expect(paths.contains("hab/svc/direct/\(present)"), "\(present)")
        }
        #expect(tree.contains("d 0770 0:0 hab/svc/direct/data"))
        #expect(tree.contains { $0.hasPrefix("f 0640 0:0 ") && $0.contains(" hab/svc/direct/config/app.conf ") })
    }

    @Test func theFirstProcessIsToldWhatToDo() throws {
        let desk = try desk()
        let image = try desk.image(Self.whole)
        let process = try image.process()
        let entrypoint = try #require(process["Entrypoint"]?.strings)
        #expect(entrypoint.count == 2 && entrypoint[0].hasPrefix("/hab/pkgs/biome/bio-init/"), "\(entrypoint)")
        #expect(entrypoint[1] == "/hab/svc/direct/bio-init.spec" && process["Cmd"]?.strings ?? [] == [])
        #expect(process["Env"]?.strings == ["PATH=/bin"])
        #expect(process["ExposedPorts"]?.keys == ["8080/tcp"])
        #expect(
            process["Healthcheck"]?["Test"]?.strings == [
                "CMD", entrypoint[0], "health", "/hab/svc/direct/bio-init.spec",
            ])
        #expect(process["Labels"]?["org.biome.init"]?.string?.hasPrefix("biome/bio-init/") == true)
        #expect(process["Labels"]?["org.biome.supervisor"] == nil)
        #expect(
            try image.text("hab/svc/direct/bio-init.spec") == """
                bio-init 1
                service direct
                user web www
                signal 3
                timeout 20
                directory /hab/svc/direct
                give /hab/svc/direct/data
                give /hab/svc/direct/files
                give /hab/svc/direct/static
                give /hab/svc/direct/var
                give-tree /hab/svc/direct/config
                env APP_HOME=/hab/pkgs/acme
                env PATH=/hab/pkgs/\(Self.app.ident)/bin:/bin
                run /hab/svc/direct/hooks/run
                health-check /hab/svc/direct/hooks/health-check

                """)
    }

    @Test func theUsersConfigurationCounts() throws {
        let desk = try desk()
        try AtomicFile.write(Array("port = 9090\n".utf8), to: desk.work("mine.toml"))
        let image = try desk.image(Self.whole + ["--config", "mine.toml"])
        #expect(try image.text("hab/svc/direct/config/app.conf") == "default 9090 10.0.0.7\n")
        #expect(try image.process()["ExposedPorts"]?.keys == ["9090/tcp"])
        try AtomicFile.write(Array("port = 0\n".utf8), to: desk.work("none.toml"))
        let closed = try desk.image(Self.whole + ["--config", "none.toml"])
        #expect(try closed.process()["ExposedPorts"]?.keys ?? [] == [])
        #expect(closed.errorText.contains("exposes 8080 as 'http', and its 'port' is configured to be no port"))
    }

    /// The hook's check can be tuned, and the user's own wins.
    @Test func theHealthCheckIsTheHooks() throws {
        let desk = try desk()
        let image = try desk.image(Self.whole + ["--healthcheck-interval", "7", "--healthcheck-retries", "2"])
        let check = try #require(try image.process()["Healthcheck"])
        #expect(check["Interval"]?.int == 7_000_000_000 && check["Retries"]?.int == 2)
        #expect(check["Test"]?.strings?.dropFirst(2) == ["health", "/hab/svc/direct/bio-init.spec"])
        #expect(image.errorText.contains("take 20 seconds to end") && image.errorText.contains("--stop-timeout 22"))
        let own = try desk.image(Self.whole + ["--healthcheck", "[\"app\"]", "--healthcheck-timeout", "3"])
        #expect(try own.process()["Healthcheck"]?["Test"]?.strings == ["CMD", "app"])
        let none = try desk.bio.docker(
            Self.whole + ["--healthcheck", "NONE", "--healthcheck-timeout", "3", "-o", "none.tar"])
        #expect(none.code == 64 && none.errorText.contains("--healthcheck-timeout"), "\(none.errorText)")
    }

    /// Neither the variable nor the file that a supervisor of this machine would read.
    @Test func nothingOfTheMachineCounts() throws {
        var desk = try desk()
        desk.bio.environment["HAB_DIRECT"] = "port = 1"
        let user = "\(desk.bio.root)/hab/user/direct/config"
        try Directory.create(user)
        try AtomicFile.write(Array("port = 2\n".utf8), to: "\(user)/user.toml")
        let image = try desk.image(Self.whole)
        #expect(try image.text("hab/svc/direct/config/app.conf") == "default 8080 10.0.0.7\n")
    }

    private static let refusals: [(arguments: [String], reasons: [String], code: Int32)] = [
        (
            ["acme/direct", "--runtime", "direct", "--bind-address", "database=h:1"],
            ["its run hook is run by '/bin/sh', which is not there", "biome/busybox"], 1
        ),
        (
            ["acme/direct", "core/busybox-static", "--runtime", "direct"],
            ["config/app.conf:1:29: 'bind.database.first.sys.ip'", "--bind-address database=HOST:PORT"], 1
        ),
        (Self.whole + ["--bind-address", "other=h:1"], ["has no bind 'other'", "'database', 'cache'"], 64),
        (Self.whole + ["--bind-address", "cache=h"], ["'cache=h' is not NAME=HOST:PORT"], 64),
        (Self.whole + ["--env", "HAB_DIRECT=port = 1"], ["--env", "nobody reads 'HAB_DIRECT'", "--config FILE"], 64),
        (Self.whole + ["--config", "nowhere.toml"], ["cannot open", "nowhere.toml"], 64),
        (
            ["acme/crowd", "--runtime", "direct"],
            ["hooks/run:2:9: 'svc.members'", "only to a supervisor", "--runtime supervisor"], 1
        ),
        (
            ["acme/direct", "acme/crowd", "--runtime", "direct"],
            ["one service runs, and this is another", "acme/crowd"], 1
        ),
        (["acme/direct", "--config", "x.toml"], ["--config", "add --runtime direct"], 64),
        (["acme/direct", "--runtime", "none", "--bind-address", "database=h:1"], ["--bind-address"], 64),
        (["core/libc", "--runtime", "direct"], ["no package is a service", "--runtime none"], 64),
        (Self.whole + ["--base-pkgs", "none"], ["needs bio-init", "leave out --base-pkgs none"], 64),
        (Self.whole + ["--program", "app"], ["--runtime none"], 64),
    ]

    @Test(arguments: refusals)
    func whatWillNotDoIsRefused(_ arguments: [String], _ reasons: [String], _ code: Int32) throws {
        let desk = try desk()
        let outcome = try desk.bio.docker(arguments + ["-o", "x.tar"])
        #expect(outcome.code == code, "\(outcome.errorText)")
        for reason in reasons { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
        #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
    }

    @Test func aChangedTemplateIsRefused() throws {
        let desk = try desk()
        let path = desk.installed(Self.app, "config/app.conf")
        var bytes = try contents(of: path)
        bytes[0] = UInt8(ascii: "!")
        try AtomicFile.write(bytes, to: path, mode: 0o644)
        let outcome = try desk.bio.docker(Self.whole + ["-o", "x.tar"])
        #expect(outcome.code == 4, "\(outcome.code) \(outcome.errorText)")
        #expect(outcome.errorText.contains("config/app.conf' is not what the signed package"), "\(outcome.errorText)")
    }
}
