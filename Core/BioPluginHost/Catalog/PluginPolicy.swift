// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Glibc

/// What a site or user says about plugins (docs/reference/plugins.md). Every file may only narrow: a plugin
/// that one of them disables is disabled.
package struct PluginPolicy: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        /// A plugin id, or the beginning of some with a `*` at the end.
        package let match: String
        package let reason: String
        package let path: String
        package let line: Int

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
            throw Refusal(path: path, line: line, text: "the key '\(member.key)' is not known here, 'rule' is")
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
        for member in item.object?.members ?? [] where !["match", "action", "reason"].contains(member.key) {
            throw refuse("the key '\(member.key)' is not known in a rule; 'match', 'action' and 'reason' are")
        }
        guard let match = item["match"]?.string, !match.isEmpty else {
            throw refuse("a rule needs 'match', a plugin id")
        }
        guard let action = item["action"]?.string else { throw refuse("a rule needs 'action'") }
        guard action == "disable" else { throw refuse("the action '\(action)' is not known, 'disable' is") }
        guard let reason = item["reason"]?.string, !reason.isEmpty else {
            throw refuse("a rule needs 'reason': it is shown to the user")
        }
        return Rule(match: match, reason: reason, path: path, line: line)
    }

    /// The first rule that disables a plugin.
    package func disabling(_ id: String) -> Rule? { rules.first { $0.matches(id) } }
}
