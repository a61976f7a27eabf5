// SPDX-License-Identifier: Apache-2.0

/// One option of a command, as data: the parser, the help text and the checks read the same row.
package struct OptionSpec: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// On or off; takes no value.
        case flag
        /// Any text; the name stands for it in the help.
        case string(String)
        /// A whole number inside the range.
        case integer(String, ClosedRange<Int>)
        /// A file or directory name.
        case path(String)
        /// One of a list.
        case choice(String, [Choice])

        /// What stands for the value in the help; nil for a flag.
        package var placeholder: String? {
            switch self {
            case .flag: nil
            case .string(let name), .integer(let name, _), .path(let name), .choice(let name, _): name
            }
        }
    }

    package struct Choice: Hashable, Sendable {
        package let name: String
        package let help: String

        package init(_ name: String, _ help: String) {
            self.name = name
            self.help = help
        }
    }

    /// The long name without dashes.
    package let name: String
    package let short: Character?
    /// Further long names, accepted and not shown.
    package let aliases: [String]
    package let kind: Kind
    package let isRepeatable: Bool
    package let isRequired: Bool
    /// Accepted and not shown.
    package let isHidden: Bool
    /// Variables that give the value when the command line does not, first set one wins; empty counts as unset.
    package let environment: [String]
    /// What holds when nobody says anything.
    package let fallback: String?
    /// One sentence, imperative, no final period.
    package let help: String
    /// Heading of the help section; nil for `Options`.
    package let section: String?
    /// Values that a shell offers, of a string that may be others too.
    package let suggestions: [Choice]

    package init(
        _ name: String, short: Character? = nil, aliases: [String] = [], _ kind: Kind, repeatable: Bool = false,
        required: Bool = false, hidden: Bool = false, environment: [String] = [], fallback: String? = nil,
        section: String? = nil, suggestions: [Choice] = [], help: String
    ) {
        self.name = name
        self.short = short
        self.aliases = aliases
        self.kind = kind
        isRepeatable = repeatable
        isRequired = required
        isHidden = hidden
        self.environment = environment
        self.fallback = fallback
        self.section = section
        self.suggestions = suggestions
        self.help = help
    }

    /// `--output`, or `-o` for the short form: as the user writes it.
    package var spelling: String { "--\(name)" }

    package func isCalled(_ longName: some StringProtocol) -> Bool {
        name == longName || aliases.contains { $0 == longName }
    }

    /// Checks a value as written. `origin` names the option or the variable it came from.
    func check(_ text: String, from origin: String) throws(UsageError) {
        switch kind {
        case .flag:
            if Self.truth(text) == nil { throw .notATruthValue(text, origin: origin) }
        case .string: break
        case .path: if text.isEmpty { throw .emptyPath(origin: origin) }
        case .integer(_, let range):
            guard let value = Int(text), range.contains(value) else {
                throw .notAnInteger(text, origin: origin, range: range)
            }
        case .choice(_, let choices):
            guard choices.contains(where: { $0.name == text }) else {
                throw .notAChoice(text, origin: origin, choices: choices.map(\.name))
            }
        }
    }

    /// What a variable says of a flag.
    static func truth(_ text: String) -> Bool? {
        switch text {
        case "1", "true": true
        case "0", "false": false
        default: nil
        }
    }
}

extension OptionSpec {
    /// `--format text|json`, the same on every command that lists or describes.
    package static let format = OptionSpec(
        "format", .choice("FORM", [Choice("text", "for people"), Choice("json", "for programs, one document")]),
        fallback: "text", help: "Print the result in this form")
}
