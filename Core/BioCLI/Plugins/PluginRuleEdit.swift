// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost

/// Writes one rule about plugins into the user's or the site's file.
struct PluginRuleEdit {
    let context: CommandContext
    let subject: PluginPattern
    let authority: PolicyRule.Authority
    /// What is asked about: the plugins that are there and match, and what was written, which stands for those to come.
    let subjects: [PluginPolicy.Subject]
    private let policy: PluginPolicy
    private let path: String
    private let wantsJSON: Bool

    static let site = OptionSpec(
        "site", .flag, help: "For every user of this machine: write /etc/bio/export-plugins.toml")
    static let reason = OptionSpec("reason", .string("TEXT"), help: "What whoever meets the rule reads")
    static let argument = ArgumentSpec("PLUGIN", help: "Id or name of a plugin, or a pattern such as com.acme.*")

    init(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        self.context = context
        let catalog = try context.pluginCatalog()
        subject = try Self.pattern(arguments.argument(Self.argument.name) ?? "", catalog)
        subjects = Self.subjects(subject, catalog)
        authority = arguments.flag(Self.site.name) ? .site : .user
        policy = try context.pluginPolicy()
        let places = context.policyPlaces
        guard let path = authority == .site ? places.site : places.user else {
            throw CommandFailure(
                .failure, "there is no place for the user's rules: neither XDG_CONFIG_HOME nor HOME is set",
                hint: "set HOME, or write the site's rules with --site")
        }
        self.path = path
        wantsJSON = arguments.wantsJSON
    }

    /// An id or a pattern, or the id of the plugin that has the name.
    private static func pattern(_ text: String, _ catalog: PluginCatalog) throws -> PluginPattern {
        if text.contains(".") || text.contains("*") || text.hasPrefix("~") {
            do throws(PluginPattern.ParseError) { return try PluginPattern(parsing: text) } catch {
                throw CommandFailure(.usage, error.description)
            }
        }
        let ids = Set(catalog.plugins(named: text).compactMap { $0.manifest?.id })
        guard let id = ids.first, ids.count == 1 else {
            let known = ids.isEmpty ? "there is no plugin '\(text)'" : "'\(text)' is the name of several plugins"
            throw CommandFailure(.plugin, known, hint: "write an id, as 'bio plugin list' shows them")
        }
        return try PluginPattern(parsing: id)
    }

    /// The text itself comes first, as an id: a rule that matches all that a pattern matches, matches the pattern, too.
    private static func subjects(_ pattern: PluginPattern, _ catalog: PluginCatalog) -> [PluginPolicy.Subject] {
        let matching = catalog.plugins.compactMap(\.candidate.subject)
            .filter { pattern.matches($0.id, isBundled: $0.isBundled) }
        // Of an id that is there twice the one beside this program is meant: it is there without further ado.
        let there = Dictionary(matching.map { ($0.id, $0) }) { $0.isBundled ? $0 : $1 }.values.sorted { $0.id < $1.id }
        let written = PluginPolicy.Subject(id: pattern.text, isBundled: false)
        return there.contains { $0.id == pattern.text } ? there : [written] + there
    }

    /// Refuses what the user cannot say because the site does not leave it to him.
    func checkUserMayAllow() throws {
        guard authority == .user, let site = policy.sitePath else { return }
        throw CommandFailure(
            .plugin, "a user may only narrow what the site says: '\(site)' does not say 'user-may-allow = true'",
            hint: "ask whoever administers this machine, or as root add --site")
    }

    /// Refuses a rule that one of a higher authority would silence.
    func checkUnopposed(_ opposing: (PluginPolicy.Subject) -> PolicyRule?) throws {
        guard authority == .user, let rule = subjects.first.flatMap(opposing), rule.authority == .site else { return }
        throw CommandFailure(
            .plugin, "the site's rule stands: \(rule.action.word) \(rule.match): \(rule.because)",
            hint: "ask whoever administers this machine, or as root "
                + (rule.isWithinReach ? "add --site" : "change the rule at \(rule.place)"))
    }

    var current: PluginPolicy { policy }

    /// Takes the rules of the kind away that `bio` wrote about the same plugins, and adds `rule` unless `isNeedless` says
    /// of the rules that are left that it changes nothing. Prints the places.
    func write(
        _ rule: RuleText, replacing isOfKind: (PolicyRule.Action) -> Bool,
        unless isNeedless: ([PolicyRule]) -> Bool = { _ in false }
    ) throws {
        let isFirst = !policy.hasSiteFile
        let change = try PolicyDraft.change(path, authority, cancellation: context.cancellation) { draft, isNew in
            let removed = try draft.remove { $0.match == subject && isOfKind($0.action) }
            if isNeedless(try draft.rules) { return (removed: removed, line: Int?.none) }
            // What held before there was a word of the site holds on.
            if isNew && isFirst && authority == .site { draft.begin(with: "user-may-allow = true") }
            return (removed: removed, line: Int?.some(try draft.add(rule)))
        }
        for line in change.removed { context.status.info("took the rule at \(path):\(line) away") }
        if change.line == nil && change.removed.isEmpty {
            context.status.info("nothing was written: no rule in '\(path)' says otherwise")
        }
        if wantsJSON { return try context.result.json(document(rule, change.line, removed: change.removed)) }
        let lines = change.line.map { [$0] } ?? change.removed
        try context.result.lines(lines.map { "\(path):\($0)" })
    }

    private func document(_ rule: RuleText, _ line: Int?, removed: [Int]) -> DocumentValue {
        [
            "schema_version": 1, "authority": .string(authority.rawValue), "path": .string(path),
            "rule": rule.document, "line": line.map { .integer(Int64($0)) } ?? .null,
            "removed": .array(removed.map { .integer(Int64($0)) }),
        ]
    }

    /// Throws when the rules together say something else all the same, be it of one plugin.
    func checkEffect(_ opposing: (PluginPolicy, PluginPolicy.Subject) -> PolicyRule?) throws {
        let policy = try context.pluginPolicy()
        for asked in subjects {
            guard let rule = opposing(policy, asked) else { continue }
            let about = asked.id == subject.text ? "" : " for '\(asked.id)'"
            throw CommandFailure(
                .plugin, "another rule counts\(about): \(rule.action.word) \(rule.match): \(rule.because)",
                hint: "change the rule at \(rule.place)")
        }
    }

    /// Throws when the rules together do not say for all plugins what was written.
    func checkHolds(_ what: String, _ holds: (PluginPolicy, PluginPolicy.Subject) -> Bool) throws {
        let policy = try context.pluginPolicy()
        guard let asked = subjects.first(where: { !holds(policy, $0) }) else { return }
        throw CommandFailure(
            .plugin, "the rule was written, but a later one \(what) '\(asked.id)'",
            hint: "see 'bio plugin explain \(asked.id)'")
    }
}
