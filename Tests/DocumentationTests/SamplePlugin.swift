// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport

/// The C function of a page, in the frame of `plugin-sdk/examples/services`, and what it exports.
struct SamplePlugin: ~Copyable {
    private let scratch: Scratch

    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// Two packages, of which one needs the other.
    private static let world = Result {
        try ExportWorld([
            PackageFixture("acme/lib/1.0/20260101000001", files: [.init("lib/data.txt", "one\ntwo\n")]),
            {
                var app = PackageFixture(
                    "acme/app/2.1/20260101000002", tdeps: ["acme/lib/1.0/20260101000001"],
                    files: [
                        .init("bin/hello", "#!/bin/sh\necho hello\n", mode: 0o755),
                        .init("default.toml", "port = 8080\n"),
                    ])
                app.metafiles = ["EXPOSES": "8080\n", "PATH": "/hab/pkgs/\(app.ident)/bin\n"]
                return app
            }(),
        ])
    }

    /// Builds the first C block of `page` as its reader would.
    init(_ page: String, compiler: String) throws {
        let made = try Scratch()
        for name in ["source", "work"] { try Directory.create(made.file(name)) }
        guard let code = try Page(page).code.first else { throw Broken(description: "\(page) has no C") }
        try AtomicFile.write(Array(code.utf8), to: made.file("source/sample.c"))
        let outcome = try Tool.run([
            "make", "--silent", "-C", Repository.path("plugin-sdk/examples/services"), "CC=\(compiler)",
            "SAMPLE=\(made.file("source"))", "OUT=\(made.file("plugin"))",
            "CFLAGS=-O2 -Wall -Wextra -pedantic -Werror",
        ])
        guard outcome.code == 0 else { throw Broken(description: "\(page): \(outcome.errorText)") }
        scratch = made
    }

    var directory: String { scratch.file("work") }

    func variables() throws -> [String: String] {
        let world = try Self.world.get()
        return [
            "FS_ROOT": world.root, "HAB_CACHE_KEY_PATH": world.keyDirectory, "BIO_PLUGIN_PATH": scratch.file("plugin"),
        ]
    }
}
