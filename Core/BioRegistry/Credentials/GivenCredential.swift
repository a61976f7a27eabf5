// SPDX-License-Identifier: Apache-2.0

/// A credential that somebody gave for one registry, or for the repositories below one path of it.
package struct GivenCredential: Hashable, Sendable {
    package let key: CredentialKey
    package let credential: RegistryCredential

    package init(_ key: CredentialKey, _ credential: RegistryCredential) {
        self.key = key
        self.credential = credential
    }
}
