// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Where logins are kept: the helper that docker's configuration names for a registry, else the file itself.
package struct CredentialStore: Sendable {
    /// Where a credential is, or was.
    package enum Place: Hashable, Sendable {
        /// In the file, where whoever can read it can read the credential.
        case file(String)
        /// The name of the program without its beginning.
        case helper(String)
    }

    private let path: String
    private let helpers: CredentialProgram.Settings

    /// Nil when nobody can say where the file would be.
    package init?(_ places: CredentialPlaces, helpers: CredentialProgram.Settings) {
        guard let path = places.written else { return nil }
        self.path = path
        self.helpers = helpers
    }

    /// Keeps `credential` for `key` in place of what was there.
    package func store(_ credential: RegistryCredential, for key: CredentialKey) throws(CredentialError) -> Place {
        var place = Place.file(path)
        try CredentialFile.edit(path, cancellation: helpers.cancellation) { (file) throws(CredentialError) in
            guard let name = try helper(for: key, file) else {
                return file.setting(CredentialFile.entry(credential), for: key)
            }
            try CredentialProgram(name, in: path, helpers).store(credential, for: key.text)
            place = .helper(name)
            // As docker leaves it: there is a login, and the file does not have it.
            return file.setting([:], for: key)
        }
        return place
    }

    /// Forgets what is kept for `key`.
    /// - Returns: where there was something.
    package func remove(_ key: CredentialKey) throws(CredentialError) -> [Place] {
        guard try CredentialFile(reading: path) != nil else { return [] }
        var places: [Place] = []
        try CredentialFile.edit(path, cancellation: helpers.cancellation) { (file) throws(CredentialError) in
            if let name = try helper(for: key, file), try CredentialProgram(name, in: path, helpers).erase(key.text) {
                places.append(.helper(name))
            }
            guard file.has(key) else { return nil }
            if places.isEmpty { places.append(.file(path)) }
            return file.setting(nil, for: key)
        }
        return places
    }

    /// Other files that have something for `key`, and are not changed here.
    package static func others(
        _ places: CredentialPlaces, having key: CredentialKey
    ) -> [String] {
        var found: [String] = []
        for path in places.files where path != places.written {
            guard let file = try? CredentialFile(reading: path), file.has(key) else { continue }
            found.append(path)
        }
        return found
    }

    /// Who keeps what is about all of a registry; repositories of their own are in the file, as helpers know hosts alone.
    private func helper(for key: CredentialKey, _ file: CredentialFile) throws(CredentialError) -> String? {
        if let own = try file.helpers.first(where: { $0.key == key }) { return own.helper }
        return key.path.isEmpty ? try file.store : nil
    }
}
