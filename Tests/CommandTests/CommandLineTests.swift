// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// The parser from outside.
@Suite(.timeLimit(.minutes(15))) struct CommandLineTests {
    /// Runs a line of shell with the program as `bio`.
    private func shell(_ line: String) throws -> Tool.Outcome {
        try Tool.run(
            ["bash", "-c", "bio() { \"$BIO\" \"$@\"; }; \(line)"],
            environment: ["BIO": Command.program, "HOME": "/nowhere", "FS_ROOT": "/nowhere", "HAB_ORIGIN": ""])
    }

    @Test(arguments: [
        ("bio", "a command is missing"), ("bio pkg", "a command is missing"),
        ("bio origin key", "a command is missing"),
        ("bio pkg export", "a command is missing"), ("bio pgk list", "did you mean 'bio pkg'?"),
        ("bio pkg instal1 x", "did you mean 'bio pkg install'?"),
        ("bio pkg list --orign x", "did you mean '--origin'?"),
        ("bio pkg list --format=", "'' of --format is not one of text, json"),
        ("bio pkg list --format", "'--format' needs a value"),
        ("bio pkg list --format json --format json", "'--format' is given twice"),
        ("bio registry login r.example --password-stdin=s3cret", "'--password-stdin' takes no value\n"),
        ("bio pkg list --all=yes", "'--all' takes no value, but got 'yes'"),
        ("bio pkg list -x", "there is no option '-x'"),
        ("bio pkg list --origin=", "origin"), ("bio pkg list ''", "''"), ("bio pkg path", "<IDENT> is missing"),
        ("bio pkg path a/b c/d", "'c/d' is one argument too many"),
        ("bio origin key export a --cache-key-path=", "path of --cache-key-path is empty"),
        ("bio help pkg nothing", "there is no command 'pkg nothing'"), ("bio pkg -- list x y", "one argument too many"),
        ("bio pkg list $'\\xff'", "argument 3 is not UTF-8"), ("bio $'\\xff' list", "argument 1 is not UTF-8"),
        ("HAB_ORIGIN=$'\\xff' bio pkg list", "the variable 'HAB_ORIGIN' is not UTF-8"),
        ("bio $(printf 'x%.0s' {1..100000})", "there is no command"),
        ("bio pkg list --$(printf 'x%.0s' {1..100000})", "there is no option"),
    ])
    func mistakesAreNamedAndEndWith64(_ line: String, _ part: String) throws {
        let outcome = try shell(line)
        #expect(outcome.code == 64 && outcome.output.isEmpty, "\(line): \(outcome.code)")
        #expect(outcome.errorText.contains(part), "\(line): \(outcome.errorText.suffix(400))")
    }

    @Test(arguments: [
        "bio pkg list --format=json", "bio pkg list --format json", "bio pkg list -- a/b",
        "bio pkg list a/b --format=text", "bio p li", "bio package list -a", "bio o k l", "bio cl comp -s=bash",
        "bio cl c -sbash", "bio help", "bio --help", "bio help pkg list", "bio pkg help list",
        "bio pkg list --help --nothing", "bio -V",
        "bio pkg --version",
    ])
    func allSpellingsWork(_ line: String) throws {
        let outcome = try shell(line)
        #expect(outcome.code == 0 && outcome.errorText.isEmpty, "\(line): \(outcome.errorText)")
    }

    /// A missing command is a mistake, and shows what there is.
    @Test func aloneItTeachesOnStandardError() throws {
        let outcome = try shell("bio pkg")
        #expect(outcome.errorText.contains("Commands:\n  install ") && outcome.errorText.hasSuffix("✗✗✗\n"))
        #expect(try shell("bio help pkg").text == shell("bio pkg --help").text)
    }

    /// Thousands of arguments take no time that grows faster than they do.
    @Test func longLinesAreNoTrouble() throws {
        let outcome = try shell("bio pkg install $(printf 'acme/p%s ' {1..20000})")
        #expect(outcome.code == 3 && outcome.errorText.contains("acme/p1"))
    }
}
