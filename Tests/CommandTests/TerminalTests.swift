// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// What a terminal is sent, with a real one (Tests/Support/terminal).
@Suite(.timeLimit(.minutes(15))) struct TerminalTests {
    private struct Shown {
        let code: Int32
        /// Everything that came to the terminal.
        let screen: String
        /// Standard output, when it was a file.
        let output: String
    }

    /// Runs the program with its standard error on a terminal; standard output goes into a file unless `all`.
    private func run(
        _ words: [String], environment: [String: String] = [:], columns: Int = 80, all: Bool = false
    ) throws -> Shown {
        let scratch = try Scratch()
        let output = scratch.file("output")
        let variables = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path, "NO_COLOR": ""]
        let outcome = try Tool.run(
            ["\(SourceTree.root)/Tests/Support/terminal", "--columns", "\(columns)"]
                + (all ? [] : ["--output", output]) + [Command.program] + words,
            environment: variables.merging(environment) { $1 })
        return Shown(
            code: outcome.code, screen: outcome.text,
            output: all ? "" : String(decoding: try contents(of: output), as: UTF8.self))
    }

    private static let failing = ["pkg", "path", "nobody/nothing"]

    @Test func aTerminalHasColours() throws {
        let shown = try run(Self.failing)
        #expect(shown.code == 3 && shown.screen.hasPrefix("\u{1B}[1;31m✗✗✗\n") && shown.screen.hasSuffix("\u{1B}[0m"))
        #expect(shown.output.isEmpty)
    }

    @Test(arguments: [
        ["NO_COLOR": "1"], ["NO_COLOR": "0"], ["HAB_NOCOLORING": "1"], ["HAB_NOCOLORING": "true"], ["TERM": "dumb"],
    ])
    func coloursGoWhenAsked(_ variables: [String: String]) throws {
        let shown = try run(Self.failing, environment: variables)
        #expect(
            shown.code == 3 && shown.screen.hasPrefix("✗✗✗\n✗✗✗ 'nobody/nothing'") && !shown.screen.contains("\u{1B}"))
    }

    @Test(arguments: [["NO_COLOR": ""], ["HAB_NOCOLORING": "0"], ["HAB_NOCOLORING": "yes"], ["TERM": "vt100"]])
    func coloursStayWhenNobodyAsked(_ variables: [String: String]) throws {
        #expect(try run(Self.failing, environment: variables).screen.contains("\u{1B}["))
    }

    @Test func colourIsForTerminals() throws {
        let outcome = try Command().run("pkg", "path", "nobody/nothing")
        #expect(outcome.errors.hasPrefix("✗✗✗\n") && !outcome.errors.contains("\u{1B}"))
    }

    @Test(arguments: [("full", "✗✗✗"), ("limited", "XXX"), ("ascii", "XXX"), ("ASCII", "✗✗✗"), ("", "✗✗✗")])
    func signsAreOfTheStyle(_ style: String, _ sign: String) throws {
        let shown = try run(Self.failing, environment: ["HAB_GLYPH_STYLE": style, "NO_COLOR": "1"])
        #expect(shown.screen.hasPrefix("\(sign)\n\(sign) "))
        if style == "ascii" { #expect(shown.screen.utf8.allSatisfy { $0 < 0x80 }) }
    }

    /// What goes to standard output has no colour and no sign, whatever it is.
    @Test(arguments: [
        ["--help"], ["--version"], ["pkg", "--help"], ["plugin", "list"], ["plugin", "list", "--format", "json"],
        ["cli", "completers", "--shell", "zsh"], ["pkg", "hash", "/etc/passwd"],
    ])
    func resultsHoldNoEscapes(_ words: [String]) throws {
        for all in [false, true] {
            let shown = try run(words, all: all)
            let text = all ? shown.screen : shown.output
            #expect(shown.code == 0 && !text.isEmpty && !text.contains("\u{1B}"), "\(words)")
        }
    }

    /// A name can steer neither the terminal that messages go to, nor one that results go to; programs get it as it is.
    @Test func namesCannotSteerTheTerminal() throws {
        let scratch = try Scratch()
        let name = try scratch.write([1], to: "a\u{1B}]0;x\u{7}\u{9B}2J\u{202E}\u{2066}宽b\rc")
        let all = try run(["pkg", "hash", name], all: true)
        #expect(all.screen.contains("a\\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}\\u{2066}宽b\\u{d}c\n"))
        #expect(try run(["pkg", "hash", name]).output.hasSuffix("  \(name)\n"))
        let json = try run(["pkg", "hash", name, "--format", "json"], all: true)
        #expect(json.screen.contains("a\\u001b]0;x\\u0007\\u009b2J"))
        let missing = try run(["pkg", "hash", name + "?"], environment: ["NO_COLOR": "1"])
        #expect(missing.code == 1 && !missing.screen.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\r" })
    }

    @Test(arguments: [0, 1, 10, 39, 500]) func helpFitsEveryTerminal(_ columns: Int) throws {
        let shown = try run(["pkg", "list", "--help"], columns: columns, all: true)
        #expect(shown.code == 0 && shown.screen.contains("--format FORM"))
        let width = columns == 0 ? 80 : min(max(columns, 40), 100)
        // Examples are not broken: they are to be copied.
        for line in shown.screen.split(separator: "\n") where !line.contains("$ ") {
            #expect(line.count <= width, "\(line)")
        }
    }

    // MARK: - Bars

    /// An export that takes long enough for bars to show: 48 MB that do not get smaller.
    private func export(_ variables: [String: String], columns: Int) throws -> Shown {
        let scratch = try Scratch()
        _ = try ExportFixture([PackageFixture("acme/big/1.0/20260101000001")], in: scratch.file("root"))
        let data = scratch.file("root/hab/pkgs/acme/big/1.0/20260101000001/data")
        #expect(try Tool.run(["dd", "if=/dev/urandom", "of=\(data)", "bs=1M", "count=48", "status=none"]).code == 0)
        return try run(
            [
                "pkg", "export", "tar", "acme/big", "--base-pkgs", "none", "--compression", "gzip:small", "--threads",
                "1", "-o",
                scratch.file("big.tar.gz"), "--results", scratch.file("results"),
            ], environment: variables.merging(["FS_ROOT": scratch.file("root")]) { $1 }, columns: columns)
    }

    @Test(arguments: [0, 10, 60, 500]) func barsFitAndEndCleanly(_ columns: Int) throws {
        let shown = try export(["NO_COLOR": "1"], columns: columns)
        #expect(shown.code == 0 && shown.output.hasSuffix("big.tar.gz\n") && !shown.output.contains("\u{1B}"))
        let pieces = shown.screen.split(separator: "\r\u{1B}[2K", omittingEmptySubsequences: false)
        #expect(pieces.count >= 2, "\(shown.screen)")
        // Between two clearings stands one bar, behind lines; nothing of it is left at the end.
        let limit = (columns == 0 ? 80 : columns) - 1
        for piece in pieces {
            let bar = piece.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
            #expect(bar.count <= limit, "\(bar)")
        }
        #expect(pieces.last?.hasSuffix("\n") == true && pieces.last?.contains("Export of acme/big complete") == true)
    }

    @Test(arguments: [["HAB_NONINTERACTIVE": "true"], ["HAB_NONINTERACTIVE": "1"], ["TERM": "dumb"]])
    func barsGoWhenAsked(_ variables: [String: String]) throws {
        let shown = try export(variables.merging(["NO_COLOR": "1"]) { $1 }, columns: 80)
        #expect(shown.code == 0 && !shown.screen.contains("\u{1B}") && !shown.screen.contains("\r"))
    }
}
