// SPDX-License-Identifier: Apache-2.0

import BioRegistry

/// `bio registry logout`
enum RegistryLogout {
    static let spec = CommandSpec(
        "logout", abstract: "Forget the login of a registry",
        discussion: """
            Removes what is kept for the registry, or for host/path if so named: from the credential helper, and from \
            docker's configuration or the file of --authfile. The registry is not asked. Who was not logged in is not \
            afterwards, which is no failure.
            """,
        examples: [.init("bio registry logout registry.example", "Forget who one was there")],
        arguments: [RegistryArgument.argument],
        options: [RegistryOptions.authFile], exitCodes: [.interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let key = try RegistryArgument.resolve(arguments)
        let places = context.credentialPlaces(arguments)
        let removed = try CredentialStore(places, helpers: try context.helperSettings())?.remove(key) ?? []
        for path in CredentialStore.others(places, having: key) {
            context.status.warn(
                "'\(path)' has a login for \(key.name) too: bio registry logout --authfile \(path) \(key.name)")
        }
        let given = try EnvironmentCredentials.read(context.environment.all)
        if given.contains(where: { $0.key == key }) {
            context.status.warn("a variable \(EnvironmentCredentials.names[0]) gives a login for \(key.name) too")
        }
        context.status.end(removed.isEmpty ? "Nobody was logged in to \(key.name)" : "Logged out from \(key.name)")
    }
}
