// SPDX-License-Identifier: Apache-2.0

import BioTestSupport

/// A page whose blocks can be run.
struct Page {
    /// `sh` blocks, each with the `output` block that follows it, if one does.
    struct Step {
        let script: String
        let output: String?
    }

    let steps: [Step]
    /// The lines of `console` blocks: a command, and everything that is shown until the next one.
    let transcript: [(command: String, shown: String)]
    /// `c` blocks.
    let code: [String]

    init(_ path: String) throws {
        var steps: [Step] = []
        var transcript: [(command: String, shown: String)] = []
        var code: [String] = []
        var fence: Substring?
        var block: [Substring] = []
        for line in try SourceTree.lines(path) {
            guard line.hasPrefix("```") else {
                if fence != nil { block.append(line) }
                continue
            }
            guard let kind = fence else {
                (fence, block) = (line.dropFirst(3), [])
                continue
            }
            let text = block.map { $0 + "\n" }.joined()
            switch kind {
            case "sh": steps.append(Step(script: text, output: nil))
            case "output":
                if let last = steps.popLast() { steps.append(Step(script: last.script, output: text)) }
            case "c": code.append(text)
            case "console": transcript += Self.commands(block)
            default: break
            }
            fence = nil
        }
        self.steps = steps
        self.transcript = transcript
        self.code = code
    }

    private static func commands(_ lines: [Substring]) -> [(command: String, shown: String)] {
        var commands: [(command: String, shown: String)] = []
        for line in lines {
            if line.hasPrefix("$ ") {
                commands.append((String(line.dropFirst(2)), ""))
            } else if let last = commands.popLast() {
                commands.append((last.command, last.shown + line + "\n"))
            }
        }
        return commands
    }
}
