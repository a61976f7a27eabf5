// SPDX-License-Identifier: Apache-2.0

import BioHTTP
package import BioRegistry
import BioSystem

/// How registries are spoken to, by variables and the options in `RegistryOptions.rows`.
extension CommandContext {
    /// `given` are credentials that other options of the command gave: they count before all others.
    package func registries(
        _ arguments: ParsedArguments, given: [GivenCredential] = []
    ) throws -> RegistrySettings {
        let own = try tlsSettings(arguments)
        let directories = certificateDirectories
        var settings = RegistrySettings(
            credentials: ConfiguredCredentials(
                given: given, environment: try EnvironmentCredentials.read(environment.all),
                places: credentialPlaces(arguments), helpers: try helperSettings()),
            tls: { registry in try directories.adding(to: own, for: registry) },
            allowsPlainHTTP: arguments.flag("registry-insecure"),
            connections: arguments.integer("registry-connections") ?? 4, userAgent: "bio/\(BioVersion.number)",
            cancellation: cancellation)
        settings.warn = { [status] registry, text in status.warn("\(registry): \(text)") }
        return settings
    }

    /// Where credentials are.
    func credentialPlaces(_ arguments: ParsedArguments) -> CredentialPlaces {
        // A variable may name what a login will make.
        CredentialPlaces(
            authFile: arguments.string("authfile").map(absolute),
            needsAuthFile: arguments.source("authfile") == .commandLine
        ) { variable in environment[variable].map(absolute) }
    }

    /// How credential helpers are started. They get the variables of this process but those that are credentials.
    func helperSettings() throws(CommandFailure) -> CredentialProgram.Settings {
        var settings = CredentialProgram.Settings(
            searchPath: environment["PATH"] ?? "",
            variables: environment.all.filter { !EnvironmentCredentials.isSecret($0) }, cancellation: cancellation)
        if let text = environment["BIO_CREDENTIAL_HELPER_TIMEOUT"] {
            guard let seconds = Int(text), 1...3600 ~= seconds else {
                throw CommandFailure(
                    .usage, "'\(text)' of the variable BIO_CREDENTIAL_HELPER_TIMEOUT is no number of seconds",
                    hint: "give a whole number from 1 to 3600")
            }
            settings.seconds = seconds
        }
        return settings
    }

    private func tlsSettings(_ arguments: ParsedArguments) throws -> TLSSettings {
        let authorities = arguments.strings("registry-ca-cert-path").map(absolute)
        let certificate = arguments.string("registry-client-cert").map(absolute)
        let key = arguments.string("registry-client-key").map(absolute)
        if (certificate == nil) != (key == nil) {
            throw CommandFailure(
                .usage, "--registry-client-cert and --registry-client-key belong together", hint: "give both")
        }
        // Said here, with the path: libcurl would say that something is wrong with some file.
        for path in authorities + [certificate, key].compactMap({ $0 }) { _ = try FileDescriptor.open(path) }
        return TLSSettings(
            authorities: authorities, clientCertificate: certificate, clientKey: key,
            verifiesPeer: !arguments.flag("no-registry-verify-certs"))
    }

    /// Those of the user first, then those of the machine.
    private var certificateDirectories: CertificateDirectories {
        let configuration = environment["XDG_CONFIG_HOME"].map(absolute) ?? home.map { "\(absolute($0))/.config" }
        return CertificateDirectories(
            (configuration.map { ["\($0)/containers/certs.d", "\($0)/docker/certs.d"] } ?? [])
                + ["/etc/containers/certs.d", "/etc/docker/certs.d"])
    }
}
