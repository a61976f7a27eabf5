// SPDX-License-Identifier: Apache-2.0

/// A command line that fits its tables: every value checked, variables and defaults filled in.
package struct ParsedArguments: Sendable {
    /// Who said it.
    package enum Source: Hashable, Sendable {
        case commandLine
        case environment(String)
        case fallback
    }

    struct Value: Hashable, Sendable {
        let text: String
        let source: Source
    }

    /// The words that led to the command, as in `bio pkg install`.
    package let path: [String]
    package let command: CommandSpec
    private(set) var options: [String: [Value]]
    private(set) var positionals: [String: [String]]

    /// True when the flag is given (or its variable says so).
    package func flag(_ name: String) -> Bool { values(name).last.map { OptionSpec.truth($0.text) ?? false } ?? false }

    /// The value of a string, path or choice option; nil when nobody gave one and it has no default.
    package func string(_ name: String) -> String? { values(name).last?.text }

    /// The values of a repeatable option in the order given.
    package func strings(_ name: String) -> [String] { values(name).map(\.text) }

    /// The value of an integer option.
    package func integer(_ name: String) -> Int? { values(name).last.flatMap { Int($0.text) } }

    /// Where the value came from; nil when there is none.
    package func source(_ name: String) -> Source? { values(name).last?.source }

    /// The one positional argument of that name; nil when it is optional and absent.
    package func argument(_ name: String) -> String? { arguments(name).first }

    /// All positional arguments of that name.
    package func arguments(_ name: String) -> [String] {
        precondition(command.arguments.contains { $0.name == name }, "\(command.name) has no argument \(name)")
        return positionals[name] ?? []
    }

    /// The same with the values that `other` has of the options named `names`.
    func inheriting(_ names: [String], from other: ParsedArguments) -> ParsedArguments {
        var options = options
        for name in names { options[name] = other.options[name] }
        return ParsedArguments(path: path, command: command, options: options, positionals: positionals)
    }

    /// Takes the last word from a positional argument and gives it to an option, as if it had been written there.
    mutating func moveLast(of argument: String, to name: String) throws(UsageError) {
        guard let option = command.option(long: name), let word = positionals[argument]?.popLast() else { return }
        try option.check(word, from: option.spelling)
        options[option.name] = [Value(text: word, source: .commandLine)]
    }

    private func values(_ name: String) -> [Value] {
        precondition(command.options.contains { $0.name == name }, "\(command.name) has no option \(name)")
        return options[name] ?? []
    }
}
