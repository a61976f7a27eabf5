// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage

/// What the user, or the site, said before he was asked.
package struct InstallConsent: Hashable, Sendable {
    /// Nobody has to vouch for it.
    package var allowsUnsigned = false
    /// The key that it may have although the installed one has another; `name-revision`, or the name alone.
    package var acceptedKey: String?
    /// Replace the same version, go back to an older one.
    package var isForced = false

    package init() {}
}

/// Whether a plugin may take the place of what is there.
package enum InstallDecision: Hashable, Sendable {
    /// Nothing of the kind is there.
    case new
    /// The same files are there.
    case unchanged
    case replaces(version: String)

    /// Decides for the plugin of `list` that `key` vouches for. `isUpdate`: another version is what the user wants.
    package init(
        _ list: PluginFileList, key: PublicKey?, installed: PluginInstaller.Installed?, _ consent: InstallConsent,
        isUpdate: Bool
    ) throws {
        // Who says which key it must have does not want it without one.
        if key == nil && installed?.receipt?.key == nil && (!consent.allowsUnsigned || consent.acceptedKey != nil) {
            throw PluginTrustError.unsigned(plugin: list.id)
        }
        if let accepted = consent.acceptedKey, let key, !Self.names(accepted, key) {
            throw PluginTrustError.otherKey(plugin: list.id, found: "\(key.name)", expected: accepted)
        }
        guard let installed else {
            self = .new
            return
        }
        if installed.receipt == nil && !consent.isForced {
            throw PluginInstallError.notInstalledHere(plugin: list.id, directory: installed.directory)
        }
        try Self.checkKey(list, key, installed, consent)
        if installed.files == list.digest && !consent.isForced {
            self = .unchanged
            return
        }
        switch Self.order(list.version, installed.version) {
        case _ where consent.isForced: break
        case .greater where isUpdate: break
        case .less where isUpdate, .equal where isUpdate && installed.version != list.version:
            throw PluginInstallError.older(plugin: list.id, version: list.version, installed: installed.version)
        default:
            throw PluginInstallError.present(
                plugin: list.id, version: installed.version, wanted: list.version, directory: installed.directory)
        }
        self = .replaces(version: installed.version)
    }

    /// Who once vouched for a plugin does so again, unless the user says who may in his stead.
    private static func checkKey(
        _ list: PluginFileList, _ key: PublicKey?, _ installed: PluginInstaller.Installed, _ consent: InstallConsent
    ) throws(PluginTrustError) {
        // Changing the list of files does not make anybody forget who had vouched for it.
        let keys = installed.receipt.map { [$0.key].compactMap { $0 } } ?? installed.formerKeys
        guard let old = keys.first else { return }
        guard let key else { throw .keyLost(plugin: list.id, expected: "\(old.name)") }
        guard !keys.contains(key), consent.acceptedKey == nil else { return }
        throw .otherKey(plugin: list.id, found: "\(key.name)", expected: "\(old.name)")
    }

    private static func names(_ text: String, _ key: PublicKey) -> Bool {
        text == "\(key.name)" || text == key.name.name
    }

    /// As versions of packages are ordered.
    private static func order(_ new: String, _ old: String) -> Ordering { VersionOrder.total(new, old) }
}
