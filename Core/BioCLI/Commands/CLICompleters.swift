// SPDX-License-Identifier: Apache-2.0

/// `bio cli completers`
enum CLICompleters {
    static let spec = CommandSpec(
        "completers", aliases: CommandSpec.beginnings(of: "completers", 1...4),
        abstract: "Print what lets a shell complete bio's command lines",
        discussion: """
            The script asks bio at every Tab, so it need not be made again for new commands, plugins or packages. \
            make install puts it where the shells of most systems look.
            """,
        examples: [
            CommandSpec.Example("source <(bio cli completers --shell bash)", "Complete in this bash, or zsh"),
            CommandSpec.Example(
                "bio cli completers --shell fish > ~/.config/fish/completions/bio.fish", "Complete in every fish"),
        ],
        options: [
            OptionSpec(
                "shell", short: "s", .choice("SHELL", Shell.allCases.map { .init($0.rawValue, $0.meaning) }),
                required: true, help: "The shell")
        ],
        action: { arguments, context in
            let shell = arguments.string("shell").flatMap(Shell.init(rawValue:))
            try context.result.bytes(Array((shell?.script ?? "").utf8))
        })
}

extension Shell {
    fileprivate var meaning: String {
        switch self {
        case .bash: "the Bourne Again Shell, 4.4 and later"
        case .zsh: "the Z shell, 5 and later"
        case .fish: "the friendly interactive shell, 3 and later"
        }
    }
}
