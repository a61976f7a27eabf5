// SPDX-License-Identifier: Apache-2.0

/// Certain credentials and no others.
package struct GivenCredentials: CredentialProvider {
    private let list: [GivenCredential]

    package init(_ list: [GivenCredential]) { self.list = list }

    /// The one whose key is nearest.
    package func credential(for repository: Repository) -> RegistryCredential? {
        list.filter { $0.key.covers(repository) }.max { $0.key.path.count < $1.key.path.count }?.credential
    }
}
