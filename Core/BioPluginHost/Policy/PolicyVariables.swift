// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// What the environment says of plugins, for one command: `BIO_PLUGINS_DISABLE`, and `BIO_PLUGINS_ALLOW`, which excepts
/// plugins from the former and switches none on by itself. It can only narrow what files say.
package struct PolicyVariables: Hashable, Sendable {
    package static let disableName = "BIO_PLUGINS_DISABLE"
    package static let allowName = "BIO_PLUGINS_ALLOW"

    private let disable: [PluginPattern]
    private let allow: [PluginPattern]

    package static let none = PolicyVariables(disable: [], allow: [])

    private init(disable: [PluginPattern], allow: [PluginPattern]) {
        self.disable = disable
        self.allow = allow
    }

    /// Reads the values of the two variables: patterns with commas between them.
    package init(disable: String?, allow: String?) throws(PolicyFile.Refusal) {
        self.init(
            disable: try Self.patterns(disable, Self.disableName), allow: try Self.patterns(allow, Self.allowName))
    }

    private static func patterns(_ value: String?, _ name: String) throws(PolicyFile.Refusal) -> [PluginPattern] {
        var found: [PluginPattern] = []
        for piece in (value ?? "").split(separator: ",", omittingEmptySubsequences: false) {
            let text = piece.trimmingSpaces
            // `a,,b` and a comma at the end say nothing; they are no reason to use a plugin, nor to refuse one.
            if text.isEmpty { continue }
            do throws(PluginPattern.ParseError) { found.append(try PluginPattern(parsing: text)) } catch {
                throw PolicyFile.Refusal(variable: name, text: error.description)
            }
        }
        return found
    }

    /// What keeps a plugin from running: the pattern of `BIO_PLUGINS_DISABLE`; nil when nothing does.
    package func disabling(_ id: String, isBundled: Bool) -> PluginPattern? {
        guard let pattern = disable.first(where: { $0.matches(id, isBundled: isBundled) }) else { return nil }
        return allow.contains { $0.matches(id, isBundled: isBundled) } ? nil : pattern
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
