// SPDX-License-Identifier: Apache-2.0

/// The credentials that a user has: those given for this run, then those of the environment, then those of files
/// (docs/reference/registries.md).
package struct ConfiguredCredentials: CredentialProvider {
    private let given: [GivenCredential]

    package init(given: [GivenCredential] = []) { self.given = given }

    package func credential(for repository: Repository) throws -> RegistryCredential? {
        given.first { $0.registry.endpoint == repository.registry.endpoint }?.credential
    }
}
