// SPDX-License-Identifier: Apache-2.0

import BioConformance
import BioDocument
import BioPluginHost
import BioSystem
import Glibc

/// `bio plugin check`
enum PluginCheck {
    static let spec = CommandSpec(
        "check", abstract: "Try a plugin against every rule that a plugin has to keep",
        discussion: """
            PATH is the directory of a plugin, or its library. Every case runs it in a process of its own, on packages \
            that the check makes. The rules are in docs/reference/plugin-rules.md, the cases in \
            docs/reference/plugin-check.md.

            What a format cannot do without is given as --with, once for each word: \
            --with=--mapping=FILE.
            """,
        examples: [
            .init("bio plugin check ./out", "The files, and what the library says of itself"),
            .init("bio plugin check ./out --level full --fuzz 60", "Exports, faults and a minute of random ones"),
        ],
        arguments: [ArgumentSpec("PATH", help: "Directory or library of the plugin")],
        options: [
            OptionSpec(
                "level",
                .choice(
                    "LEVEL", [.init("load", "files and description, under 2 seconds"), .init("full", "exports, too")]),
                fallback: "load", help: "Look at so much"),
            OptionSpec(
                "only", .string("CASE"), repeatable: true, help: "Look at this case or rule alone, whatever its level"),
            OptionSpec("with", .string("WORD"), repeatable: true, help: "Give this word to every export"),
            OptionSpec("fuzz", .integer("SECONDS", 1...86_400), help: "Try random exports for so long"),
            OptionSpec("seed", .string("N"), fallback: "1", help: "Begin the random numbers here"),
            .format,
        ],
        exitCodes: [.pluginUnusable, .interrupted],
        action: { arguments, context in try run(arguments, context) })

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let directory = try directory(arguments.argument("PATH") ?? "", context)
        for plugin in try context.pluginCatalog(of: directory).plugins where plugin.directory == directory {
            try context.checkAllowed(plugin)
        }
        guard let seed = UInt64(arguments.string("seed") ?? "1") else {
            throw CommandFailure(.usage, "--seed: '\(arguments.string("seed") ?? "")' is no number from 0 on")
        }
        var conformance = Conformance(level: arguments.string("level") == "full" ? .full : .load)
        conformance.only = arguments.strings("only")
        let known = Set(ConformanceCase.all.flatMap { [$0.name, $0.rule.id] })
        if let unknown = conformance.only.first(where: { !known.contains($0) }) {
            throw CommandFailure(
                .usage, "--only: there is no case '\(unknown)'",
                hint: NearestName.of(unknown, among: Array(known)).map { "did you mean '\($0)'?" }
                    ?? "see docs/reference/plugin-check.md")
        }
        conformance.fuzzing = arguments.integer("fuzz") ?? 0
        conformance.isCancelled = { [interruption = context.interruption] in interruption.isRequested }
        let bench = try CheckBench(directory, context)
        let examination = Examination(
            directory: directory, bench: bench, words: arguments.strings("with"), seed: seed)
        let report: ConformanceReport
        do {
            report = try conformance.run(examination) { entry in
                if entry.verdict != .passed || !arguments.wantsJSON { context.status.info(line(entry)) }
            }
        } catch is ConformanceCancelled { throw CommandFailure.interrupted }
        if arguments.wantsJSON {
            try context.result.json(report.document)
        } else {
            try context.result.line(report.summary)
        }
        guard report.isPassed else {
            let (failed, blocked) = (report.count("failed"), report.count("blocked"))
            throw CommandFailure(
                .plugin,
                failed > 0
                    ? "'\(directory)' breaks \(failed) of the rules"
                    : "'\(directory)' could not be looked at whole: \(blocked) blocked",
                hint: "docs/reference/plugin-rules.md has the texts of the rules")
        }
    }

    private static func line(_ entry: ConformanceReport.Entry) -> String {
        let head = "\(entry.verdict.word)  \(entry.rule.id)  \(entry.rule.check)"
        switch entry.verdict {
        case .passed: return head
        case .skipped(let why), .blocked(let why): return "\(head): \(why)"
        case .failed(let text, let hint):
            return "\(head): \(text)\n        rule: \(entry.rule.text)" + (hint.map { "\n        hint: \($0)" } ?? "")
        }
    }

    private static func directory(_ path: String, _ context: CommandContext) throws -> String {
        let whole = context.absolute(path)
        switch try FileStatus.of(whole)?.kind {
        case .directory: return whole
        case .file: return PluginBundle(libraryPath: whole).directory
        default:
            throw CommandFailure(
                .plugin, "there is no plugin at '\(path)'",
                hint: "name a directory with plugin.toml, or the library in it")
        }
    }
}
