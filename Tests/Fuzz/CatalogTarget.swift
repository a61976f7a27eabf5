// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost

extension FuzzTarget {
    /// Files that say which plugins there are and may be used: manifests, policies, and the descriptions kept as JSON.
    static let catalog = FuzzTarget("catalog") { bytes in
        do throws(PluginManifest.Refusal) {
            let manifest = try PluginManifest(parsing: bytes, path: "plugin.toml")
            promise(!manifest.library.contains("/") && manifest.library.hasSuffix(".so"), "a library elsewhere")
            promise(!manifest.id.isEmpty && !manifest.formats.isEmpty, "a manifest of nothing")
        } catch { checkMessage(error.description) }
        do throws(PolicyFile.Refusal) { try checkPolicy(bytes) } catch { checkMessage(error.description) }
        guard let value = try? DocumentValue(json: bytes), let description = PluginDescription(value) else { return }
        promise(PluginDescription(description.document) == description, "a description is its JSON")
        _ = description.problem
    }

    private static func checkPolicy(_ bytes: [UInt8]) throws(PolicyFile.Refusal) {
        let path = "export-plugins.toml"
        for rule in try PolicyFile(parsing: bytes, path: path, .site).rules {
            promise(!rule.action.needsReason || !rule.reason.isEmpty, "a rule that does not say why")
            promise(rule.line > 0, "a rule without a place")
            if !rule.match.text.hasPrefix("~") {
                promise(rule.match.matches(rule.match.text, isBundled: true), "a rule that does not match itself")
            }
        }
        // What is added can be read, and taken away again without a trace.
        var draft = try PolicyDraft(bytes, path: path, .site)
        let before = draft.bytes
        guard let pattern = try? PluginPattern(parsing: "org.example.fuzz") else { return }
        let line = try draft.add(RuleText(pattern, .disable, reason: "fuzz"))
        let removed = try draft.remove { $0.line == line }
        promise(removed == [line] && draft.bytes == before, "a rule that stays")
    }
}
