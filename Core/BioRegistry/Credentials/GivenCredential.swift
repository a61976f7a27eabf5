// SPDX-License-Identifier: Apache-2.0

/// A credential that the user gave for one registry, or for the repositories below one path of it.
package struct GivenCredential: Hashable, Sendable {
    package let registry: RegistryHost
    /// `team/app`; nil for all of the registry.
    package let path: String?
    package let credential: RegistryCredential

    package init(_ registry: RegistryHost, path: String? = nil, _ credential: RegistryCredential) {
        self.registry = registry
        self.path = path
        self.credential = credential
    }
}
