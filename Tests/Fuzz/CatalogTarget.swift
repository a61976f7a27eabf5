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
        do throws(PluginPolicy.Refusal) {
            for rule in try PluginPolicy.rules(parsing: bytes, path: "plugins.toml") {
                promise(!rule.match.isEmpty && !rule.reason.isEmpty && rule.line > 0, "a rule that says nothing")
                if !rule.match.hasSuffix("*") { promise(rule.matches(rule.match), "a rule that does not match itself") }
            }
        } catch { checkMessage(error.description) }
        guard let value = try? DocumentValue(json: bytes), let description = PluginDescription(value) else { return }
        promise(PluginDescription(description.document) == description, "a description is its JSON")
        _ = description.problem
    }
}
