// SPDX-License-Identifier: Apache-2.0

/// One command, as data, with what it runs. A command with subcommands may itself run when its options suffice
/// (`bio pkg export --list`).
package struct CommandSpec: Sendable {
    package typealias Action = @Sendable (ParsedArguments, CommandContext) throws -> Void

    package struct Example: Hashable, Sendable {
        /// What to type, without a prompt.
        package let command: String
        /// What it does, one line.
        package let effect: String

        package init(_ command: String, _ effect: String) {
            self.command = command
            self.effect = effect
        }
    }

    /// Subcommands that are known only when the program runs: the formats that plugins offer.
    package struct Dynamic: Sendable {
        /// What stands for the word in the usage line, as in `FORMAT`.
        package let placeholder: String
        /// Every name with its one-line help, in the order to show.
        package let names: @Sendable (CommandContext) throws -> [(name: String, abstract: String)]
        /// The command of that name, its own options and those found at run time in one table; nil when unknown.
        package let command: @Sendable (String, CommandContext) throws -> CommandSpec?

        package init(
            placeholder: String,
            names: @escaping @Sendable (CommandContext) throws -> [(name: String, abstract: String)],
            command: @escaping @Sendable (String, CommandContext) throws -> CommandSpec?
        ) {
            self.placeholder = placeholder
            self.names = names
            self.command = command
        }
    }

    package let name: String
    /// Further names, accepted and not shown.
    package let aliases: [String]
    package let isHidden: Bool
    /// One line, imperative, no final period.
    package let abstract: String
    /// Paragraphs that teach, divided by empty lines; wrapped when shown.
    package let discussion: String
    package let examples: [Example]
    package let arguments: [ArgumentSpec]
    package let options: [OptionSpec]
    package let subcommands: [CommandSpec]
    package let dynamic: Dynamic?
    /// After so many positional arguments every word is one: what follows belongs to another program. nil for never.
    package let optionsEndAfter: Int?
    /// What this command can end with, beside done, failure and usage.
    package let exitCodes: [ExitCode]
    package let action: Action?

    package init(
        _ name: String, aliases: [String] = [], hidden: Bool = false, abstract: String, discussion: String = "",
        examples: [Example] = [], arguments: [ArgumentSpec] = [], options: [OptionSpec] = [],
        subcommands: [CommandSpec] = [], dynamic: Dynamic? = nil, optionsEndAfter: Int? = nil,
        exitCodes: [ExitCode] = [],
        action: Action? = nil
    ) {
        self.name = name
        self.aliases = aliases
        isHidden = hidden
        self.abstract = abstract
        self.discussion = discussion
        self.examples = examples
        self.arguments = arguments
        self.options = options
        self.subcommands = subcommands
        self.dynamic = dynamic
        self.optionsEndAfter = optionsEndAfter
        self.exitCodes = exitCodes
        self.action = action
    }

    /// The same command under another name, not shown in lists (`bio install` for `bio pkg install`).
    package func hidden(as name: String) -> CommandSpec {
        CommandSpec(
            name, aliases: aliases, hidden: true, abstract: abstract, discussion: discussion, examples: examples,
            arguments: arguments, options: options, subcommands: subcommands, dynamic: dynamic,
            optionsEndAfter: optionsEndAfter, exitCodes: exitCodes, action: action)
    }

    /// The same, but that `check` goes before what it runs.
    func after(_ check: @escaping @Sendable (CommandContext) throws -> Void) -> CommandSpec {
        let checked = action.map { run -> Action in
            return { arguments, context in
                try check(context)
                try run(arguments, context)
            }
        }
        return CommandSpec(
            name, aliases: aliases, hidden: isHidden, abstract: abstract, discussion: discussion, examples: examples,
            arguments: arguments, options: options, subcommands: subcommands, dynamic: dynamic,
            optionsEndAfter: optionsEndAfter, exitCodes: exitCodes, action: checked)
    }

    /// The first letters of `name`, as many as `counts` says: upstream takes some commands so.
    package static func beginnings(of name: String, _ counts: ClosedRange<Int>) -> [String] {
        counts.map { String(name.prefix($0)) }
    }

    var hasSubcommands: Bool { !subcommands.isEmpty || dynamic != nil }

    /// How the version of `bio` is asked for: a format may have a `--version` of its own, with a value.
    var versionNames: [String] { option(long: "version") == nil ? ["-V", "--version"] : ["-V"] }

    func option(long name: some StringProtocol) -> OptionSpec? { options.first { $0.isCalled(name) } }
    func option(short name: Character) -> OptionSpec? { options.first { $0.short == name } }
}

// MARK: - Checks of a table

extension CommandSpec {
    /// Two rows of one table that claim the same word.
    package enum Conflict: Error, Hashable, Sendable, CustomStringConvertible {
        case option(String)
        case reserved(String)
        case malformed(String)

        package var description: String {
            switch self {
            case .option(let name): "two options are called '\(name)'"
            case .reserved(let name): "'\(name)' is taken by every command"
            case .malformed(let name): "'\(name)' is no option name: lower-case letters, digits and dashes are"
            }
        }
    }

    /// Refuses an option table in which a name is taken twice, is reserved, or cannot be typed. Tables that come from
    /// plugins pass here before anything is parsed with them.
    package static func check(_ options: [OptionSpec]) throws(Conflict) {
        var taken: Set<String> = []
        for option in options {
            for name in [option.name] + option.aliases {
                if name == "help" || name == "version" && option.kind == .flag { throw .reserved("--\(name)") }
                let typed = name.utf8.allSatisfy { $0 == 0x2D || 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 }
                guard typed, let first = name.utf8.first, first != 0x2D else { throw .malformed("--\(name)") }
                guard taken.insert("--\(name)").inserted else { throw .option("--\(name)") }
            }
            if let short = option.short {
                if short == "h" || short == "V" { throw .reserved("-\(short)") }
                guard let value = short.asciiValue, 0x61...0x7A ~= value | 0x20 else { throw .malformed("-\(short)") }
                guard taken.insert("-\(short)").inserted else { throw .option("-\(short)") }
            }
        }
    }
}
