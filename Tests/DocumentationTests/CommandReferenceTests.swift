// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `docs/reference/commands.md` is generated: the help of every command, from the tables that the parser reads.
@Suite struct CommandReferenceTests {
    static let path = "docs/reference/commands.md"

    static let commands = [
        "", "cache", "cache list", "cache verify", "cache prune", "registry", "registry login", "registry logout",
        "image", "image inspect", "image ls", "image diff", "image copy", "image verify",
        "pkg", "pkg export", "pkg export aci", "pkg export cf", "pkg export docker", "pkg export helm",
        "pkg export kubernetes", "pkg export mesos", "pkg export tar", "pkg install", "pkg uninstall", "pkg binlink",
        "pkg list", "pkg path", "pkg info", "pkg hash", "pkg header", "pkg sign", "pkg verify", "pkg dependencies",
        "pkg env", "pkg exec", "pkg graph", "pkg provides", "pkg search", "pkg config", "origin", "origin key",
        "origin key generate", "origin key import", "origin key export", "origin key list", "plugin", "plugin list",
        "plugin info", "plugin explain", "plugin install", "plugin update", "plugin uninstall", "plugin sign",
        "plugin verify", "plugin enable", "plugin disable", "plugin allow", "plugin require-signature", "plugin pin",
        "plugin clear", "plugin describe", "plugin new", "plugin check", "cli", "cli completers", "ring", "ring key",
        "ring key generate", "ring key import", "ring key export", "sup", "sup run", "sup term", "svc", "svc load",
        "svc unload",
        "svc start", "svc stop", "svc status", "svc key", "svc key generate", "config", "config apply", "config show",
        "plan", "plan render", "user",
        "user key", "user key generate",
    ]

    /// Other names of formats, whose page is that of the format.
    private static let aliases = ["container"]

    private func generated() throws -> String {
        var page = "# Commands\n\nGenerated from `--help` of every command; `BIO_UPDATE_GOLDEN=1` rewrites it.\n"
        for command in Self.commands {
            let words = command.split(separator: " ").map(String.init)
            let outcome = try Tool.run(
                ["\(SourceTree.root)/dist/bin/bio"] + words + ["--help"],
                environment: ["HOME": "/nowhere", "BIO_PLUGIN_PATH": "", "XDG_DATA_HOME": "/nowhere"])
            #expect(outcome.code == 0, "\(outcome.errorText)")
            let title = (["bio"] + words).joined(separator: " ")
            page += "\n## \(title)\n\n```text\n\(outcome.text)```\n"
        }
        return page
    }

    @Test func isCurrent() throws {
        let page = try generated()
        if getenv("BIO_UPDATE_GOLDEN") != nil {
            try AtomicFile.write(Array(page.utf8), to: "\(SourceTree.root)/\(Self.path)")
        }
        #expect(try SourceTree.text(Self.path) == page, "run the tests with BIO_UPDATE_GOLDEN=1 and look at the diff")
    }

    /// A command that is not in the list above is not documented.
    @Test func namesEveryCommand() throws {
        let page = try generated()
        for line in page.split(separator: "\n") {
            guard let command = line.wholeMatch(of: /\ {2}([a-z]+) {3,}.+/) else { continue }
            let name = String(command.output.1)
            #expect((Self.commands + Self.aliases).contains { $0 == name || $0.hasSuffix(" \(name)") }, "\(line)")
        }
    }
}
