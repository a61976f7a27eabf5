// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport

/// The packages that plugins export here: a base package, a dependency, names that are no text, links.
enum Workshop {
    static let library = PackageFixture(
        "acme/lib/1.0/20260101000001", files: [.init("lib/data.txt", "one\ntwo\n"), .init("lib/50% off", "")])
    static let app: PackageFixture = {
        var app = PackageFixture(
            "acme/app/2.1/20260101000002", tdeps: [library.ident],
            files: [
                .init("bin/app", "#!/bin/sh\necho app\n", mode: 0o755), .init("hooks/run", "#!/bin/sh\n", mode: 0o755),
            ])
        app.extra = { tar, prefix in
            tar.symlink("\(prefix)/bin/twin", to: "app")
            tar.directory("\(prefix)/var/", mode: 0o1777)
            tar.file("\(prefix)/strange\u{1}n\u{E4}me", "odd\n", mode: 0o600)
        }
        return app
    }()

    static let world = Result { try ExportWorld([library, app]) }

    /// Compilers of other languages; one that is missing fails the test that needs it.
    private static let variables = [
        "ZIG": "\(Repository.path("build/sdk/ziglang/zig"))", "CFLAGS": "-Os -Wall -Wextra -pedantic -Werror",
        "CXXFLAGS": "-Os -Wall -Wextra -pedantic -Werror", "MAKEFLAGS": "",
    ]

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Builds the project as its Makefile says.
    static func make(_ project: String) throws {
        let outcome = try Tool.run(
            ["make", "--no-print-directory", "-C", project] + variables.map { "\($0.key)=\($0.value)" }.sorted())
        guard outcome.code == 0 else { throw Failed(description: outcome.text + outcome.errorText) }
    }
}

extension ExportDesk {
    init() throws { try self.init(try Workshop.world.get()) }

    /// `bio plugin new`; the project's directory.
    func project(_ language: PluginProject.Language, _ name: String, _ options: String...) throws -> String {
        let outcome = try bio.run(["plugin", "new", "--lang", language.rawValue, name] + options)
        guard outcome.code == 0 else { throw Workshop.Failed(description: outcome.errorText) }
        return work(name)
    }

    /// Exports the application with the plugin in `directory`.
    func export(_ format: String, with directory: String, _ arguments: [String] = []) throws -> BuiltBio.Outcome {
        var bio = bio
        bio.environment["BIO_PLUGIN_PATH"] = directory
        bio.environment["SOURCE_DATE_EPOCH"] = "1000000000"
        return try bio.run(["pkg", "export", format, "acme/app", "--base-pkgs", "none", "-o", "-"] + arguments)
    }
}
