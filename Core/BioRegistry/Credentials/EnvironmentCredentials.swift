// SPDX-License-Identifier: Apache-2.0

import BioOCI

/// Credentials in variables: `BIO_REGISTRY_HOST` with `BIO_REGISTRY_USERNAME` and `BIO_REGISTRY_PASSWORD`, or with a token;
/// further ones with the same ending, as in `BIO_REGISTRY_HOST_STAGE`. They count for the registry they name alone, so that
/// no other one gets to see them.
package enum EnvironmentCredentials {
    private static let prefix = "BIO_REGISTRY_"
    private static let fields = ["HOST", "USERNAME", "PASSWORD", "IDENTITY_TOKEN", "REGISTRY_TOKEN"]

    package static var names: [String] { fields.map { prefix + $0 } }

    /// Whether a variable is nobody's but this program's.
    package static func isSecret(_ variable: String) -> Bool { variable.hasPrefix(prefix) }

    /// `variables` as `NAME=VALUE`, empty ones count as unset.
    package static func read(_ variables: [String]) throws(CredentialError) -> [GivenCredential] {
        var sets: [String: [String: String]] = [:]
        for variable in variables where variable.hasPrefix(prefix) {
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { continue }
            let name = String(parts[0].dropFirst(prefix.count))
            guard let field = fields.first(where: { name == $0 || name.hasPrefix($0 + "_") }) else {
                throw .variableUnknown(String(parts[0]))
            }
            sets[String(name.dropFirst(field.count)), default: [:]][field] = String(parts[1])
        }
        var found: [GivenCredential] = []
        for (ending, set) in sets.sorted(by: { $0.key < $1.key }) { found.append(try given(set, ending)) }
        return found
    }

    private static func given(_ set: [String: String], _ ending: String) throws(CredentialError) -> GivenCredential {
        func name(_ field: String) -> String { prefix + field + ending }
        guard let host = set["HOST"] else {
            throw .variableAlone(name(set.keys.min() ?? "USERNAME"), missing: name("HOST"))
        }
        let credential: RegistryCredential
        if let token = set["REGISTRY_TOKEN"] {
            credential = .bearer(token)
        } else if let token = set["IDENTITY_TOKEN"] {
            credential = .identityToken(token)
        } else {
            guard let username = set["USERNAME"] else {
                throw .variableAlone(name(set["PASSWORD"] == nil ? "HOST" : "PASSWORD"), missing: name("USERNAME"))
            }
            guard let password = set["PASSWORD"] else {
                throw .variableAlone(name("USERNAME"), missing: name("PASSWORD"))
            }
            credential = .basic(username: username, password: password)
        }
        guard credential.isSendable else { throw .unsendable(place: "the variables \(prefix)…\(ending)") }
        guard let reference = try? ImageReference(parsing: host + "/x"), reference.registry != nil, reference.tag == nil
        else { throw .variableHost(name("HOST")) }
        return GivenCredential(CredentialKey(host), credential)
    }
}
