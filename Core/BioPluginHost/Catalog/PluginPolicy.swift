// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioPackage
import BioSystem
import Glibc

/// What a site or user says about plugins (docs/reference/plugins.md). Every file may only narrow: a plugin
/// that one of them disables is disabled.
package struct PluginPolicy: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        package enum Action: Hashable, Sendable {
            case disable
            /// Nil: all of them.
            case denyTools([String]?)
        }

        /// A plugin id, or the beginning of some with a `*` at the end.
        package let match: String
        package let reason: String
        package let path: String
        package let line: Int
        package var action = Action.disable

        package func matches(_ id: String) -> Bool {
            match.hasSuffix("*") ? id.hasPrefix(match.dropLast()) : match == id
        }
    }

    package let rules: [Rule]

    package init(rules: [Rule] = []) { self.rules = rules }

    /// Why a policy file was refused. A policy that cannot be read allows nothing.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let path: String
        package let line: Int?
        package let text: String
        package var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(text)" }
    }

    /// Reads every file that is there, in order, and then `required`, which must be there.
    package static func read(_ paths: [String], required: String? = nil) throws(Refusal) -> PluginPolicy {
        var rules: [Rule] = []
        for path in paths { rules += try self.rules(in: path, mustExist: false) }
        if let required { rules += try self.rules(in: required, mustExist: true) }
        return PluginPolicy(rules: rules)
    }

    private static func rules(in path: String, mustExist: Bool) throws(Refusal) -> [Rule] {
        let bytes: [UInt8]
        do {
            if try !mustExist && FileStatus.of(path) == nil { return [] }
            bytes = try FileDescriptor.open(path).readToEnd(limit: 1 << 20)
        } catch { throw Refusal(path: path, line: nil, text: "\(error)") }
        return try rules(parsing: bytes, path: path)
    }

    /// The rules of one policy's text; `path` is for errors.
    package static func rules(parsing bytes: [UInt8], path: String) throws(Refusal) -> [Rule] {
        let document: TOMLDocument
        do throws(DocumentError) { document = try TOMLDocument(parsing: bytes) } catch {
            throw Refusal(path: path, line: error.position.line, text: error.problem.sentence)
        }
        for member in document.value.object?.members ?? [] where member.key != "rule" {
            let line = document.position(of: .key(member.key)).line
            throw Refusal(path: path, line: line, text: "the key \(member.key.quoted) is not known here, 'rule' is")
        }
        guard let list = document.value["rule"] else { return [] }
        guard let items = list.array else {
            throw Refusal(
                path: path, line: document.position(of: "rule").line, text: "rules are written as [[rule]]")
        }
        var rules: [Rule] = []
        for (index, item) in items.enumerated() { rules.append(try rule(item, index, document, path)) }
        return rules
    }

    private static func rule(_ item: DocumentValue, _ index: Int, _ document: TOMLDocument, _ path: String)
        throws(Refusal) -> Rule
    {
        let line = document.position(of: "rule", .index(index)).line
        func refuse(_ text: String) -> Refusal { Refusal(path: path, line: line, text: text) }
        for member in item.object?.members ?? [] where !["match", "action", "tools", "reason"].contains(member.key) {
            throw refuse(
                "the key \(member.key.quoted) is not known in a rule; 'match', 'action', 'tools' and 'reason' are")
        }
        guard let match = item["match"]?.string, !match.isEmpty else {
            throw refuse("a rule needs 'match', a plugin id")
        }
        let action: Rule.Action
        switch (item["action"]?.string, item["tools"]) {
        case (nil, _): throw refuse("a rule needs 'action'")
        case ("disable", nil): action = .disable
        case ("disable", _?): throw refuse("a rule that disables a plugin has no 'tools'")
        case ("deny-tools", nil): action = .denyTools(nil)
        case ("deny-tools", let list?):
            // A rule that denies less than it was written for is none.
            guard let items = list.array, case let names = items.compactMap(\.string), names.count == items.count,
                !names.isEmpty, names.allSatisfy(ToolBox.isName)
            else { throw refuse("'tools' is a list of names of programs; without it all are denied") }
            action = .denyTools(names)
        case (let action?, _):
            throw refuse("the action \(action.quoted) is not known, 'disable' and 'deny-tools' are")
        }
        guard let reason = item["reason"]?.string, !reason.isEmpty else {
            throw refuse("a rule needs 'reason': it is shown to the user")
        }
        return Rule(match: match, reason: reason, path: path, line: line, action: action)
    }

    /// The first rule that disables a plugin.
    package func disabling(_ id: String) -> Rule? { rules.first { $0.matches(id) && $0.action == .disable } }

    /// The first rule that denies a plugin a program.
    package func denying(_ tool: String, to id: String) -> Rule? {
        rules.first { rule in
            guard case .denyTools(let names) = rule.action, rule.matches(id) else { return false }
            return names?.contains(tool) ?? true
        }
    }
}
