// SPDX-License-Identifier: Apache-2.0

package import BioHTTP
package import BioSystem

/// How registries are spoken to.
package struct RegistrySettings: Sendable {
    package var credentials: any CredentialProvider
    /// What to connect to each registry with: its own certificate authorities, a client certificate.
    package var tls: @Sendable (RegistryHost) throws -> TLSSettings
    /// Whether `http` may be spoken to hosts that are no loopback addresses.
    package var allowsPlainHTTP: Bool
    package var limits: HTTPClient.Limits
    /// Connections to one host at a time.
    package var connections: Int
    /// How often a request that may be repeated is sent again before the answer counts.
    package var retries: Int
    package var userAgent: String
    package var cancellation: Cancellation
    /// Gets what a registry wants its users to be told, each text once; any thread.
    package var warn: @Sendable (RegistryHost, String) -> Void = { _, _ in }

    package init(
        credentials: any CredentialProvider = NoCredentials(),
        tls: @escaping @Sendable (RegistryHost) throws -> TLSSettings = { _ in TLSSettings() },
        allowsPlainHTTP: Bool = false, limits: HTTPClient.Limits = .init(connect: 10, stall: 60),
        connections: Int = 4, retries: Int = 4, userAgent: String = "bio", cancellation: Cancellation = .never
    ) {
        self.credentials = credentials
        self.tls = tls
        self.allowsPlainHTTP = allowsPlainHTTP
        self.limits = limits
        self.connections = connections
        self.retries = retries
        self.userAgent = userAgent
        self.cancellation = cancellation
    }
}
