// SPDX-License-Identifier: Apache-2.0

/// Whom a client believes over TLS, and as whom it comes. Paths of PEM files.
package struct TLSSettings: Hashable, Sendable {
    /// Certificate authorities besides those of the system.
    package var authorities: [String]
    package var clientCertificate: String?
    package var clientKey: String?
    /// False: any certificate will do. The user must have asked for that.
    package var verifiesPeer: Bool

    package init(
        authorities: [String] = [], clientCertificate: String? = nil, clientKey: String? = nil,
        verifiesPeer: Bool = true
    ) {
        self.authorities = authorities
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.verifiesPeer = verifiesPeer
    }
}
