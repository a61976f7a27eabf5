// SPDX-License-Identifier: Apache-2.0

/// Finds what could follow on an unfinished command line, by the tables that the parser reads. It forgives what the
/// parser refuses: somebody is still typing.
package struct CompletionFinder {
    let context: CommandContext
    private var path: [CommandSpec]
    private var given: Set<String> = []
    /// The option whose value comes next.
    private var pending: OptionSpec?
    private var positionalCount = 0
    private var optionsEnded = false

    /// `words` are those before the unfinished one, without the program's name. Throws what dynamic commands throw.
    package static func complete(
        _ words: [String], current: String, tree: CommandSpec, context: CommandContext
    ) throws -> Completion {
        var finder = CompletionFinder(context: context, path: [tree])
        for word in words where try !finder.take(word) { return Completion() }
        return try finder.completion(of: current)
    }

    private init(context: CommandContext, path: [CommandSpec]) {
        self.context = context
        self.path = path
    }

    private var command: CommandSpec { path[path.count - 1] }

    // MARK: - Words that are there

    /// False when the word leads nowhere.
    private mutating func take(_ word: String) throws -> Bool {
        if pending != nil {
            pending = nil
        } else if optionsEnded || !word.hasPrefix("-") || word == "-" {
            return try takeName(word)
        } else if word == "--" {
            optionsEnded = true
        } else if word.hasPrefix("--") {
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if let option = command.option(long: parts[0]) { note(option, hasValue: parts.count == 2) }
        } else {
            takeShorts(word.dropFirst())
        }
        return true
    }

    private mutating func takeName(_ word: String) throws -> Bool {
        guard command.hasSubcommands else {
            positionalCount += 1
            return true
        }
        if word == "help" { return true }
        let known = command.subcommands.first { $0.name == word || $0.aliases.contains(word) }
        guard let next = try known ?? command.dynamic?.command(word, context) else { return false }
        path.append(next)
        return true
    }

    private mutating func takeShorts(_ letters: Substring) {
        for (index, letter) in letters.enumerated() {
            guard let option = command.option(short: letter) else { return }
            note(option, hasValue: index + 1 < letters.count)
            if option.kind != .flag { return }
        }
    }

    private mutating func note(_ option: OptionSpec, hasValue: Bool) {
        given.insert(option.name)
        if option.kind != .flag, !hasValue { pending = option }
    }

    // MARK: - The word that is not

    private func completion(of current: String) throws -> Completion {
        if let pending { return try value(of: pending, current, lead: "") }
        guard !optionsEnded, current.hasPrefix("-") else { return try name(current) }
        if current.hasPrefix("--"), let equals = current.firstIndex(of: "=") {
            let name = current[current.index(current.startIndex, offsetBy: 2)..<equals]
            guard let option = command.option(long: name), option.kind != .flag else { return Completion() }
            let start = current.index(after: equals)
            return try value(of: option, String(current[start...]), lead: String(current[..<start]))
        }
        if !current.hasPrefix("--"), let letter = current.dropFirst().first, let option = command.option(short: letter),
            option.kind != .flag
        {
            let lead = current.dropFirst(2).first == "=" ? 3 : 2
            return try value(of: option, String(current.dropFirst(lead)), lead: String(current.prefix(lead)))
        }
        return options(current)
    }

    private func options(_ current: String) -> Completion {
        var completion = Completion()
        completion.value = current
        for option in command.options where !option.isHidden && (option.isRepeatable || !given.contains(option.name)) {
            completion.candidates.append(.init(option.spelling, option.help))
            if let short = option.short, !current.hasPrefix("--") {
                completion.candidates.append(.init("-\(short)", option.help))
            }
        }
        completion.candidates.append(.init("--help", "Show the help of this command"))
        if let name = command.versionNames.last { completion.candidates.append(.init(name, "Show the version")) }
        return completion
    }

    private func name(_ current: String) throws -> Completion {
        var completion = Completion()
        completion.value = current
        guard command.hasSubcommands else {
            let arguments = command.arguments
            guard let argument = positionalCount < arguments.count ? arguments[positionalCount] : arguments.last,
                positionalCount < arguments.count || argument.isVariadic
            else { return completion }
            try fill(&completion, ValueKind(placeholder: argument.name))
            return completion
        }
        completion.candidates = command.subcommands.filter { !$0.isHidden }.map { .init($0.name, $0.abstract) }
        if path.count == 1 { completion.candidates.append(.init("help", "Show the help of a command")) }
        for (name, abstract) in try command.dynamic?.names(context) ?? [] {
            completion.candidates.append(.init(name, abstract))
        }
        return completion
    }

    private func value(of option: OptionSpec, _ value: String, lead: String) throws -> Completion {
        var completion = Completion()
        completion.lead = lead
        completion.value = value
        switch option.kind {
        case .flag, .integer: break
        case .choice(_, let choices): completion.candidates = choices.map { .init($0.name, $0.help) }
        case .path(let name):
            completion.files = ValueKind(placeholder: name) == .directory ? .directories : .any
        case .string(let name):
            completion.candidates = option.suggestions.map { .init($0.name, $0.help) }
            if option.suggestions.isEmpty { try fill(&completion, ValueKind(placeholder: name)) }
        }
        return completion
    }
}
