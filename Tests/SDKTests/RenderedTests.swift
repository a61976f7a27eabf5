// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// `plugin-sdk/conformance/rendered`: one plugin in every language that wraps the host's templates. All write the same bytes.
@Suite(.timeLimit(.minutes(15))) struct RenderedTests {
    private static let languages = [PluginProject.Language.cpp, .rust, .swift, .zig, .go]

    private static let service = {
        var service = PackageFixture(
            "acme/served/1.0/20260101000003",
            files: [
                .init("default.toml", "greeting = \"default\"\nport = 80\n"),
                .init("config/served.conf", "{{cfg.greeting}} {{cfg.port}} {{svc.group}} {{bind.db.first.sys.ip}}\n"),
                .init("hooks/run", "#!/bin/sh\nexec served {{bind.db.first.cfg.port}}\n", mode: 0o755),
                .init("hooks/post-stop", "#!/bin/sh\n", mode: 0o755), .init("hooks/reload", "#!/bin/sh\n", mode: 0o755),
            ])
        service.metafiles = [
            "BINDS": "db=port\n", "SVC_USER": "web\n", "SVC_GROUP": "www\n", "SHUTDOWN_SIGNAL": "QUIT\n",
            "SHUTDOWN_TIMEOUT": "20\n", "RUNTIME_ENVIRONMENT": "HOME_OF=acme\n",
        ]
        return service
    }()

    private func plugin(_ desk: borrowing ExportDesk, _ language: PluginProject.Language) throws -> String {
        let project = try desk.project(language, "rendered")
        try tool(
            "cp", "-r", Repository.path("plugin-sdk/conformance/rendered/\(language.rawValue)/."), project)
        try Workshop.make(project)
        return "\(project)/out"
    }

    private func export(_ desk: borrowing ExportDesk, _ directory: String, _ words: [String]) throws -> BuiltBio.Outcome
    {
        var bio = desk.bio
        bio.environment["BIO_PLUGIN_PATH"] = directory
        bio.environment["SOURCE_DATE_EPOCH"] = "1000000000"
        return try bio.run(["pkg", "export", "rendered", "acme/served", "--base-pkgs", "none"] + words)
    }

    private static let template = "{{toUppercase package}}{{#each tags}} {{@index}}{{this}}{{/each}} {{port}} {{on}}"

    /// As the host renders it, whatever the language.
    private static let expected: DocumentValue = [
        "text": "SERVED 0a 1b 6379 true", "directory": "hab/svc/served", "user": "web", "group": "www",
        "stop_signal": "QUIT", "stop_seconds": 20,
        "hooks": [
            ["name": "run", "path": "hab/svc/served/hooks/run", "interpreter": "/bin/sh"],
            ["name": "post-stop", "path": "hab/svc/served/hooks/post-stop", "interpreter": "/bin/sh"],
        ],
        "left_out": ["reload"],
    ]

    @Test(arguments: languages) func everyLanguageRendersTheSame(_ language: PluginProject.Language) throws {
        let desk = try ExportDesk(try Workshop.world.get(), installing: [Self.service])
        let directory = try plugin(desk, language)
        // What the host refuses is said once, in its words.
        let unknown = try export(desk, directory, ["--template", "at {{prot}}", "--bind", "db=h:1"])
        #expect(unknown.code == 5, "\(unknown.errorText)")
        #expect(unknown.errorText.contains("the template:1:6: unknown variable 'prot' (option --template)"))
        #expect(unknown.errorText.contains("hint: did you mean 'port'?"), "\(unknown.errorText)")
        let unbound = try export(desk, directory, [])
        #expect(
            unbound.code == 1 && unbound.errorText.contains("needs the bind 'db', which has no address"),
            "\(unbound.errorText)")
        let other = try export(desk, directory, ["--bind", "db=h:1", "--bind", "bd=h:1"])
        #expect(other.code != 0 && other.errorText.contains("has no bind 'bd'"), "\(other.errorText)")

        let made = try export(desk, directory, ["--template", Self.template, "--bind", "db=10.0.0.7:5432"])
        #expect(made.code == 0, "\(made.errorText)")
        let json = try contents(of: desk.work("rendered.json"))
        let digest = Digest.sha256(of: try contents(of: desk.work("rendered.tar")))
        #expect(
            try Golden.mismatch("\(String(decoding: json, as: UTF8.self))\nrendered.tar \(digest)\n", "rendered") == nil
        )
        let document = try DocumentValue(json: json)
        for name in ["text", "directory", "user", "group", "stop_signal", "stop_seconds", "hooks", "left_out"] {
            #expect(document[name] == Self.expected[name], "\(name): \(document)")
        }
        #expect(document["environment"]?["HOME_OF"]?.string == "acme", "\(document)")
        let tree = desk.work("tree")
        try Directory.create(tree)
        try tool("tar", "-xf", desk.work("rendered.tar"), "-C", tree)
        for (path, text) in [
            ("config/served.conf", "made 80 blue 10.0.0.7\n"), ("hooks/run", "#!/bin/sh\nexec served 5432\n"),
        ] { #expect(try contents(of: "\(tree)/hab/svc/served/\(path)") == Array(text.utf8), "\(path)") }
    }
}
