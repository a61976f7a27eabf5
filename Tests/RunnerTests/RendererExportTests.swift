// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// `bio.host.template/1`, through a plugin in C: the same in a child and on a thread.
@Suite(.timeLimit(.minutes(15))) struct RendererExportTests {
    /// One export by the plugin that has services and texts rendered.
    private struct World: ~Copyable {
        private let scratch: Scratch
        private let fixture: ExportFixture
        private let library: String

        private static let library = PackageFixture(
            "acme/lib/1.0/20260101000001", files: [.init("lib/data.txt", "one\n")])
        private static func service() -> PackageFixture {
            var service = PackageFixture(
                "acme/web/2.1/20260101000002", tdeps: [library.ident],
                files: [
                    .init("default.toml", "port = 1\n"),
                    .init("config/web.conf", "{{cfg.port}} {{bind.database.first.cfg.port}}\n"),
                    .init("hooks/run", "#!/bin/sh\n"), .init("hooks/reload", "#!/bin/sh\n"),
                ])
            service.metafiles = ["BINDS": "database=port\n", "SHUTDOWN_SIGNAL": "QUIT\n", "SHUTDOWN_TIMEOUT": "9\n"]
            return service
        }

        init() throws {
            let made = try Scratch()
            try Directory.create(made.file("out"))
            let plugin = try CPlugin("renderer", in: made.path)
            let packages = try ExportFixture([Self.service(), Self.library], in: made.file("root"))
            library = plugin.library
            fixture = packages
            scratch = made
        }

        /// What the plugin was told.
        func told(_ behaviour: String, _ mode: Mode) throws -> String {
            let runtime = PluginExport.Runtime(mode: try mode.runner, hostVersion: "test")
            let bundle = PluginBundle(libraryPath: library)
            let description = try PluginExport.describe(bundle, runtime)
            let values = [OptionValue(.text(behaviour, kind: OptionValue.stringKind), source: .commandLine)]
            let export = PluginExport(
                runtime: runtime, bundle: bundle, description: description, format: description.formats[0],
                job: fixture.job(values), bytes: fixture.bytes,
                placement: .directory(scratch.file("out"), name: nil), temporaryDirectory: "/nowhere", threads: 1)
            _ = try export.run(isDryRun: false, observer: nil, archiveProgress: { _, _ in }) { _ in }
            return String(decoding: try contents(of: scratch.file("out/told")), as: UTF8.self)
        }
    }

    @Test(arguments: Mode.allCases) func aServiceIsRenderedAndDescribed(_ mode: Mode) throws {
        let world = try World()
        #expect(
            try world.told("good", mode) == """
                directory hab/svc/web
                user hab
                group hab
                signal QUIT
                seconds 9
                hook run
                path hab/svc/web/hooks/run
                interpreter /bin/sh
                left-out reload

                """)
    }

    @Test(arguments: Mode.allCases) func theSameAgainInTheSameTreeIsFine(_ mode: Mode) throws {
        let world = try World()
        #expect(try world.told("twice", mode).hasPrefix("directory hab/svc/web\n"))
    }

    @Test(arguments: Mode.allCases) func aTextIsRendered(_ mode: Mode) throws {
        let world = try World()
        #expect(try world.told("text", mode) == "a b \n")
    }

    /// Told as it is: it is about the package, or about what the user wants.
    @Test(
        arguments: [
            ("no-service", "'acme/lib/1.0/20260101000001' has no run hook"),
            ("unbound", "config/web.conf:1:16: 'bind.database.first.cfg.port'"),
            ("bad-toml", "'given.toml' is not TOML"),
        ], Mode.allCases)
    func whatIsWrongWithAServiceIsTheUsersAffair(_ wrong: (behaviour: String, reason: String), _ mode: Mode) throws {
        let world = try World()
        let error = #expect(throws: (any Error).self) { try world.told(wrong.behaviour, mode) }
        #expect(!(error is PluginError), "\(error!)")
        #expect("\(error!)".contains(wrong.reason), "\(error!)")
    }

    /// What a plugin asks wrongly ends its export, and nothing else.
    @Test(
        arguments: [
            ("no-package", "package 4000000000 is not in the graph"), ("no-tree", "is no file tree of this export"),
            ("taken", "cannot be below 'hab/svc', which is no directory"),
            ("many-binds", "a service has 5000 binds"), ("null-binds", "there are 3 binds, but no array"),
            ("short-struct", "bio_service_call has 24 bytes, at least 72 are needed"),
            ("bytes", "the configuration is not UTF-8"), ("long", "configuration"),
            ("text-syntax", "1 is no syntax of templates"), ("text-list", "the context of a template is one MAP"),
            ("text-empty", "a.tmpl:1:9: unknown variable 'names'"), ("text-short", "nodes follow"),
            ("text-broken", "a.tmpl:1:1"), ("text-coped", "a.tmpl:1:1"),
        ], Mode.allCases)
    func whatIsAskedWronglyIsRefused(_ wrong: (behaviour: String, reason: String), _ mode: Mode) throws {
        let world = try World()
        let error = #expect(throws: PluginError.self) { try world.told(wrong.behaviour, mode) }
        #expect("\(error!)".contains(wrong.reason), "\(error!)")
    }
}
