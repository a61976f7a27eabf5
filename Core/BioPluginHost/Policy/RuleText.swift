// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// A rule as `bio plugin enable` and its like write it. The mark behind `[[rule]]` and the form of the lines tell such a
/// block from what a person wrote: only the former is ever taken away again.
package struct RuleText: Hashable, Sendable {
    package let match: PluginPattern
    package let action: PolicyRule.Action
    package let reason: String

    static let header = "[[rule]] # bio plugin"

    package init(_ match: PluginPattern, _ action: PolicyRule.Action, reason: String = "") {
        self.match = match
        self.action = action
        self.reason = reason
    }

    init(_ rule: PolicyRule) { self.init(rule.match, rule.action, reason: rule.reason) }

    /// As `--format json` prints it: every rule has all keys.
    package var document: DocumentValue {
        var (keys, digest): ([String], String?) = ([], nil)
        switch action {
        case .allow(let named): keys = named
        case .pin(let pinned): digest = "\(pinned)"
        case .denyTools, .enable, .disable, .allowUnsigned, .requireSignature, .requireSandbox: break
        }
        return [
            "match": .string(match.text), "action": .string(action.word), "keys": .strings(keys),
            "digest": .optional(digest), "reason": .optional(reason.isEmpty ? nil : reason),
        ]
    }

    /// The lines of the block, without line feeds.
    var lines: [String] {
        var fields: [(String, DocumentValue)] = [("match", .string(match.text)), ("action", .string(action.word))]
        switch action {
        case .allow(let keys): fields.append(("keys", .strings(keys)))
        case .pin(let digest): fields.append(("digest", .string("\(digest)")))
        case .denyTools(let tools?): fields.append(("tools", .strings(tools)))
        case .denyTools(nil), .enable, .disable, .allowUnsigned, .requireSignature, .requireSandbox: break
        }
        if !reason.isEmpty { fields.append(("reason", .string(reason))) }
        return [Self.header] + fields.map { "\($0) = \(Self.text($1))" }
    }

    /// A text or a list of texts. JSON and TOML write those that show as they are alike.
    private static func text(_ value: DocumentValue) -> String {
        String(decoding: value.jsonBytes(.compact), as: UTF8.self)
    }
}
