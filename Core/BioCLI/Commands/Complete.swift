// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// `bio __complete`, what the scripts of `bio cli completers` ask. Says nothing but candidates, starts no plugin and
/// never fails: somebody is typing.
enum Complete {
    static let spec = CommandSpec(
        "__complete", hidden: true, abstract: "Print what could follow on a command line",
        arguments: [ArgumentSpec("SHELL", help: "bash, zsh or fish"), ArgumentSpec("WORD", .any, help: "the line")],
        action: { arguments, context in
            guard let shell = Shell(rawValue: arguments.argument("SHELL") ?? "") else { return }
            let lines = Complete.lines(shell, arguments.arguments("WORD"), context.typing)
            try context.result.bytes(Array(lines.map { $0 + "\n" }.joined().utf8))
        })

    private static func lines(_ shell: Shell, _ words: [String], _ context: CommandContext) -> [String] {
        switch shell {
        case .bash: bash(words, context)
        case .zsh: zsh(words, context)
        case .fish: fish(words, context)
        }
    }

    private static func completion(_ words: [String], _ current: String, _ context: CommandContext) -> Completion {
        let tree = CommandTree.root
        let context = context.withPlugins(of: words)
        return (try? CompletionFinder.complete(words, current: current, tree: tree, context: context)) ?? Completion()
    }

    /// `words` are COMP_WORDBREAKS and the line up to the cursor. First how readline is to treat the rest, then what
    /// may take the place of what follows the last word break.
    private static func bash(_ words: [String], _ context: CommandContext) -> [String] {
        guard words.count == 2 else { return ["none"] }
        let line = ShellLine(words[1], wordBreaks: words[0])
        let completion = completion(Array(line.words.dropFirst()), line.current, context)
        if line.isExpanded { return [completion.files == .none ? "none" : "default"] }
        let files = files(completion, context).paths(completion.value, marksDirectories: false)
        // Readline quotes files and nothing else; a version may hold what a shell would run.
        let words = completion.candidates.map(\.text).filter { $0.hasPrefix(completion.value) && isPlain($0) }
        let all = words + files
        return [files.isEmpty ? "none" : "files"]
            + all.map { String((completion.lead + $0).dropFirst(line.fixedCount)) }
    }

    /// Whether bash takes the text as it stands for one word of itself.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "._+~@:/=,-".utf8.contains(byte)
            }
        }
    }

    /// First which files zsh is to offer, and what the word begins with before its value; then the values.
    private static func zsh(_ words: [String], _ context: CommandContext) -> [String] {
        let completion = completion(words.dropLast(), words.last ?? "", context)
        return ["\(completion.files.rawValue)\t\(completion.lead)"]
            + completion.candidates.map { "\($0.text)\t\(line($0.help))" }
    }

    /// The last word is still quoted.
    private static func fish(_ words: [String], _ context: CommandContext) -> [String] {
        let completion = completion(words.dropLast(), ShellLine(words.last ?? "").current, context)
        let files = files(completion, context).paths(completion.value, marksDirectories: true)
        return completion.candidates.map { "\(completion.lead)\($0.text)\t\(line($0.help))" }
            + files.map { completion.lead + $0 }
    }

    private static func files(_ completion: Completion, _ context: CommandContext) -> FileCandidates {
        FileCandidates(
            files: completion.files, artifactExtensions: [context.flavour.artifactExtension], home: context.home)
    }

    private static func line(_ text: String) -> String { text.terminalSafe() }
}
