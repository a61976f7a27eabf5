// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Turns words into a request by the tables of a command tree.
///
/// Grammar: options and positional arguments mix; `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`,
/// flags bundle (`-ab`); `--` ends the options; a lone `-` is a value. An option before a subcommand's name counts for
/// the subcommand when its table has it too. Commands that pass words on to another program end their options before
/// those (`CommandSpec.optionsEndAfter`).
package struct CommandLineParser {
    package enum Request: Sendable {
        /// Show the help of the command at the end of this path.
        case help([CommandSpec])
        case version
        case run(ParsedArguments)
    }

    /// A usage error with the command it is about, for the closing line `see 'bio pkg --help'`.
    package struct Failure: Error {
        package let error: UsageError
        package let path: [String]
        /// The same as `path`, where the parser itself refuses.
        package let commands: [CommandSpec]

        package init(error: UsageError, path: [String], commands: [CommandSpec] = []) {
            self.error = error
            self.path = path
            self.commands = commands
        }
    }

    private let context: CommandContext
    private var path: [CommandSpec]
    private var words: ArraySlice<String>
    private var given: [String: [String]] = [:]
    private var positionals: [String] = []
    private var optionsEnded = false
    private var hasLookedForHelp = false

    /// Parses `words` (without the program's name). Throws `Failure`, or what the source of dynamic commands throws.
    package static func parse(_ words: [String], tree: CommandSpec, context: CommandContext) throws -> Request {
        var parser = CommandLineParser(context: context, path: [tree], words: words[...])
        do {
            return try parser.request()
        } catch let error as UsageError {
            throw Failure(error: error, path: parser.path.map(\.name), commands: parser.path)
        }
    }

    /// Parses the words of one command, which nobody typed: there is no help to ask for.
    package static func arguments(_ words: [String], of command: CommandSpec, context: CommandContext) throws
        -> ParsedArguments
    {
        guard case .run(let arguments) = try parse(words, tree: command, context: context) else {
            throw UsageError.missingCommand
        }
        return arguments
    }

    private init(context: CommandContext, path: [CommandSpec], words: ArraySlice<String>) {
        self.context = context
        self.path = path
        self.words = words
    }

    private var command: CommandSpec { path[path.count - 1] }

    private mutating func request() throws -> Request {
        while true {
            // Asking for help wins over mistakes made before it.
            if !command.hasSubcommands, command.optionsEndAfter == nil, !optionsEnded, !hasLookedForHelp {
                hasLookedForHelp = true
                if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
                    return .help(path)
                }
            }
            guard let word = words.popFirst() else { break }
            if optionsEnded || !word.hasPrefix("-") || word == "-" {
                if command.hasSubcommands, word == "help" { return try helpRequest() }
                if command.hasSubcommands { try descend(word) } else { take(positional: word) }
            } else if word == "--" {
                optionsEnded = true
            } else if word == "--help" || word == "-h" {
                return .help(path)
            } else if command.versionNames.contains(word) {
                return .version
            } else if word.hasPrefix("--") {
                try long(word.dropFirst(2))
            } else {
                try short(word.dropFirst())
            }
        }
        return .run(try finish())
    }

    /// `bio help pkg install`, `bio pkg help install`
    private mutating func helpRequest() throws -> Request {
        while let word = words.popFirst() { try descend(word) }
        return .help(path)
    }

    private mutating func descend(_ word: String) throws {
        let found = command.subcommands.first { $0.name == word || $0.aliases.contains(word) }
        if let next = try found ?? command.dynamic?.command(word, context) {
            path.append(next)
            return
        }
        var known = command.subcommands.filter { !$0.isHidden }.map(\.name)
        if let dynamic = command.dynamic { known += try dynamic.names(context).map(\.name) }
        throw UsageError.unknownCommand(
            (path.dropFirst().map(\.name) + [word]).joined(separator: " "),
            suggestion: NearestName.of(word, among: known).map {
                (path.map(\.name) + [$0]).joined(separator: " ")
            })
    }

    private mutating func take(positional word: String) {
        positionals.append(word)
        if positionals.count == command.optionsEndAfter { optionsEnded = true }
    }

    // MARK: - Options

    private mutating func long(_ text: Substring) throws(UsageError) {
        let equals = text.firstIndex(of: "=")
        let name = text[..<(equals ?? text.endIndex)]
        guard let option = command.option(long: name) else {
            let known = command.options.filter { !$0.isHidden }.map(\.name) + ["help", "version"]
            let suggestion = NearestName.of(String(name), among: known).map { "--\($0)" }
            throw .unknownOption("--\(name)", suggestion: suggestion)
        }
        let value = equals.map { String(text[text.index(after: $0)...]) }
        try take(option, spelling: "--\(name)", value: value)
    }

    private mutating func short(_ text: Substring) throws(UsageError) {
        var rest = text
        while let letter = rest.popFirst() {
            let spelling = "-\(letter)"
            guard let option = command.option(short: letter) else {
                if letter == "h" || letter == "V" { throw .refused("'\(spelling)' stands alone", hint: nil) }
                throw .unknownOption(spelling, suggestion: nil)
            }
            if option.kind == .flag {
                if rest.first == "=" { throw .unexpectedValue(spelling, value: String(rest.dropFirst())) }
                try take(option, spelling: spelling, value: nil)
            } else {
                let value = rest.isEmpty ? nil : String(rest.first == "=" ? rest.dropFirst() : rest)
                try take(option, spelling: spelling, value: value)
                return
            }
        }
    }

    private mutating func take(_ option: OptionSpec, spelling: String, value: String?) throws(UsageError) {
        if option.kind == .flag {
            if let value { throw .unexpectedValue(spelling, value: value) }
            given[option.name] = ["true"]
            return
        }
        if !option.isRepeatable, given[option.name] != nil { throw .givenTwice(spelling) }
        let text: String
        if let value { text = value } else { text = try nextValue(option, spelling: spelling) }
        try option.check(text, from: spelling)
        given[option.name, default: []].append(text)
    }

    private mutating func nextValue(_ option: OptionSpec, spelling: String) throws(UsageError) -> String {
        let missing = UsageError.missingValue(spelling, placeholder: option.kind.placeholder ?? "")
        guard let next = words.first else { throw missing }
        var looksLikeOption = next.hasPrefix("-") && next != "-"
        if case .integer = option.kind, Int(next) != nil { looksLikeOption = false }
        if looksLikeOption { throw missing }
        words.removeFirst()
        return next
    }

    // MARK: - The whole

    private func finish() throws(UsageError) -> ParsedArguments {
        guard command.action != nil else { throw .missingCommand }
        // A command that runs only by some of its options, and has subcommands, wants one or the other.
        if command.hasSubcommands, given.isEmpty { throw .missingCommand }
        var options: [String: [ParsedArguments.Value]] = [:]
        for option in command.options { options[option.name] = try values(of: option) }
        for name in given.keys where command.option(long: name) == nil {
            throw .unknownOption("--\(name)", suggestion: nil)
        }
        return ParsedArguments(
            path: path.map(\.name), command: command, options: options, positionals: try distribute())
    }

    private func values(of option: OptionSpec) throws(UsageError) -> [ParsedArguments.Value] {
        if let texts = given[option.name] {
            return texts.map { ParsedArguments.Value(text: $0, source: .commandLine) }
        }
        for variable in option.environment {
            guard let text = context.environment[variable] else { continue }
            let name = context.environment.name(of: variable)
            try option.check(text, from: "the variable \(name)")
            return [ParsedArguments.Value(text: text, source: .environment(name))]
        }
        if let fallback = option.fallback { return [ParsedArguments.Value(text: fallback, source: .fallback)] }
        if option.isRequired { throw .missingOption(option.spelling) }
        return []
    }

    /// Hands the positional arguments out in order; at most one argument of a table is variadic.
    private func distribute() throws(UsageError) -> [String: [String]] {
        var result: [String: [String]] = [:]
        var rest = positionals[...]
        var needed = command.arguments.count { $0.isRequired }
        for argument in command.arguments {
            if argument.isRequired { needed -= 1 }
            // What later arguments must have is theirs; a required one takes its word before that is asked.
            let available = max(rest.count - needed, argument.isRequired ? min(1, rest.count) : 0)
            let count = argument.isVariadic ? available : min(1, available)
            if argument.isRequired, count == 0 { throw .missingArgument(argument.name) }
            result[argument.name] = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        if let extra = rest.first { throw .unexpectedArgument(extra) }
        return result
    }
}
