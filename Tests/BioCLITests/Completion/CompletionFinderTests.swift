// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioTestSupport
import Testing

@Suite struct CompletionFinderTests {
    private func complete(
        _ words: [String], _ current: String, tree: CommandSpec = SampleTree.root(), world: World = World()
    ) throws -> Completion {
        try CompletionFinder.complete(words, current: current, tree: tree, context: world.context.typing)
    }

    private func texts(_ words: [String], _ current: String) throws -> [String] {
        try complete(words, current).candidates.map(\.text)
    }

    @Test func subcommandsAreThoseThatHelpShows() throws {
        #expect(try texts([], "") == ["make", "move", "export", "help"])
        #expect(try texts(["help"], "m") == ["make", "move", "export", "help"])
        #expect(try texts(["export"], "") == ["tar", "zip"])
        #expect(try texts(["nothing"], "") == [])
        #expect(try texts(["export", "nothing"], "--") == [])
    }

    @Test func optionsComeWithADashAndOnce() throws {
        let long = [
            "--output", "--jobs", "--quick", "--all", "--label", "--shape", "--no-bio-bin", "--help", "--version",
        ]
        #expect(try texts(["make"], "--") == long)
        #expect(try texts(["make"], "-").contains("-o"))
        #expect(try texts(["build"], "--") == long)  // by its alias
        let rest = try texts(["make", "--out", "x", "-qa", "--label=y"], "--")
        #expect(rest == ["--jobs", "--label", "--shape", "--no-bio-bin", "--help", "--version"])
        #expect(try texts(["export", "tar"], "--") == ["--format", "--depth", "--help", "--version"])
        #expect(try texts(["make", "--"], "-").isEmpty)
    }

    @Test(arguments: [
        (["make", "--shape"], "", "", ""), (["make"], "--shape=sq", "--shape=", "sq"),
        (["make", "-q"], "--shape=", "--shape=", ""),
    ])
    func choicesAreOffered(_ words: [String], _ current: String, _ lead: String, _ value: String) throws {
        let completion = try complete(words, current)
        #expect(completion.candidates == [.init("round", "no corners"), .init("square", "four")])
        #expect(completion.lead == lead && completion.value == value && completion.files == .none)
    }

    @Test(arguments: [
        (["make", "-o"], "x", "", "x"), (["make"], "-ox", "-o", "x"), (["make"], "-o=x", "-o=", "x"),
        (["make", "-qo"], "", "", ""), (["make"], "--output=/t", "--output=", "/t"),
    ])
    func pathsAreFiles(_ words: [String], _ current: String, _ lead: String, _ value: String) throws {
        let completion = try complete(words, current)
        #expect(completion.files == .any && completion.candidates.isEmpty)
        #expect(completion.lead == lead && completion.value == value)
    }

    @Test func numbersFlagsAndFurtherWordsOfferNothing() throws {
        for (words, current) in [
            (["make", "--jobs"], ""), (["make"], "--quick="), (["make"], "--nothing=x"), (["move", "a", "b"], ""),
        ] {
            let completion = try complete(words, current)
            #expect(completion.candidates.isEmpty && completion.files == .none, "\(words)")
        }
    }

    @Test func packagesOfTheStoreByTheirPlaceholders() throws {
        let scratch = try Scratch()
        _ = try ExportFixture.small(in: scratch.path)
        let world = World(variables: ["FS_ROOT": scratch.path, "HOME": scratch.file("home")])
        func texts(_ words: [String], _ current: String) throws -> [String] {
            try complete(words, current, tree: CommandTree.root, world: world).candidates.map(\.text)
        }
        #expect(try texts(["pkg", "path"], "") == ["acme/app", "acme/lib"])
        #expect(try texts(["p", "pa"], "acme/app/") == ["acme/app/2.1/20260101000002"])
        #expect(try texts(["pkg", "path"], "nobody/app/") == [])
        #expect(try texts(["pkg", "list", "--origin"], "") == ["acme"])
        #expect(try texts(["install"], "./acme") == [])
        #expect(try complete(["pkg", "install"], "", tree: CommandTree.root, world: world).files == .artifacts)
        #expect(try complete(["pkg", "verify"], "", tree: CommandTree.root, world: world).files == .artifacts)
    }

    /// A store that cannot be read is no reason to say something to somebody who types.
    @Test func theHiddenCommandNeverFails() {
        let world = World(variables: ["FS_ROOT": "/dev/null", "BIO_PLUGIN_POLICY": "/nowhere", "HOME": "/dev/null"])
        for words in [
            ["pkg", "path", ""], ["pkg", "export", ""], ["pkg", "export", "tar", "--"], ["plugin", "info", ""],
        ] {
            for shell in ["bash", "zsh", "fish", "ksh"] {
                let code = Program.run(
                    ["__complete", shell, "--"] + words, tree: CommandTree.root, context: world.context)
                #expect(code == .done, "\(shell) \(words)")
            }
        }
        #expect(world.standardError.isEmpty)
    }
}
