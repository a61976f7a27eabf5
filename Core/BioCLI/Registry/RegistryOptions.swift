// SPDX-License-Identifier: Apache-2.0

/// The options that every command that talks to registries has (docs/reference/registries.md).
package enum RegistryOptions {
    static let section = "Registries"

    static let authFile = OptionSpec(
        "authfile", .path("FILE"), environment: ["REGISTRY_AUTH_FILE"], section: section,
        help: "Use the logins in this file alone; it has the form of docker's config.json")

    /// Put these rows behind the command's own; `CommandContext.registries` reads them.
    package static let rows: [OptionSpec] = [
        authFile,
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
