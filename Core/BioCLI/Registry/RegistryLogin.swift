// SPDX-License-Identifier: Apache-2.0

import BioRegistry

/// `bio registry login`
enum RegistryLogin {
    static let spec = CommandSpec(
        "login", abstract: "Log in to a registry, for this and other programs",
        discussion: """
            The registry is asked whether it lets the user in, and only then the login is kept: by the credential \
            helper that docker's configuration names for it, else in that configuration, \
            ~/.docker/config.json or DOCKER_CONFIG, where docker, podman and others find it too. All else in the file \
            stays. With --authfile it is kept in that file.

            Without --password-stdin and --password-file the password is asked for on the terminal. No option takes \
            it: others could read it in the list of processes.
            """,
        examples: [
            .init("bio registry login registry.example", "Log in, with name and password from the terminal"),
            .init(
                "pass show registry | bio registry login registry.example -u jo --password-stdin",
                "Log in from a script"),
        ],
        arguments: [RegistryArgument.argument],
        options: [
            OptionSpec("username", short: "u", .string("NAME"), help: "Log in as this user"),
            OptionSpec("password-stdin", .flag, help: "Read the password, or a token, from standard input"),
            OptionSpec("password-file", .path("FILE"), help: "Read the password, or a token, from this file"),
        ] + RegistryOptions.rows,
        exitCodes: [.remoteRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let key = try RegistryArgument.resolve(arguments)
        let places = context.credentialPlaces(arguments)
        guard let store = CredentialStore(places, helpers: try context.helperSettings()) else {
            throw CommandFailure(
                .failure, "nobody says where logins are kept", hint: "set HOME or DOCKER_CONFIG, or give --authfile")
        }
        let source = try PasswordSource(arguments)
        var settings = try context.registries(arguments)
        let username = try arguments.string("username") ?? PasswordPrompt(context).username(for: key.name)
        let password = try source.read(context) ?? PasswordPrompt(context).password(of: username, at: key.name)
        let credential = RegistryCredential.basic(username: username, password: password)
        guard credential.isSendable, !username.isEmpty, !password.isEmpty else {
            throw CommandFailure(
                .usage, "a user name has no colon, and neither name nor password is empty or has control characters",
                hint: nil)
        }
        // Nobody else's credentials may make it look as if these were good.
        settings.credentials = GivenCredentials([GivenCredential(CredentialKey(key.host), credential)])
        do {
            try RegistryClient(RegistrySession(RegistryHost(key.host), settings)).ping()
        } catch RegistryError.unauthorized {
            throw CommandFailure(
                .remote, "'\(key.host)' does not let '\(username)' in", hint: "look at the user name and the password")
        }
        switch try store.store(credential, for: key) {
        case .helper(let name):
            context.status.end("Logged in to \(key.name) as \(username); \(name) keeps the password")
        case .file(let path):
            context.status.warn(
                "the password is in '\(path)' as plain text; a credential helper would keep it from others")
            context.status.end("Logged in to \(key.name) as \(username)")
        }
    }
}
