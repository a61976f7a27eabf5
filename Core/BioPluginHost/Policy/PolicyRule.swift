// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage

/// One `[[rule]]` of a policy file (docs/reference/plugin-policy.md).
package struct PolicyRule: Hashable, Sendable {
    /// Whose word it is; the higher one stands when both say something.
    package enum Authority: String, Hashable, Sendable, CaseIterable {
        /// `/etc/bio/export-plugins.toml` and the files in `export-plugins.d`.
        case site
        /// The user's own file, and the one that `BIO_PLUGIN_POLICY` names.
        case user
    }

    package enum Action: Hashable, Sendable {
        case enable
        case disable
        /// Whoever holds one of these keys may sign it.
        case allow(keys: [String])
        case allowUnsigned
        case requireSignature
        /// The digest of the list of its files, no other.
        case pin(Digest)
        /// What the kernel should keep it from must be kept from it.
        case requireSandbox
        /// Nil: all programs.
        case denyTools([String]?)

        /// As it is written.
        package var word: String {
            switch self {
            case .enable: "enable"
            case .disable: "disable"
            case .allow: "allow"
            case .allowUnsigned: "allow-unsigned"
            case .requireSignature: "require-signature"
            case .pin: "pin"
            case .requireSandbox: "require-sandbox"
            case .denyTools: "deny-tools"
            }
        }

        /// What it names beside the plugins, with a space before it.
        package var object: String {
            switch self {
            case .allow(let keys): " to have the keys \(keys.joined(separator: ", "))"
            case .pin(let digest): " to \(digest)"
            case .denyTools(let tools?): " \(tools.joined(separator: ", "))"
            case .denyTools(nil), .enable, .disable, .allowUnsigned, .requireSignature, .requireSandbox: ""
            }
        }

        /// Those that take something away from a plugin: who meets one reads why it is there.
        package var needsReason: Bool {
            switch self {
            case .disable, .denyTools: true
            case .enable, .allow, .allowUnsigned, .requireSignature, .pin, .requireSandbox: false
            }
        }

        package static let words = [
            "enable", "disable", "allow", "allow-unsigned", "require-signature", "pin", "require-sandbox", "deny-tools",
        ]
    }

    package let match: PluginPattern
    package let action: Action
    /// For the user who meets it; may be empty where the action says it all.
    package let reason: String
    package let authority: Authority
    package let path: String
    /// Of `[[rule]]`, from 1.
    package let line: Int
    /// Whether it stands in the file that `bio plugin enable` and its like write: what they write in front of another file
    /// would change nothing.
    package var isWithinReach = true

    package init(
        _ match: PluginPattern, _ action: Action, reason: String = "", authority: Authority, path: String, line: Int
    ) {
        self.match = match
        self.action = action
        self.reason = reason
        self.authority = authority
        self.path = path
        self.line = line
    }

    /// Where it stands.
    package var place: String { "\(path):\(line)" }

    /// The reason and the place, as a refusal ends.
    package var because: String { reason.isEmpty ? place : "\(reason) (\(place))" }

    /// Whether a key, `name-revision`, is the one that `text` names: with its revision, or without one for all of them.
    package static func names(_ text: String, _ key: String) -> Bool {
        if text == key { return true }
        guard key.hasPrefix("\(text)-") else { return false }
        return (try? KeyName(parsing: key))?.name == text
    }
}
