// SPDX-License-Identifier: Apache-2.0

/// What all connections to one registry share during a run: tokens, how it wants to be authenticated against, warnings
/// that were shown. Any thread.
package final class RegistrySession: Sendable {
    package let registry: RegistryHost
    package let settings: RegistrySettings

    package init(_ registry: RegistryHost, _ settings: RegistrySettings) {
        self.registry = registry
        self.settings = settings
    }
}
