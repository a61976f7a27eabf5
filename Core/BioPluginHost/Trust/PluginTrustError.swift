// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// A plugin whose bytes are not those that somebody vouched for. It always names the plugin.
package enum PluginTrustError: Error, Hashable, Sendable {
    /// A listed file is not what the list says, is missing or is no plain file.
    case altered(plugin: String, directory: String, file: String)
    /// The signature or the list of files cannot be used; why.
    case badSignature(plugin: String, String)
    /// The files are not those of the list that came with them.
    case otherFiles(plugin: String, changed: [String], missing: [String], extra: [String])
    case unsigned(plugin: String)
    case unknownKey(plugin: String, key: KeyName)
    /// Nobody signed it, and the installed one somebody did.
    case keyLost(plugin: String, expected: String)
    /// The installed plugin, or what the user named, has another key.
    case otherKey(plugin: String, found: String, expected: String)
}

extension PluginTrustError: CustomStringConvertible {
    /// The rule that is broken.
    package var rule: PluginRule {
        switch self {
        case .altered, .otherFiles: .filesUnaltered
        case .badSignature, .unsigned, .unknownKey, .keyLost, .otherKey: .signed
        }
    }

    package var description: String { sentence + rule.citation }

    private var sentence: String {
        switch self {
        case .altered(let plugin, let directory, let file):
            "plugin '\(plugin)' was altered: '\(directory)/\(file)' is not the file that was signed or installed"
        case .badSignature(let plugin, let why): "plugin '\(plugin)' is not to be trusted: \(why)"
        case .otherFiles(let plugin, let changed, let missing, let extra):
            "plugin '\(plugin)' does not hold the files that it lists: "
                + [("changed", changed), ("missing", missing), ("not listed", extra)]
                .filter { !$0.1.isEmpty }
                .map { word, files in
                    "\(word) \(files.prefix(5).map { "'\($0)'" }.joined(separator: ", "))"
                        + (files.count > 5 ? " and \(files.count - 5) more" : "")
                }
                .joined(separator: "; ")
        case .unsigned(let plugin): "plugin '\(plugin)' is not signed"
        case .unknownKey(let plugin, let key): "plugin '\(plugin)' is signed with the key '\(key)', which is not here"
        case .keyLost(let plugin, let expected):
            "plugin '\(plugin)' is not signed any more; the one that is installed is, with the key '\(expected)'"
        case .otherKey(let plugin, let found, let expected):
            "plugin '\(plugin)' is signed with the key '\(found)', not with '\(expected)'"
        }
    }

    /// What to do about it.
    package var hint: String? {
        switch self {
        case .altered: "install it again: bio plugin install SOURCE --force"
        case .badSignature, .otherFiles: "get it again from where it comes from"
        case .unsigned: "have its author sign it (bio plugin sign), or say --allow-unsigned"
        case .unknownKey(_, let key):
            "get '\(key).pub' from the author, by a way that you trust, and import it: bio origin key import"
        case .keyLost(let plugin, _):
            "get it signed; to take it all the same: bio plugin uninstall \(plugin), then install it with --allow-unsigned"
        case .otherKey(_, let found, _): "if the author has a new key, say --accept-key \(found)"
        }
    }
}
