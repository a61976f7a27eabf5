// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioSupervisor
import BioSystem

/// `bio config apply`
enum ConfigurationApply {
    static let spec = CommandSpec(
        "apply", abstract: "Set configuration of a service while it runs",
        discussion: """
            The TOML in FILE, or on standard input, is the last layer of the service's configuration: over default.toml, \
            user.toml and the variable HAB_NAME. It takes the place of what an earlier version applied, as a whole, and \
            stays when the supervisor is started anew. VERSION must be greater than that of what is applied.
            """,
        examples: [
            CommandSpec.Example("echo 'port = 7000' | bio config apply redis.default 1", "Let it listen elsewhere")
        ],
        arguments: [
            ArgumentSpec("SERVICE.GROUP", help: "the service and its group"),
            ArgumentSpec("VERSION", help: "a whole number, greater than the one before"),
            ArgumentSpec("FILE", .optional, help: "TOML file; standard input without it"),
        ],
        options: [
            OptionSpec("user", short: "u", .string("NAME"), hidden: true, help: "No ring asks who applies it")
        ], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let group = try ServiceGroup(parsing: arguments.argument("SERVICE.GROUP") ?? "")
        let text = arguments.argument("VERSION") ?? ""
        guard let version = UInt64(text), version <= UInt64(Int64.max) else {
            throw UsageError.refused("'\(text)' is no version: a whole number is one", hint: nil)
        }
        let value: DocumentValue
        if let path = arguments.argument("FILE"), path != "-" {
            let file = try FileDescriptor.open(path)
            let bytes: [UInt8]
            do throws(Errno) { bytes = try file.readToEnd(limit: 1 << 20) } catch {
                throw SystemError("read", path, error)
            }
            value = try AppliedConfiguration.parse(bytes, origin: path)
        } else {
            let bytes = try context.input.readToEnd(limit: 1 << 20)
            // Where nobody writes anything, as in a job of cron, that is not what was meant.
            guard !bytes.isEmpty else {
                throw UsageError.refused(
                    "standard input is empty", hint: "to take back what was applied, give an empty file: /dev/null")
            }
            value = try AppliedConfiguration.parse(bytes, origin: "standard input")
        }
        try AppliedConfiguration.apply(value, version: version, to: group, in: context.fileSystemRoot)
        if try !ServiceSpecs(in: context.fileSystemRoot).all().specs.contains(where: { $0.serviceGroup == group }) {
            context.status.warn("no service '\(group)' is loaded: it counts once one is")
        }
        try ServiceChange.tell(context)
        context.status.end("Version \(version) of the configuration of \(group) is applied")
    }
}

/// `bio config show`
enum ConfigurationShow {
    static let spec = CommandSpec(
        "show", abstract: "Print the configuration that a service has",
        discussion: """
            Everything that its templates find under cfg, as TOML: all layers in one. The variable HAB_NAME is that of \
            this command, not of the supervisor.
            """,
        examples: [CommandSpec.Example("bio config show redis.default", "See what it runs with")],
        arguments: [ArgumentSpec("SERVICE.GROUP", help: "a service that is loaded, and its group")],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let group = try ServiceGroup(parsing: arguments.argument("SERVICE.GROUP") ?? "")
        guard let spec = try context.loadedServices(group.description).first else { return }
        let package = try context.installed(spec.ident)
        let definition = try ServiceDefinition(package, in: context.store, context.hostFacts)
        let applied = try AppliedConfiguration(of: group, in: context.fileSystemRoot)
        let configuration = try definition.configuration(applied: applied?.value)
        try context.result.text(configuration.value.tomlText())
    }
}

/// `bio pkg config`
enum PackageConfiguration {
    static let spec = CommandSpec(
        "config", abstract: "Print what can be configured of a service, with its defaults",
        discussion: "Prints the package's default.toml as it stands.",
        examples: [CommandSpec.Example("bio pkg config core/redis", "See what user.toml may say")],
        arguments: [ArgumentSpec("PKG", help: "ident of a package, or artifact file")],
        exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let found = try PackageLookup(context: context, target: .host).find(arguments.argument("PKG") ?? "")
        guard let text = found.metadata.defaultConfiguration else {
            return context.status.info("'\(found.ident)' has no default.toml: nothing of it can be configured")
        }
        try context.result.text(text)
    }
}
