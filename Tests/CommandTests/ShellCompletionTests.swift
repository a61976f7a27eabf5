// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// The installed scripts in the real shells.
@Suite(.timeLimit(.minutes(15))) struct ShellCompletionTests {
    /// Names that shells have words for, and one that no line can hold.
    static let oddNames = [
        "it's a file.hart", "two words.hart", "dollar$HOME.hart", "semi;colon.hart", "back\\slash.hart",
        "*?[glob].hart",
        "ünï.hart", "co:lon=x.hart", "-dash.hart", "quo\"te.hart",
    ]

    struct World: ~Copyable {
        let signed: SignedWorld
        let directory: String

        init() throws {
            let world = try SignedWorld()
            let odd = world.file("odd")
            try Directory.create("\(odd)/sub dir")
            for name in ShellCompletionTests.oddNames + ["other.txt", "new\nline.hart", "sub dir/in.hart"] {
                try AtomicFile.write([], to: "\(odd)/\(name)")
            }
            let installed = try world.bio.run(["pkg", "install", world.hart]) { _ in }
            #expect(installed.code == 0, "\(installed.errors)")
            directory = odd
            signed = world
        }

        func run(_ shell: [String]) throws -> String {
            let variables = signed.bio.environment.merging([
                "PATH": "\(SourceTree.root)/dist/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm",
                "XDG_CONFIG_HOME": signed.file("home"), "XDG_DATA_HOME": signed.file("home"),
            ]) { $1 }
            let outcome = try Tool.run(
                ["sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + shell, environment: variables)
            #expect(outcome.code == 0 && outcome.errorText.isEmpty, "\(shell): \(outcome.errorText)")
            return outcome.text
        }

        func bash(_ line: String) throws -> [String] {
            let script = #"""
                source "$1"; COMP_LINE=$2; COMP_POINT=${#2}; read -ra COMP_WORDS <<<"$2"
                COMP_CWORD=${#COMP_WORDS[@]}; _bio; [ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
                """#
            return try run([
                "bash", "--norc", "-c", script, "-", ShellCompletionTests.script("bash-completion/completions/bio"),
                line,
            ])
            .split(separator: "\n").map(String.init)
        }

        /// Candidates without their help.
        func fish(_ line: String) throws -> [String] {
            let script = "source $argv[1]; complete -C $argv[2]"
            return try run([
                "fish", "--no-config", "-c", script, ShellCompletionTests.script("fish/vendor_completions.d/bio.fish"),
                line,
            ]).split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
        }

        func zsh(_ lines: [String]) throws -> [[String]] {
            let script = ShellCompletionTests.script("zsh/site-functions/_bio")
            let text = try run(["\(SourceTree.root)/Tests/Support/shells/zsh-candidates", script] + lines)
            var found: [[String]] = [[]]
            for line in text.split(separator: "\n") {
                if line == "--" { found.append([]) } else { found[found.count - 1].append(String(line)) }
            }
            return found.dropLast()
        }
    }

    private static func script(_ path: String) -> String { "\(SourceTree.root)/dist/share/\(path)" }

    /// A line, what must be offered for it, and something that must not.
    static let lines: [(line: String, expected: [String], unexpected: String)] = [
        ("bio pkg ins", ["install"], "list"),
        ("bio ", ["pkg", "origin", "plugin", "cli", "help"], "install"),
        ("bio help pkg ver", ["verify"], "install"),
        ("bio pkg export ", ["tar"], "zip"),
        ("bio pkg export tar --comp", ["--compression"], "--output"),
        ("bio pkg export tar --base-pkgs ", ["auto", "none"], "tar"),
        ("bio pkg list --format j", ["json"], "text"),
        ("bio pkg path ", ["acme/app", "acme/lib"], "acme"),
        ("bio pkg path acme/app/", ["acme/app/2.1/20260101000002"], "acme/app"),
        ("bio origin key export ", ["acme"], "public"),
        ("bio pkg list --all --", ["--origin"], "--all"),
        ("bio plugin info t", ["tar"], "list"),
        ("bio nothing ", [], "pkg"),
    ]

    @Test func bashOffersWhatFits() throws {
        let world = try World()
        for (line, expected, unexpected) in Self.lines {
            let found = try world.bash(line)
            #expect(Set(expected).isSubset(of: found) && !found.contains(unexpected), "\(line): \(found)")
        }
    }

    @Test func fishOffersWhatFits() throws {
        let world = try World()
        for (line, expected, unexpected) in Self.lines {
            let found = try world.fish(line)
            #expect(Set(expected).isSubset(of: found) && !found.contains(unexpected), "\(line): \(found)")
        }
    }

    @Test func zshOffersWhatFits() throws {
        let world = try World()
        for ((line, expected, unexpected), found) in zip(Self.lines, try world.zsh(Self.lines.map(\.line))) {
            #expect(Set(expected).isSubset(of: found) && !found.contains(unexpected), "\(line): \(found)")
        }
    }

    /// readline replaces what follows the last word break, and quotes by itself.
    @Test func bashKnowsQuotesAndWordBreaks() throws {
        let world = try World()
        let lines: [(String, [String])] = [
            ("bio pkg list --format=j", ["json"]), ("bio pkg export tar --compression=gzip:f", ["fast"]),
            ("bio pkg export tar --compression gzip:", ["fast", "small"]),
            (#"bio pkg verify it\'s"#, ["it's a file.hart"]),
            ("bio pkg verify \"two w", ["two words.hart"]), ("bio pkg verify 'sub dir/", ["sub dir/in.hart"]),
            (#"bio pkg verify sub\ d"#, ["sub dir"]), ("bio pkg verify co:lo", ["lon=x.hart"]),
            ("bio pkg list --nothing=", []), ("bio pkg verify $HOM", []),
        ]
        for (line, expected) in lines { #expect(try world.bash(line) == expected, "\(line)") }
    }

    @Test func filesWithOddNamesAreOffered() throws {
        let world = try World()
        let bash = try world.bash("bio pkg verify ")
        #expect(Set(bash) == Set(Self.oddNames + ["sub dir"]))
        let fish = try world.fish("bio pkg verify ")
        #expect(Set(fish) == Set(Self.oddNames + ["sub dir/"]))
        #expect(try world.fish("bio pkg verify 'two w") == ["two words.hart"])
        #expect(try world.fish(#"bio pkg verify sub\ dir/"#) == ["sub dir/in.hart"])
        let zsh = try world.zsh(["bio pkg verify ", "bio pkg verify sub\\ dir/", "bio pkg sign --cache-key-path="])
        #expect(zsh[0].contains { $0.contains("two") } && !zsh[0].contains("other.txt"))
        #expect(zsh[1] == ["in.hart"])
        #expect(Set(zsh[2]).count == 1 && zsh[2].first?.contains("sub") == true)
    }

    @Test(arguments: [
        ("bash", "bash-completion/completions/bio"), ("zsh", "zsh/site-functions/_bio"),
        ("fish", "fish/vendor_completions.d/bio.fish"),
    ])
    func scriptsAreWhatTheProgramPrintsAndWhatTheShellReads(_ shell: String, _ path: String) throws {
        let printed = try Command().run("cli", "completers", "--shell", shell)
        let installed = try contents(of: Self.script(path))
        #expect(printed.code == 0 && printed.output == String(decoding: installed, as: UTF8.self))
        #expect(try Command().run("cli", "completers", "-s", shell).output == printed.output)
        let check = shell == "fish" ? ["fish", "--no-config", "-n"] : [shell, "-n"]
        #expect(try Tool.run(check + [Self.script(path)]).code == 0)
    }

    @Test func completersNeedAShell() throws {
        #expect(try Command().run("cli", "completers").code == 64)
        let outcome = try Command().run("cli", "completers", "--shell", "fihs")
        #expect(outcome.code == 64 && outcome.errors.contains("did you mean 'fish'?"))
    }
}
