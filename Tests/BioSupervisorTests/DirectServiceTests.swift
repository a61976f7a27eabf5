// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSupervisor
import BioTemplate
import Testing

/// Services rendered before they run: what they find, and what is refused, with its place.
@Suite struct DirectServiceTests {
    private static let ident = "acme/web/2.0.1/20260103000000"
    private static let library = "acme/lib/1.0/20260101000000"

    private func service(
        _ files: [String: String], _ metafiles: [MetaFile: String] = [:]
    ) throws -> DirectService {
        var contents: [MetaFile: [UInt8]] = [
            .target: Array("x86_64-linux\n".utf8), .svcUser: Array("web\n".utf8), .svcGroup: Array("www\n".utf8),
            .tdeps: Array("\(Self.library)\n".utf8), .deps: Array("\(Self.library)\n".utf8),
            .path: Array("/hab/pkgs/\(Self.ident)/bin\n".utf8),
        ]
        for (name, text) in metafiles { contents[name] = Array(text.utf8) }
        let metadata = try PackageMetadata(ident: try QualifiedIdent(parsing: Self.ident), files: contents)
        var files = files
        files["hooks/run"] = files["hooks/run"] ?? "#!/bin/sh\nexec web\n"
        return DirectService(
            metadata,
            files: files.sorted { $0.key < $1.key }.map {
                DirectService.File(path: $0.key, bytes: Array($0.value.utf8))
            },
            flavour: .biome
        ) { ident in ["/hab/pkgs/\(ident)/bin"] }
    }

    /// The text of `config/c`, which `template` becomes.
    private func rendered(
        _ template: String, defaults: String = "", _ choices: DirectService.Choices = .init(),
        _ metafiles: [MetaFile: String] = [:]
    ) throws -> String {
        let made = try service(["config/c": template, "default.toml": defaults], metafiles).render(choices)
        return try #require(made.files.first { $0.path == "config/c" }).text
    }

    private func refusal(
        _ template: String, _ choices: DirectService.Choices = .init(), _ metafiles: [MetaFile: String] = [:]
    ) throws -> String {
        let error = #expect(throws: DirectError.self) { try rendered(template, choices, metafiles) }
        return error.map { $0.description + ($0.hint.map { " / \($0)" } ?? "") } ?? ""
    }

    private func rendered(
        _ template: String, _ choices: DirectService.Choices, _ metafiles: [MetaFile: String]
    ) throws -> String { try rendered(template, defaults: "", choices, metafiles) }

    // MARK: - What there is

    @Test func configurationIsThePackagesAndWhatIsGiven() throws {
        let choices = DirectService.Choices(configuration: "[a]\ny = 3\n", configurationName: "user.toml")
        #expect(
            try rendered("{{cfg.a.x}} {{cfg.a.y}} {{cfg.b}}", defaults: "b = 4\n[a]\nx = 1\ny = 2\n", choices)
                == "1 3 4")
    }

    @Test func whatThePackageIsIsKnown() throws {
        #expect(
            try rendered("{{pkg.name}} {{pkg.svc_data_path}} {{pkg.path}} {{pkg.svc_user}}:{{pkg.svc_group}}")
                == "web /hab/svc/web/data /hab/pkgs/\(Self.ident) web:www")
        #expect(
            try rendered("{{pkgPathFor \"acme/lib\"}} {{pkgPathFor \"acme/other\"}}.") == "/hab/pkgs/\(Self.library) .")
        #expect(
            try rendered("{{svc.service}} {{svc.group}} {{svc.me.cfg.a}}", defaults: "a = 1\n", .init(group: "blue"))
                == "web blue 1")
    }

    @Test func factsAreThoseOfThePackage() throws {
        let made = try service(
            [
                "hooks/init": "#! /usr/bin/env sh\n", "hooks/health-check": "#!/bin/sh\n", "hooks/reload": "x",
                "hooks/install": "x", "config/d/e": "{{cfg.none}}",
            ], [.shutdownSignal: "QUIT\n", .shutdownTimeout: "20\n", .runtimeEnvironment: "A=b=c\n"]
        ).render(.init())
        #expect(made.files.map(\.path) == ["config/d/e", "hooks/health-check", "hooks/init", "hooks/run"])
        #expect(made.files.map(\.isProgram) == [false, true, true, true])
        #expect(made.hooks.map(\.kind.rawValue) == ["init", "run", "health-check"])
        #expect(made.hooks.map(\.interpreter) == ["/usr/bin/env", "/bin/sh", "/bin/sh"])
        #expect(made.leftOut.map(\.rawValue) == ["reload"])
        #expect((made.user, made.group) == ("web", "www"))
        #expect((made.shutdownSignal, made.shutdownTimeout) == ("QUIT", 20))
        #expect(
            made.environment.map { "\($0.name)=\($0.value)" }
                == ["A=b=c", "PATH=/hab/pkgs/\(Self.ident)/bin:/hab/pkgs/\(Self.library)/bin"])
    }

    /// `run` beside the hooks is no template.
    @Test func aPlainRunIsTakenAsItIs() throws {
        let made = try service(["hooks/run": "#!/bin/sh\n{{cfg.x}}", "run": "#!/bin/false"]).render(.init())
        #expect(made.files.map(\.text) == ["#!/bin/sh\n"])
        let plain = try PackageMetadata(
            ident: try QualifiedIdent(parsing: Self.ident), files: [.target: Array("x86_64-linux".utf8)])
        let alone = DirectService(
            plain, files: [.init(path: "run", bytes: Array("#!/bin/sh\n{{cfg.x}}".utf8))], flavour: .biome
        ) { _ in [] }
        let files = try alone.render(.init()).files
        #expect(files.map(\.path) == ["hooks/run"] && files.map(\.text) == ["#!/bin/sh\n{{cfg.x}}"])
    }

    // MARK: - Binds

    private static let binds: [MetaFile: String] = [.binds: "database=port username\n", .bindsOptional: "cache=port\n"]

    @Test func anAddressIsOneLivingMember() throws {
        let choices = DirectService.Choices(addresses: ["database=[2001:db8::7]:5432,username=web"])
        #expect(
            try rendered(
                """
                {{#eachAlive bind.database.members as |m|}}{{m.sys.ip}} {{m.cfg.port}} {{m.cfg.username}}{{/eachAlive}}
                {{bind.database.first.cfg.host}}{{#if bind.cache}} cached by {{bind.cache.first.cfg.port}}{{/if}}
                """, choices, Self.binds) == "2001:db8::7 5432 web\n2001:db8::7")
    }

    @Test(arguments: [
        (
            [],
            "'acme/web/2.0.1/20260103000000' must be bound to 'database' / give its address: --bind-address database="
        ),
        (["database=10.0.0.7"], "is not NAME=HOST:PORT"), (["database=10.0.0.7:0,username=x"], "is not NAME=HOST:PORT"),
        (["database=h:1,username=x", "other=h:1"], "has no bind 'other'"),
        (["database=h:1,username=x", "database=h:2,username=x"], "is given twice"),
        (["database=h:1"], "does not say 'username'"),
    ])
    func anAddressThatWillNotDoIsRefused(_ addresses: [String], _ reason: String) throws {
        let text = try refusal("", .init(addresses: addresses), Self.binds)
        #expect(text.contains(reason), "\(text)")
    }

    // MARK: - What is refused

    @Test(arguments: [
        ("a\n  {{sys.ip}}", "config/c:2:5: 'sys.ip'", "is known only where the service runs"),
        ("{{#with svc}}{{#each members}}{{/each}}{{/with}}", "config/c:1:22: 'members'", "other members of the group"),
        (
            "{{#if cfg.x}}{{svc.leader.sys.ip}}{{/if}}", "config/c:1:16: 'svc.leader.sys.ip'",
            "other members of the group"
        ),
        ("{{svc.me.sys.hostname}}", "config/c:1:3: 'svc.me.sys.hostname'", "is known only where the service runs"),
        ("{{toJson svc.members}}", "config/c:1:10: 'svc.members'", "other members of the group"),
        (
            "{{#each bind.database.members as |m|}}{{m.cfg.port}}{{/each}}", "config/c:1:9: 'bind.database.members'",
            "needs the bind 'database', which has no address / give its address: --bind-address database=HOST:PORT"
        ),
        ("{{bind.nobody.first}}", "config/c:1:3: 'bind.nobody.first'", "needs the bind 'nobody'"),
        ("{{@root.svc.members}}", "config/c:1:3: '@root.svc.members'", "other members of the group"),
    ])
    func whatNeedsASupervisorIsRefusedWithItsPlace(_ template: String, _ place: String, _ reason: String) throws {
        let text = try refusal(template, .init(), Self.binds)
        #expect(text.hasPrefix(place) && text.contains(reason), "\(text)")
    }

    /// What hides behind inline partials, whole objects and `lookup`.
    @Test(arguments: [
        ("{{#*inline \"x\"}}{{sys.ip}}{{/inline}}{{> x}}", "config/c:1:19: 'sys.ip'"),
        ("{{toJson sys}}", "config/c:1:10: 'sys'"), ("{{#each sys}}{{/each}}", "config/c:1:9: 'sys'"),
        ("{{#if sys}}{{/if}}", "config/c:1:7: 'sys'"), ("{{toJson svc}}", "config/c:1:10: 'svc'"),
        ("{{lookup svc \"members\"}}", "config/c:1:10: 'svc'"),
        ("{{#with (lookup svc.me \"sys\")}}{{ip}}{{/with}}", "config/c:1:17: 'svc.me'"),
        ("{{toJson svc.me}}", "config/c:1:10: 'svc.me'"), ("{{#sys}}{{ip}}{{/sys}}", "config/c:1:4: 'sys'"),
        ("{{#with svc.me}}{{sys.ip}}{{/with}}", "config/c:1:19: 'sys.ip'"),
        ("{{toJson bind}}", "config/c:1:10: 'bind'"),
        ("{{bind.database.first.package}}", "config/c:1:3: 'bind.database.first.package'"),
        ("{{#each bind.database.members as |m|}}{{m.pkg.name}}{{/each}}", "config/c:1:41: 'm.pkg.name'"),
        ("{{toJson bind.database.first.sys}}", "config/c:1:10: 'bind.database.first.sys'"),
    ])
    func noWayLeadsAroundIt(_ template: String, _ place: String) throws {
        let text = try refusal(template, .init(addresses: ["database=h:1,username=x"]), Self.binds)
        #expect(text.hasPrefix(place), "\(text)")
    }

    /// Blocks whose inside is looked at by itself are no use as a whole.
    @Test func blocksMayBeAboutWholeObjects() throws {
        let choices = DirectService.Choices(addresses: ["database=h:1,username=x"])
        #expect(
            try rendered(
                "{{#with svc}}{{service}}{{/with}} {{#if bind}}{{#with bind.database}}{{first.cfg.port}}{{/with}}{{/if}} "
                    + "{{#with svc.me}}{{alive}}{{/with}}", choices, Self.binds) == "web 1 true")
    }

    @Test func aValueThatNoAddressTellsIsRefused() throws {
        let text = try refusal(
            "{{#eachAlive bind.database.members as |m|}}{{m.cfg.password}}{{/eachAlive}}",
            .init(addresses: ["database=h:1,username=x"]), Self.binds)
        #expect(text.hasPrefix("config/c:1:46: 'm.cfg.password'"), "\(text)")
        #expect(text.contains("--bind-address database=HOST:PORT,password=VALUE"), "\(text)")
    }

    @Test func brokenTextsAreRefusedByName() throws {
        #expect(try refusal("a\n{{#if x}}").contains("config/c:2:1"))
        let broken = #expect(throws: DirectError.self) {
            try service(["default.toml": "a = ["]).render(.init())
        }
        #expect("\(broken!)".hasPrefix("'default.toml' is not TOML:"))
        let given = #expect(throws: DirectError.self) {
            try service([:]).render(.init(configuration: "x", configurationName: "mine.toml"))
        }
        #expect("\(given!)".hasPrefix("'mine.toml' is not TOML:"))
        #expect(throws: DirectError.self) { try service(["hooks/init": "echo\n"]).render(.init()) }
    }

    /// Only hooks that are run are looked at.
    @Test func whatNobodyRunsMayWantAnything() throws {
        let made = try service(["hooks/reconfigure": "{{svc.members}}"]).render(.init())
        #expect(made.leftOut.map(\.rawValue) == ["reconfigure"])
    }
}
