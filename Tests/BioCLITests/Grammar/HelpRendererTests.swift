// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioTestSupport
import Testing

@Suite struct HelpRendererTests {
    @Test(arguments: [["make"], ["move"], ["export"], ["export", "tar"]])
    func sampleHelpIsGolden(_ words: [String]) throws {
        let world = World()
        #expect(Program.run(words + ["--help"], tree: SampleTree.root(), context: world.context) == .done)
        #expect(try Golden.mismatch(world.standardOutput, "sample-\(words.joined(separator: "-"))") == nil)
    }

    /// Every command that is shown has its text pinned.
    @Test func everyHelpIsGolden() throws {
        func walk(_ command: CommandSpec, _ words: [String]) throws {
            let world = World()
            #expect(Program.run(words + ["--help"], tree: CommandTree.root, context: world.context) == .done)
            #expect(try Golden.mismatch(world.standardOutput, (["bio"] + words).joined(separator: "-")) == nil)
            for line in world.standardOutput.split(separator: "\n") where !line.contains(" $ ") {
                #expect(line.count <= 80, "\(words): \(line)")
            }
            // What dynamic commands look like depends on the plugins; their list does too.
            for child in command.subcommands where child.dynamic == nil && !child.name.hasPrefix("_") {
                try walk(child, words + [child.name])
            }
        }
        try walk(CommandTree.root, [])
    }

    @Test func narrowTerminalsBreakEarlier() {
        let world = World(terminal: TerminalFacts(outputColumns: 50))
        #expect(world.run("make", "--help", tree: SampleTree.root()) == .done)
        for line in world.standardOutput.split(separator: "\n") { #expect(line.count <= 50, "\(line)") }
    }
}
