// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioExport
import BioPackage

/// Typed reading of one rule.
struct RuleFields {
    let item: DocumentValue
    let path: String
    let line: Int

    private static let keys = ["match", "action", "reason", "keys", "digest", "tools"]

    private func refuse(_ text: String) -> PolicyFile.Refusal {
        PolicyFile.Refusal(path: path, line: line, text: text)
    }

    func rule(_ authority: PolicyRule.Authority) throws(PolicyFile.Refusal) -> PolicyRule {
        for member in item.object?.members ?? [] where !Self.keys.contains(member.key) {
            throw refuse(
                "the key \(member.key.quoted) is not known in a rule; there are \(Self.keys.joined(separator: ", "))")
        }
        guard let text = item["match"]?.string, !text.isEmpty else {
            throw refuse("a rule needs 'match', a plugin id")
        }
        let match: PluginPattern
        do throws(PluginPattern.ParseError) { match = try PluginPattern(parsing: text) } catch {
            throw refuse(error.description)
        }
        let action = try action()
        return PolicyRule(
            match, action, reason: try reason(action), authority: authority, path: path, line: line)
    }

    private func action() throws(PolicyFile.Refusal) -> PolicyRule.Action {
        guard let word = item["action"]?.string else { throw refuse("a rule needs 'action'") }
        // A key that an action does not know would be a rule that does less than it was written for.
        for (key, owner) in [("keys", "allow"), ("digest", "pin"), ("tools", "deny-tools")]
        where item[key] != nil && word != owner && PolicyRule.Action.words.contains(word) {
            throw refuse("'\(key)' goes with the action '\(owner)', not with '\(word)'")
        }
        switch word {
        case "enable": return .enable
        case "disable": return .disable
        case "allow": return .allow(keys: try keys())
        case "allow-unsigned": return .allowUnsigned
        case "require-signature": return .requireSignature
        case "pin": return .pin(try digest())
        case "require-sandbox": return .requireSandbox
        case "deny-tools": return .denyTools(try tools())
        default:
            throw refuse(
                "the action \(word.quoted) is not known; there are \(PolicyRule.Action.words.joined(separator: ", "))")
        }
    }

    private func reason(_ action: PolicyRule.Action) throws(PolicyFile.Refusal) -> String {
        guard let value = item["reason"] else {
            guard !action.needsReason else { throw refuse("a rule needs 'reason': it is shown to the user") }
            return ""
        }
        guard let text = value.string, !text.isEmpty else { throw refuse("'reason' is a text with something in it") }
        return text
    }

    private func keys() throws(PolicyFile.Refusal) -> [String] {
        guard let list = names("keys"), list.allSatisfy(PolicyKeys.isName) else {
            throw refuse("'allow' needs 'keys', a list of names of keys such as \"acme-20260101000000\" or \"acme\"")
        }
        return list
    }

    private func digest() throws(PolicyFile.Refusal) -> Digest {
        guard let text = item["digest"]?.string else {
            throw refuse("'pin' needs 'digest', as 'bio plugin explain' shows it")
        }
        do throws(Digest.ParseError) { return try Digest(parsing: text) } catch { throw refuse(error.description) }
    }

    private func tools() throws(PolicyFile.Refusal) -> [String]? {
        guard item["tools"] != nil else { return nil }
        // A rule that denies less than it was written for is none.
        guard let list = names("tools"), list.allSatisfy(ToolBox.isName) else {
            throw refuse("'tools' is a list of names of programs; without it all are denied")
        }
        return list
    }

    /// A list of texts that is not empty; nil for anything else.
    private func names(_ key: String) -> [String]? {
        guard let items = item[key]?.array, case let names = items.compactMap(\.string), names.count == items.count,
            !names.isEmpty
        else { return nil }
        return names
    }
}
