// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import Synchronization

/// A world for commands that a test makes: variables, input, a clock; what is written is kept.
final class World: Sendable {
    let output = Mutex<[UInt8]>([])
    let errors = Mutex("")
    let time = Mutex<UInt64>(0)
    let flag = InterruptionFlag()
    let context: CommandContext

    init(
        variables: [String: String] = [:], input: String = "", userID: UInt32 = 1000, directory: String = "/nowhere",
        terminal: TerminalFacts = TerminalFacts(), outputError: Errno? = nil, plugins: PluginAccess = PluginAccess(),
        program: String = "/opt/bio/bin/bio"
    ) {
        let environment = Environment(variables)
        let sink = Sink()
        context = CommandContext(
            environment: environment, userID: userID, workingDirectory: directory,
            executablePath: program, terminal: terminal,
            status: StatusReporter(
                appearance: StatusReporter.Appearance(environment: environment, terminal: terminal),
                now: { sink.world?.time.withLock { $0 } ?? 0 },
                write: { text in sink.world?.errors.withLock { $0 += text } }),
            result: ResultWriter { bytes in
                if let outputError { return outputError }
                sink.world?.output.withLock { $0 += bytes }
                return nil
            },
            input: StandardInput(bytes: Array(input.utf8)), interruption: .when(flag),
            clock: { 1_795_170_896 }, plugins: plugins)
        sink.set(self)
    }

    /// Runs a command line and returns its exit code.
    func run(_ words: String..., tree: CommandSpec = CommandTree.root) -> ExitCode {
        Program.run(words, tree: tree, context: context)
    }

    var standardOutput: String { output.withLock { String(decoding: $0, as: UTF8.self) } }
    var standardError: String { errors.withLock { $0 } }

    /// The closures of the context are made before there is a world to write to.
    private final class Sink: Sendable {
        private let reference = Mutex<Box>(Box())
        private struct Box { weak var world: World? }

        func set(_ world: World) { reference.withLock { $0.world = world } }
        var world: World? { reference.withLock { $0.world } }
    }
}

/// A tree with one of everything.
enum SampleTree {
    static func root(_ seen: @escaping @Sendable (ParsedArguments) -> Void = { _ in }) -> CommandSpec {
        CommandSpec(
            "bio", abstract: "Do things",
            subcommands: [
                CommandSpec(
                    "make", aliases: ["build"], abstract: "Make a thing",
                    discussion: "It is made from its parts, in the order given, and put where the options say.",
                    examples: [CommandSpec.Example("bio make -o out part", "Make one from a part")],
                    arguments: [
                        ArgumentSpec("PART", .oneOrMore, help: "what to make it from"),
                        ArgumentSpec("PLACE", .optional, help: "where it goes"),
                    ],
                    options: options, exitCodes: [.packageNotFound], action: { arguments, _ in seen(arguments) }),
                CommandSpec(
                    "move", abstract: "Move a thing",
                    arguments: [ArgumentSpec("FROM", help: "source"), ArgumentSpec("TO", help: "target")],
                    action: { arguments, _ in seen(arguments) }),
                CommandSpec("secret", hidden: true, abstract: "Hidden", action: { arguments, _ in seen(arguments) }),
                dynamic(seen),
            ])
    }

    static let options = [
        OptionSpec("output", short: "o", aliases: ["out"], .path("PATH"), help: "Write the thing here"),
        OptionSpec(
            "jobs", short: "j", .integer("N", 1...64), environment: ["BIO_JOBS"], fallback: "1", help: "Use N threads"),
        OptionSpec("quick", short: "q", .flag, environment: ["BIO_QUICK"], help: "Be quick"),
        OptionSpec("all", short: "a", .flag, help: "Everything"),
        OptionSpec("label", short: "l", .string("TEXT"), repeatable: true, help: "Add a label"),
        OptionSpec(
            "shape", .choice("SHAPE", [OptionSpec.Choice("round", "no corners"), OptionSpec.Choice("square", "four")]),
            environment: ["BIO_SHAPE", "OLD_SHAPE"], fallback: "round", help: "Give it this shape"),
        OptionSpec("no-bio-bin", aliases: ["no-hab-bin"], .flag, help: "Leave the program out"),
    ]

    private static func dynamic(_ seen: @escaping @Sendable (ParsedArguments) -> Void) -> CommandSpec {
        CommandSpec(
            "export", abstract: "Export a thing",
            options: [OptionSpec("list", .flag, help: "List the formats"), .format],
            dynamic: CommandSpec.Dynamic(
                placeholder: "FORMAT", names: { _ in [("tar", "A tar archive"), ("zip", "A zip archive")] },
                command: { name, _ in
                    guard name == "tar" || name == "zip" else { return nil }
                    return CommandSpec(
                        name, abstract: "A \(name) archive",
                        arguments: [ArgumentSpec("PKG", .oneOrMore, help: "packages")],
                        options: [
                            .format,
                            OptionSpec(
                                "depth", .integer("N", 0...9), section: "Options of \(name)", help: "Go this deep"),
                        ], action: { arguments, _ in seen(arguments) })
                }), action: { arguments, _ in seen(arguments) })
    }
}
