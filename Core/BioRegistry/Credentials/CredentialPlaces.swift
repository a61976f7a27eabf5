// SPDX-License-Identifier: Apache-2.0

/// Where a user's credentials are, by his variables.
package struct CredentialPlaces: Hashable, Sendable {
    /// Docker's `config.json`, which a login is written to; nil when nobody knows where it would be.
    package let docker: String?
    /// The one file that is asked, and written, instead of all others.
    package let authFile: String?
    /// Whether a missing `authFile` is an error; else it counts as empty.
    package let needsAuthFile: Bool
    /// Podman's.
    package let podman: [String]

    /// `lookup` gives the value of a variable, nil for an empty one; `authFile` is what the user says, absolute.
    package init(authFile: String?, needsAuthFile: Bool = true, lookup: (String) -> String?) {
        let home = lookup("HOME")
        docker = lookup("DOCKER_CONFIG").map { "\($0)/config.json" } ?? home.map { "\($0)/.docker/config.json" }
        self.authFile = authFile
        self.needsAuthFile = needsAuthFile
        let configuration = lookup("XDG_CONFIG_HOME") ?? home.map { "\($0)/.config" }
        podman = [lookup("XDG_RUNTIME_DIR"), configuration].compactMap { $0.map { "\($0)/containers/auth.json" } }
    }

    /// In the order in which they are asked.
    var files: [String] { authFile.map { [$0] } ?? [docker].compactMap { $0 } + podman }

    /// What a login is written to.
    package var written: String? { authFile ?? docker }
}
