// SPDX-License-Identifier: Apache-2.0

import BioHTTP
package import BioRegistry

/// The options that every command that talks to registries has (docs/reference/registries.md).
package enum RegistryOptions {
    private static let section = "Registries"

    /// Put these rows behind the command's own; `CommandContext.registries` reads them.
    package static let rows: [OptionSpec] = [
        OptionSpec(
            "authfile", .path("FILE"), environment: ["REGISTRY_AUTH_FILE"], section: section,
            help: "Take credentials from this file alone, in the form of docker's config.json"),
        OptionSpec(
            "registry-ca-cert-path", .path("FILE"), repeatable: true, section: section,
            help: "Believe this certificate authority too, a PEM file"),
        OptionSpec(
            "registry-client-cert", .path("FILE"), section: section,
            help: "Show registries this certificate, a PEM file"),
        OptionSpec(
            "registry-client-key", .path("FILE"), section: section, help: "The key of --registry-client-cert"),
        OptionSpec(
            "no-registry-verify-certs", .flag, section: section,
            help: "Take any certificate: whoever is on the way can listen and change"),
        OptionSpec(
            "registry-insecure", .flag, section: section,
            help: "Speak http where https is not spoken, elsewhere than on this machine too"),
        OptionSpec(
            "registry-connections", .integer("N", 1...64), fallback: "4", section: section,
            help: "Hold so many connections to one registry at a time"),
    ]
}

extension CommandContext {
    /// How registries are spoken to, by the options in `RegistryOptions.rows` and the environment. `given` are
    /// credentials that other options of the command gave: they count before all others.
    package func registries(
        _ arguments: ParsedArguments, given: [GivenCredential] = []
    ) throws -> RegistrySettings {
        let authorities = arguments.strings("registry-ca-cert-path").map(absolute)
        let certificate = arguments.string("registry-client-cert").map(absolute)
        let key = arguments.string("registry-client-key").map(absolute)
        if (certificate == nil) != (key == nil) {
            throw CommandFailure(
                .usage, "--registry-client-cert and --registry-client-key belong together", hint: "give both")
        }
        let verifies = !arguments.flag("no-registry-verify-certs")
        return RegistrySettings(
            credentials: ConfiguredCredentials(given: given),
            tls: { _ in
                TLSSettings(
                    authorities: authorities, clientCertificate: certificate, clientKey: key, verifiesPeer: verifies)
            },
            allowsPlainHTTP: arguments.flag("registry-insecure"),
            connections: arguments.integer("registry-connections") ?? 4, userAgent: "bio/\(BioVersion.number)",
            cancellation: cancellation)
    }
}
