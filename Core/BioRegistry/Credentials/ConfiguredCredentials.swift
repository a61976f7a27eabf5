// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Synchronization

/// The credentials that a user has: those given for this run, then those of the environment, then those of files, one file
/// after the other (docs/reference/registries.md). Each file is read once, and each helper asked once for a registry.
package final class ConfiguredCredentials: CredentialProvider {
    private let given: [GivenCredentials]
    private let places: CredentialPlaces
    private let helpers: CredentialProgram.Settings
    private let known = Mutex(Known())

    private struct Known {
        var files: [CredentialFile]?
        /// By helper and server; one that has nothing is known too.
        var answers: [[String]: RegistryCredential?] = [:]
    }

    /// `given` counts before `environment`, and that before what is in `places`.
    package init(
        given: [GivenCredential] = [], environment: [GivenCredential] = [], places: CredentialPlaces,
        helpers: CredentialProgram.Settings
    ) {
        self.given = [GivenCredentials(given), GivenCredentials(environment)]
        self.places = places
        self.helpers = helpers
    }

    package func credential(for repository: Repository) throws -> RegistryCredential? {
        for list in given {
            if let found = list.credential(for: repository) { return found }
        }
        // Who else asks at this moment waits, and gets what the helper told.
        return try known.withLock { known in
            let files = try known.files ?? readFiles()
            known.files = files
            for file in files {
                if let found = try credential(for: repository, file, &known) { return found }
            }
            return nil
        }
    }

    private func readFiles() throws(CredentialError) -> [CredentialFile] {
        var files: [CredentialFile] = []
        for path in places.files {
            do throws(CredentialError) {
                if let file = try CredentialFile(reading: path) {
                    files.append(file)
                } else if path == places.authFile && places.needsAuthFile {
                    throw .missingFile(path)
                }
            } catch {
                // The home directory of somebody else: nothing there is meant for who runs this.
                if case .system(let error) = error, error.errno == .permissionDenied, path != places.authFile {
                    continue
                }
                throw error
            }
        }
        return files
    }

    /// The nearest entry wins; for one key a helper of its own counts before what the file has, and the helper for all
    /// before the file's entry for the whole registry: so docker has it.
    private func credential(
        for repository: Repository, _ file: CredentialFile, _ known: inout Known
    ) throws -> RegistryCredential? {
        let entries = file.entries.filter { $0.key.covers(repository) }
        let own = try file.helpers.filter { $0.key.covers(repository) }
        let lengths = Set(entries.map(\.key.path.count) + own.map(\.key.path.count) + [0]).sorted(by: >)
        for length in lengths {
            var names = own.filter { $0.key.path.count == length }.map { ($0.helper, $0.key.text) }
            if length == 0, names.isEmpty, let store = try file.store {
                names.append((store, CredentialKey(of: repository.registry).text))
            }
            for (helper, server) in names {
                if let found = try answer(helper, server, file, &known) { return found }
            }
            // Docker's own spellings, https://host/v1/ and the like, come after the plain one.
            let same = entries.filter { $0.key.path.count == length }
            for entry in same.filter({ $0.text == $0.key.name }) + same.filter({ $0.text != $0.key.name }) {
                if let found = try file.credential(entry.value) { return found }
            }
        }
        return nil
    }

    private func answer(
        _ name: String, _ server: String, _ file: CredentialFile, _ known: inout Known
    ) throws(CredentialError) -> RegistryCredential? {
        if let answer = known.answers[[name, server]] { return answer }
        let answer = try CredentialProgram(name, in: file.path, helpers).get(server)
        known.answers[[name, server]] = .some(answer)
        return answer
    }
}
