// SPDX-License-Identifier: Apache-2.0

/// What somebody proves himself with to a registry. No text that shows it says more than its kind.
package enum RegistryCredential: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    case basic(username: String, password: String)
    /// An OAuth2 refresh token, which the registry's token server exchanges (distribution token specification, "oauth").
    case identityToken(String)
    /// Sent as it is.
    case bearer(String)

    package var description: String {
        switch self {
        case .basic: "a user name and a password"
        case .identityToken: "an identity token"
        case .bearer: "a bearer token"
        }
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where credentials come from. Asked once for each repository and run at most; called on any thread.
package protocol CredentialProvider: Sendable {
    /// Nil: nobody has one, and the registry is asked as nobody in particular.
    func credential(for repository: Repository) throws -> RegistryCredential?
}

/// Nobody in particular.
package struct NoCredentials: CredentialProvider {
    package init() {}
    package func credential(for repository: Repository) -> RegistryCredential? { nil }
}
