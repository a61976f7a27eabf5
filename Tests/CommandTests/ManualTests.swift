// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import BioTestSupport
import Testing

/// The manual pages that `make` leaves in dist/, read by the formatters that people have.
@Suite(.timeLimit(.minutes(15))) struct ManualTests {
    private static let directory = "\(SourceTree.root)/dist/share/man/man1"

    private static func pages() throws -> [String] {
        try Directory.names(directory).map { "\(directory)/\(String(decoding: $0, as: UTF8.self))" }
    }

    /// The visible commands of the tables, as names of pages.
    private static func names(_ command: CommandSpec, _ words: [String]) -> [String] {
        [words.joined(separator: "-")]
            + command.subcommands.filter { !$0.isHidden }.flatMap { names($0, words + [$0.name]) }
    }

    @Test func everyCommandAndFormatHasAPage() throws {
        let pages = try Set(Self.pages().map { String($0.split(separator: "/").last?.dropLast(2) ?? "") })
        let commands = Self.names(CommandTree.root, ["bio"])
        #expect(pages.isSuperset(of: commands), "\(Set(commands).subtracting(pages))")
        #expect(pages.contains("bio-pkg-export-tar"))
        for page in pages.subtracting(commands) { #expect(page.hasPrefix("bio-pkg-export-"), "\(page)") }
    }

    @Test func mandocHasNoWarning() throws {
        let outcome = try Tool.run(["mandoc", "-Tlint", "-Wwarning"] + Self.pages())
        #expect(outcome.code == 0 && outcome.text.isEmpty, "\(outcome.text)\(outcome.errorText)")
    }

    @Test func groffHasNoWarning() throws {
        for page in try Self.pages() {
            let outcome = try Tool.run(
                ["man", "--warnings", "-Tutf8", "-l", page], environment: ["LC_ALL": "C.UTF-8", "MANWIDTH": "80"])
            #expect(outcome.code == 0 && outcome.errorText.isEmpty, "\(page): \(outcome.errorText)")
        }
    }

    @Test func theExportPageTellsEverything() throws {
        let outcome = try Tool.run(["mandoc", "-Tascii", "\(Self.directory)/bio-pkg-export-tar.1"])
        // Bold and underlined letters are overstruck.
        let text = outcome.text.replacing(/.\u{8}/, with: "")
        for part in [
            "bio-pkg-export-tar - ", "bio pkg export tar [OPTIONS] PKG...", "--compression",
            "--source-date-epoch SECONDS",
            "SOURCE_DATE_EPOCH", "FS_ROOT", "EXIT STATUS", "130", "EXAMPLES", "bio pkg export tar core/redis",
            "SEE ALSO", "bio-pkg-export(1)",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    /// The same program makes the same pages, wherever and whenever.
    @Test func pagesDependOnNothingElse() throws {
        let scratch = try Scratch()
        let plugins = "\(SourceTree.root)/dist/lib/bio/plugins"
        var bio = Command()
        bio.environment = [
            "HOME": scratch.path, "FS_ROOT": scratch.path, "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Tokyo",
            "COLUMNS": "200", "BIO_PLUGIN_POLICY": "/nowhere", "SOURCE_DATE_EPOCH": "99",
        ]
        let outcome = try bio.run("__manual", scratch.file("man"), plugins)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try Tool.run(["diff", "-r", scratch.file("man"), Self.directory]).code == 0)
    }
}
