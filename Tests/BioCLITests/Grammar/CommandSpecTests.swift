// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Testing

@Suite struct CommandSpecTests {
    @Test(arguments: [
        (
            [OptionSpec("a", .flag, help: ""), OptionSpec("b", aliases: ["a"], .flag, help: "")],
            CommandSpec.Conflict.option("--a")
        ),
        ([OptionSpec("a", short: "x", .flag, help: ""), OptionSpec("b", short: "x", .flag, help: "")], .option("-x")),
        ([OptionSpec("help", .flag, help: "")], .reserved("--help")),
        ([OptionSpec("version", .flag, help: "")], .reserved("--version")),
        ([OptionSpec("a", short: "h", .flag, help: "")], .reserved("-h")),
        ([OptionSpec("a", short: "V", .flag, help: "")], .reserved("-V")),
        ([OptionSpec("", .flag, help: "")], .malformed("--")),
        ([OptionSpec("-a", .flag, help: "")], .malformed("---a")),
        ([OptionSpec("A", .flag, help: "")], .malformed("--A")),
        ([OptionSpec("a=b", .flag, help: "")], .malformed("--a=b")),
        ([OptionSpec("a", short: "é", .flag, help: "")], .malformed("-é")),
    ])
    func refusesTablesThatClash(_ options: [OptionSpec], _ conflict: CommandSpec.Conflict) {
        #expect(throws: conflict) { try CommandSpec.check(options) }
    }

    @Test func theWholeTreeIsSound() throws {
        func walk(_ command: CommandSpec, _ path: String) throws {
            try CommandSpec.check(command.options)
            #expect(command.abstract.last != "." && !command.abstract.isEmpty, "\(path)")
            #expect(command.action != nil || !command.subcommands.isEmpty || command.dynamic != nil, "\(path)")
            #expect(command.arguments.count { $0.usage.hasSuffix("...") } <= 1, "\(path)")
            #expect(Set(command.subcommands.map(\.name)).count == command.subcommands.count, "\(path)")
            for option in command.options { #expect(option.help.last != "." && !option.help.isEmpty, "\(path)") }
            for child in command.subcommands { try walk(child, "\(path) \(child.name)") }
        }
        try walk(CommandTree.root, "bio")
        try CommandSpec.check(SampleTree.options)
    }
}
