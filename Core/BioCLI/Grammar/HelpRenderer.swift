// SPDX-License-Identifier: Apache-2.0

/// The help text of one command, from the same tables the parser reads.
package struct HelpRenderer {
    private let path: [CommandSpec]
    private let width: Int
    private let dynamicNames: [(name: String, abstract: String)]
    private var text = ""

    /// `path` leads from the root to the command. `width` is in columns; lines are broken at it where they can be.
    /// `dynamicNames` are the subcommands known only at run time.
    package static func text(
        for path: [CommandSpec], dynamicNames: [(name: String, abstract: String)] = [], width: Int = 80
    ) -> String {
        var renderer = HelpRenderer(path: path, width: width, dynamicNames: dynamicNames)
        renderer.render()
        return renderer.text
    }

    private init(path: [CommandSpec], width: Int, dynamicNames: [(name: String, abstract: String)]) {
        self.path = path
        self.width = width
        self.dynamicNames = dynamicNames
    }

    private var command: CommandSpec { path[path.count - 1] }
    private var words: String { path.map(\.name).joined(separator: " ") }

    private mutating func render() {
        line(command.abstract)
        heading("Usage")
        for usage in usages { line("  \(usage)") }
        for paragraph in command.discussion.paragraphs {
            line("")
            // An indented paragraph is a listing: it is shown as it stands.
            if paragraph.hasPrefix("  ") { line(paragraph) } else { wrap(paragraph, indent: 0, first: "") }
        }
        if !command.examples.isEmpty {
            heading(command.examples.count == 1 ? "Example" : "Examples")
            for (index, example) in command.examples.enumerated() {
                if index > 0 { line("") }
                wrap(example.effect, indent: 2, first: "  ")
                line("    $ \(example.command)")
            }
        }
        commandList()
        table("Arguments", command.arguments.map { Row($0.usage, $0.help) })
        optionTables()
        let codes = ([.done, .failure, .usage] + command.exitCodes).sorted { $0.rawValue < $1.rawValue }
        if command.action != nil {
            table("Exit codes", codes.map { Row("\($0.rawValue)", $0.meaning) })
        }
        if command.hasSubcommands {
            line("")
            let word = command.dynamic?.placeholder ?? "COMMAND"
            line("See '\(words) \(word) --help' for one of them.")
        }
    }

    private var usages: [String] {
        var result: [String] = []
        let options = command.options.contains { !$0.isHidden } ? " [OPTIONS]" : ""
        if command.hasSubcommands { result.append("\(words) <\(command.dynamic?.placeholder ?? "COMMAND")> ...") }
        if command.action != nil {
            // Required options belong to the shape of the command, so they are spelled out.
            let required = command.options.filter { $0.isRequired && $0.fallback == nil && !$0.isHidden }.map {
                " \($0.spelling) \($0.kind.placeholder ?? "")"
            }
            result.append(words + required.joined() + options + command.arguments.map { " \($0.usage)" }.joined())
        }
        return result
    }

    private mutating func commandList() {
        let rows =
            command.subcommands.filter { !$0.isHidden }.map { Row($0.name, $0.abstract) }
            + dynamicNames.map { Row($0.name, $0.abstract) }
        let title = command.dynamic.map { "\($0.placeholder.prefix(1))\($0.placeholder.dropFirst().lowercased())s" }
        table(title ?? "Commands", rows)
    }

    private mutating func optionTables() {
        let shown = command.options.filter { !$0.isHidden }
        var sections: [String] = []
        for option in shown {
            if let section = option.section, !sections.contains(section) { sections.append(section) }
        }
        for section in sections { table(section, shown.filter { $0.section == section }.map(row)) }
        let common = [
            Row("-h, --help", "Show this text"), Row(command.versionNames.joined(separator: ", "), "Show the version"),
        ]
        table("Options", shown.filter { $0.section == nil }.map(row) + common)
    }

    /// A line of a table: a cell, its text, and texts of its own below that.
    private struct Row {
        let cell: String
        let text: String
        var details: [(name: String, text: String)] = []

        init(_ cell: String, _ text: String) {
            self.cell = cell
            self.text = text
        }
    }

    private func row(_ option: OptionSpec) -> Row {
        let short = option.short.map { "-\($0), " } ?? "    "
        let value = option.kind.placeholder.map { " \($0)" } ?? ""
        var notes: [String] = []
        if option.isRepeatable { notes.append("repeatable") }
        if !option.environment.isEmpty { notes.append("env: \(option.environment.joined(separator: ", "))") }
        if let fallback = option.fallback, option.kind != .flag { notes.append("default: \(fallback)") }
        // A note is not broken: its blanks are held together until the line is written.
        let held = notes.map { "[" + $0.map { $0 == " " ? Self.held : String($0) }.joined() + "]" }
        var row = Row("\(short)--\(option.name)\(value)", ([option.help] + held).joined(separator: " "))
        if case .choice(_, let choices) = option.kind { row.details = choices.map { ($0.name, $0.help) } }
        return row
    }

    // MARK: - Text

    private mutating func heading(_ title: String) {
        line("")
        line("\(title):")
    }

    /// Two columns; a first cell that is too wide stands on its own line.
    private mutating func table(_ title: String, _ rows: [Row]) {
        guard !rows.isEmpty else { return }
        heading(title)
        // On a narrow terminal the text needs the room more.
        let widest = width < 60 ? 10 : 26
        let column = (rows.map(\.cell.count).filter { $0 <= widest }.max() ?? 0) + 4
        for row in rows {
            var first = "  " + row.cell
            if first.count + 2 > column {
                line(first)
                first = ""
            }
            wrap(row.text, indent: column, first: first.padded(to: column))
            let inner = column + (row.details.map(\.name.count).max() ?? 0) + 4
            for detail in row.details {
                let lead = String(repeating: " ", count: column + 2) + detail.name
                wrap(detail.text, indent: inner, first: lead.padded(to: inner))
            }
        }
    }

    /// Words of `text` behind `first`, later lines indented.
    private mutating func wrap(_ text: String, indent: Int, first: String) {
        var current = first
        var isEmpty = true
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if !isEmpty, current.count + 1 + word.count > width {
                line(current)
                current = String(repeating: " ", count: indent)
                isEmpty = true
            }
            current += isEmpty ? String(word) : " \(word)"
            isEmpty = false
        }
        line(current)
    }

    private mutating func line(_ line: String) {
        var end = line[...]
        while end.last == " " { end.removeLast() }
        text += end.map { String($0) == Self.held ? " " : String($0) }.joined() + "\n"
    }

    /// A blank at which no line is broken, until it is written as an ordinary one.
    private static let held = "\u{A0}"
}

extension String {
    func padded(to count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }

    /// The parts between empty lines.
    var paragraphs: [String] {
        var result: [String] = []
        var current: [Substring] = []
        let lines: [Substring] = split(separator: "\n", omittingEmptySubsequences: false) + [""]
        for line in lines {
            if line.isEmpty {
                if !current.isEmpty { result.append(current.joined(separator: "\n")) }
                current = []
            } else {
                current.append(line)
            }
        }
        return result
    }
}
