// SPDX-License-Identifier: Apache-2.0

/// What is known of where a plugin's bytes come from, found without reading its library: the digests of the list are
/// compared when the library is loaded (`VerifiedBundle`).
package enum PluginEvidence: Hashable, Sendable {
    /// It lies beside this program: who can change it can change `bio`.
    case bundled
    /// The user named its place for this run: `BIO_PLUGIN_PATH`, `--plugin-dir`, `--plugin`, a directory.
    case developer
    /// Its list of files is signed by a key that is known here (`name-revision`).
    case signed(key: String)
    /// It was taken from a package that was verified then; the package's ident and the key that signed it.
    case installed(from: String, key: String)
    /// It is signed by a key that is not here.
    case unknownKey(String)
    /// Its list or its signature cannot be used; why.
    case badSignature(String)
    /// A file is not what the list says; which, and how that shows.
    case altered(String)
    case unsigned

    /// The key that vouches for it, if one does.
    package var key: String? {
        switch self {
        case .signed(let key), .installed(_, let key): key
        default: nil
        }
    }

    /// One word, for JSON.
    package var word: String {
        switch self {
        case .bundled: "bundled"
        case .developer: "developer"
        case .signed: "signed"
        case .installed: "package"
        case .unknownKey: "unknown-key"
        case .badSignature: "bad-signature"
        case .altered: "altered"
        case .unsigned: "unsigned"
        }
    }

    /// One line for `bio plugin info` and `explain`.
    package var sentence: String {
        switch self {
        case .bundled: "it lies beside this program"
        case .developer: "its place was named for this run"
        case .signed(let key): "signed with the key \(key)"
        case .installed(let ident, let key): "taken from the package \(ident), signed with the key \(key)"
        case .unknownKey(let key): "signed with the key \(key), which is not here"
        case .badSignature(let text): text
        case .altered(let text): text
        case .unsigned: "not signed"
        }
    }
}

/// What the user, or the site's administrator, agreed to when he installed a plugin.
package enum PluginAcceptance: Hashable, Sendable {
    /// It was not installed with `bio plugin install`, or has been changed since.
    case none
    /// He accepted the key for this plugin.
    case key(String)
    /// He accepted exactly these bytes although nobody signed them.
    case unsigned
}

/// All that the trust in a plugin is decided by.
package struct PluginProvenance: Hashable, Sendable {
    package let evidence: PluginEvidence
    package let acceptance: PluginAcceptance
    /// The list that the evidence is about. The bytes that are loaded must be those of the list; nil: there is none,
    /// and the library is loaded from its place as it is.
    package let files: PluginFileList?

    package init(_ evidence: PluginEvidence, _ acceptance: PluginAcceptance = .none, files: PluginFileList? = nil) {
        self.evidence = evidence
        self.acceptance = acceptance
        self.files = files
    }
}
