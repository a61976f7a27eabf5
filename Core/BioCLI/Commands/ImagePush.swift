// SPDX-License-Identifier: Apache-2.0

import BioOCI
import BioRegistry

/// The options by which upstream's exporter pushes: `--push-image`, and as whom (docs/reference/image-options.md). They
/// make a place of a registry, and a credential for it; `--to docker://…` takes the credential too.
struct ImagePush {
    private static let section = "Pushing"

    static let rows: [OptionSpec] = [
        OptionSpec(
            "push-image", .flag, section: section,
            help: "Push the image to its registry: that of --registry-url, or Docker Hub"),
        OptionSpec("no-push-image", .flag, hidden: true, section: section, help: "Do not, which holds without it too"),
        OptionSpec("username", short: "U", .string("NAME"), section: section, help: "Push as this user"),
        OptionSpec(
            "password", short: "P", .string("PASSWORD"), section: section,
            help: "With this password, which others can read in the list of processes"),
        OptionSpec(
            "password-stdin", .flag, section: section, help: "Read the password from standard input"),
        OptionSpec(
            "password-file", .path("FILE"), section: section, help: "Read the password from this file"),
        OptionSpec(
            "registry-type", short: "R",
            .choice(
                "TYPE",
                [
                    .init("amazon", "an access key, for Elastic Container Registry"),
                    .init("azure", "name and password"),
                    .init("docker", "name and password"),
                ]), fallback: "docker", section: section, help: "What user and password are"),
        OptionSpec(
            "registry-region", .string("REGION"), section: section,
            help: "With --registry-type amazon: ask this region; else the registry's name tells it"),
    ]

    /// Whether `--push-image` is there.
    let isWanted: Bool
    private let arguments: ParsedArguments
    private let context: CommandContext
    private let source: PasswordSource
    private var kind: String { arguments.string("registry-type") ?? "docker" }
    private var isAmazon: Bool { kind == "amazon" }

    /// Refuses what contradicts itself. `named` are the places of `--to`.
    init(_ arguments: ParsedArguments, named: [ImageLocation], _ context: CommandContext) throws {
        self.arguments = arguments
        self.context = context
        isWanted = arguments.flag("push-image")
        source = try PasswordSource(arguments)
        if isWanted && arguments.flag("no-push-image") {
            throw CommandFailure(
                .usage, "--push-image and --no-push-image contradict each other", hint: "give one of them")
        }
        let registries = Self.registries(of: named)
        guard isWanted || !registries.isEmpty else {
            for option in ["username", "password", "password-stdin", "password-file", "registry-region"]
            where arguments.source(option) == .commandLine {
                context.status.warn("--\(option): the image goes to no registry")
            }
            return
        }
        try checkCompleteness(namesRegistry: !registries.isEmpty)
        if arguments.string("password") != nil && context.registryUse.isNew("password") {
            context.status.warn(
                "--password: others can read it in the list of processes; --password-stdin and --password-file hide it")
        }
    }

    private func checkCompleteness(namesRegistry: Bool) throws(CommandFailure) {
        let passwords = (arguments.string("password") == nil ? 0 : 1) + (source.isGiven ? 1 : 0)
        if passwords > 1 {
            throw CommandFailure(
                .usage, "--password, --password-stdin and --password-file cannot be given together",
                hint: "give one of them")
        }
        switch (arguments.string("username"), passwords) {
        case (_?, 0):
            throw CommandFailure(
                .usage, "--username without a password", hint: "give --password-stdin or --password-file FILE too")
        case (nil, 1): throw CommandFailure(.usage, "a password without --username", hint: "give --username NAME too")
        default: break
        }
        if kind != "docker", !namesRegistry, arguments.string("registry-url") == nil {
            throw CommandFailure(
                .usage, "--registry-type \(kind) needs a registry", hint: "name it with --registry-url HOST")
        }
        if arguments.string("registry-region") != nil && !isAmazon {
            throw CommandFailure(
                .usage, "--registry-region is for --registry-type amazon", hint: "leave it out, or give both")
        }
    }

    /// The place that `--push-image` is, for an image with these names; nil when it is not there.
    func location(_ references: [ImageReference]) throws -> ImageLocation? {
        guard isWanted, let first = references.first else { return nil }
        return .registry(try ImageReference(name: first.name, tag: String?.none))
    }

    /// The credential that the options give, for the one registry among `places`; nil when they give none. With
    /// `--registry-type amazon` Amazon is asked for it.
    func credential(for places: [ImageLocation], _ settings: RegistrySettings) throws -> GivenCredential? {
        try claim(places)
        let username = arguments.string("username")
        guard username != nil || isAmazon, let registry = Self.registries(of: places).first else { return nil }
        let password = try arguments.string("password") ?? source.read(context)
        let credential =
            isAmazon
            ? try amazon(registry, username, password, settings)
            : RegistryCredential.basic(username: username ?? "", password: password ?? "")
        guard credential.isSendable else { throw CredentialError.unsendable(place: "--username and its password") }
        return GivenCredential(CredentialKey(of: registry), credential)
    }

    /// Refuses a second registry where name and password are given: what they are for is one, of all that the command
    /// pushes.
    func claim(_ places: [ImageLocation]) throws(CommandFailure) {
        guard arguments.string("username") != nil || isAmazon else { return }
        guard Self.registries(of: places).allSatisfy(context.registryUse.claimsCredential) else {
            throw CommandFailure(
                .usage,
                "the export goes to several registries, and \(isAmazon ? "--registry-type" : "--username") is for one",
                hint: "log in to them: bio registry login REGISTRY")
        }
    }

    private func amazon(
        _ registry: RegistryHost, _ username: String?, _ password: String?, _ settings: RegistrySettings
    ) throws -> RegistryCredential {
        let known = { (variable: String) in context.environment[variable] }
        let keys = try AmazonKeys(accessKey: username, secretKey: password, lookup: known)
        let place = try AmazonRegistry(registry, region: arguments.string("registry-region"), lookup: known)
        return try place.credential(keys, settings)
    }

    /// Each registry once.
    private static func registries(of places: [ImageLocation]) -> [RegistryHost] {
        var registries: [RegistryHost] = []
        for case .registry(let reference) in places {
            let registry = Repository(of: reference).registry
            if !registries.contains(registry) { registries.append(registry) }
        }
        return registries
    }
}
