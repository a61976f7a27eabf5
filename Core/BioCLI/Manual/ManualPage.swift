// SPDX-License-Identifier: Apache-2.0

/// The manual page of one command, from the tables that the parser and the help read.
package struct ManualPage {
    private let path: [CommandSpec]
    private let dynamicNames: [(name: String, abstract: String)]
    private var roff = Roff()

    /// `path` leads from the root to the command; `dynamicNames` are the subcommands known only at run time.
    package static func text(
        for path: [CommandSpec], dynamicNames: [(name: String, abstract: String)] = []
    ) -> String {
        var page = ManualPage(path: path, dynamicNames: dynamicNames)
        page.render()
        return page.roff.text
    }

    /// `bio-pkg-install`
    package static func name(_ path: [CommandSpec]) -> String { path.map(\.name).joined(separator: "-") }

    private init(path: [CommandSpec], dynamicNames: [(name: String, abstract: String)]) {
        self.path = path
        self.dynamicNames = dynamicNames
    }

    private var command: CommandSpec { path[path.count - 1] }
    private var words: String { path.map(\.name).joined(separator: " ") }

    private mutating func render() {
        let name = Self.name(path)
        roff.macro(#".\" SPDX-License-Identifier: Apache-2.0"#)
        roff.macro(#".TH \#(name.uppercased()) 1 "\#(BioVersion.date)" "\#(BioVersion.line)" "Biome Manual""#)
        roff.section("NAME")
        let abstract = command.abstract
        roff.line("\(Roff.plain(name)) \\- \(Roff.plain(abstract.prefix(1).lowercased() + abstract.dropFirst()))")
        synopsis()
        description()
        commands()
        arguments()
        options()
        environment()
        exitStatus()
        examples()
        seeAlso()
    }

    private mutating func synopsis() {
        roff.section("SYNOPSIS")
        let options = command.options.contains { !$0.isHidden } ? " [\(Roff.italic("OPTIONS"))]" : ""
        var lines: [String] = []
        if command.hasSubcommands {
            lines.append("\(Roff.bold(words)) \(Roff.italic(command.dynamic?.placeholder ?? "COMMAND")) ...")
        }
        if command.action != nil {
            let required = command.options.filter { $0.isRequired && $0.fallback == nil && !$0.isHidden }.map {
                " \(Roff.bold($0.spelling)) \(Roff.italic($0.kind.placeholder ?? ""))"
            }
            let arguments = command.arguments.map { " " + Self.usage($0) }
            lines.append(Roff.bold(words) + required.joined() + options + arguments.joined())
        }
        for (index, line) in lines.enumerated() {
            if index > 0 { roff.macro(".br") }
            roff.line(line)
        }
    }

    private static func usage(_ argument: ArgumentSpec) -> String {
        let name = Roff.italic(argument.name) + (argument.isVariadic ? "..." : "")
        return argument.isRequired ? name : "[\(name)]"
    }

    private mutating func description() {
        roff.section("DESCRIPTION")
        let paragraphs = command.discussion.paragraphs
        if paragraphs.isEmpty { roff.line(Roff.plain(command.abstract) + ".") }
        for (index, paragraph) in paragraphs.enumerated() {
            if index > 0 { roff.macro(".PP") }
            let lines = paragraph.split(separator: "\n")
            if paragraph.hasPrefix("  ") {
                roff.listing(lines)
            } else {
                for line in lines { roff.line(Roff.plain(String(line))) }
            }
        }
    }

    private mutating func commands() {
        let rows = command.subcommands.filter { !$0.isHidden }.map { ($0.name, $0.abstract) } + dynamicNames
        if rows.isEmpty { return }
        roff.section(command.dynamic.map { "\($0.placeholder)S" } ?? "COMMANDS")
        for (name, abstract) in rows { roff.entry(Roff.bold(name), Roff.plain(abstract) + ".") }
    }

    private mutating func arguments() {
        if command.arguments.isEmpty { return }
        roff.section("ARGUMENTS")
        for argument in command.arguments { roff.entry(Self.usage(argument), Self.sentence(argument.help)) }
    }

    private mutating func options() {
        let shown = command.options.filter { !$0.isHidden }
        roff.section("OPTIONS")
        for option in shown where option.section == nil { entry(option) }
        roff.entry("\(Roff.bold("-h")), \(Roff.bold("--help"))", "Show the help of this command.")
        roff.entry(command.versionNames.map { Roff.bold($0) }.joined(separator: ", "), "Show the version.")
        var sections: [String] = []
        for section in shown.compactMap(\.section) where !sections.contains(section) { sections.append(section) }
        for section in sections {
            roff.macro(".SS \(Roff.plain(section))")
            for option in shown where option.section == section { entry(option) }
        }
    }

    private mutating func entry(_ option: OptionSpec) {
        let short = option.short.map { "\(Roff.bold("-\($0)")), " } ?? ""
        let value = option.kind.placeholder.map { " \(Roff.italic($0))" } ?? ""
        var body = Self.sentence(option.help)
        if option.isRepeatable { body += " May be given more than once." }
        if !option.environment.isEmpty {
            body += " Without it, \(option.environment.map(Roff.bold).joined(separator: " or ")) says it."
        }
        if let fallback = option.fallback, option.kind != .flag { body += " The default is \(Roff.bold(fallback))." }
        roff.entry("\(short)\(Roff.bold(option.spelling))\(value)", body)
        guard case .choice(_, let choices) = option.kind else { return }
        roff.macro(".RS")
        for choice in choices { roff.entry(Roff.bold(choice.name), Self.sentence(choice.help)) }
        roff.macro(".RE")
    }

    private mutating func environment() {
        if command.action == nil, path.count > 1 { return }
        roff.section("ENVIRONMENT")
        for option in command.options where !option.isHidden {
            for variable in option.environment {
                roff.entry(Roff.bold(variable), "The same as \(Roff.bold(option.spelling)).")
            }
        }
        for variable in SharedVariable.all { roff.entry(Roff.bold(variable.name), Self.sentence(variable.help)) }
    }

    private mutating func exitStatus() {
        let codes = path.count == 1 ? ExitCode.allCases : [.done, .failure, .usage] + command.exitCodes
        if command.action == nil, path.count > 1 { return }
        roff.section("EXIT STATUS")
        for code in codes.sorted(by: { $0.rawValue < $1.rawValue }) {
            roff.entry(Roff.bold("\(code.rawValue)"), Self.sentence(code.meaning))
        }
    }

    private mutating func examples() {
        if command.examples.isEmpty { return }
        roff.section("EXAMPLES")
        for (index, example) in command.examples.enumerated() {
            if index > 0 { roff.macro(".PP") }
            roff.line(Roff.plain(example.effect) + ":")
            roff.macro(".PP")
            roff.macro(".RS 4")
            roff.listing([Substring(example.command)])
            roff.macro(".RE")
        }
    }

    private mutating func seeAlso() {
        let name = Self.name(path)
        let parents = (1..<path.count).map { Self.name(Array(path.prefix($0))) }
        let siblings = path.dropLast().last?.subcommands.filter { !$0.isHidden && $0.name != command.name } ?? []
        let children = command.subcommands.filter { !$0.isHidden }.map { "\(name)-\($0.name)" }
        let beside = path.count > 1 ? siblings.map { "\(Self.name(path.dropLast()))-\($0.name)" } : []
        let all = Set(parents + children + beside + dynamicNames.map { "\(name)-\($0.name)" }).sorted()
        if all.isEmpty { return }
        roff.section("SEE ALSO")
        for (index, page) in all.enumerated() {
            roff.line("\(Roff.bold(page))(1)\(index + 1 < all.count ? "," : "")")
        }
    }

    /// A help text as a sentence: they begin in either case and have no final period.
    private static func sentence(_ text: String) -> String {
        Roff.plain(text.prefix(1).uppercased() + text.dropFirst()) + (text.hasSuffix(".") ? "" : ".")
    }
}
