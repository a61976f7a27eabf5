// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSupervisor

/// What commands that load services ask about them: upstream's names, as far as one supervisor alone can serve them.
enum ServiceOptions {
    static let options: [OptionSpec] =
        [
            OptionSpec("group", .string("NAME"), help: "Run it in this service group; default without it"),
            OptionSpec(
                "bind", .string("BIND:SERVICE.GROUP"), repeatable: true,
                help: "Let it use a service of this supervisor; of a composite, MEMBER:BIND:SERVICE.GROUP"),
            OptionSpec(
                "bind-address", .string("BIND=HOST:PORT"), repeatable: true,
                help: "Let it use what runs at this address; ,NAME=VALUE adds what else it would export"),
            OptionSpec(
                "binding-mode",
                .choice(
                    "MODE",
                    [
                        OptionSpec.Choice("strict", "it waits until what it is bound to is up"),
                        OptionSpec.Choice("relaxed", "it starts all the same"),
                    ]), help: "Whether it waits for its binds; strict without it"),
            OptionSpec(
                "health-check-interval", short: "i", .integer("SECONDS", 1...86_400),
                help: "Run its health-check hook so often; 30 without it"),
        ] + ring + former

    /// What needs supervisors that know each other: known, so that the refusal can say why.
    private static let ring: [OptionSpec] = [
        OptionSpec("topology", short: "t", .string("TOPOLOGY"), hidden: true, help: "Only standalone"),
        OptionSpec("strategy", short: "s", .string("STRATEGY"), hidden: true, help: "Only none"),
    ]

    /// Of the original, without effect: no Builder is asked for anything.
    private static let former: [OptionSpec] = [
        OptionSpec("url", short: "u", .string("URL"), hidden: true, help: "No Builder is asked"),
        OptionSpec("channel", .string("CHANNEL"), hidden: true, help: "No Builder is asked"),
        OptionSpec("shutdown-timeout", .string("SECONDS"), hidden: true, help: "The package says it"),
    ]

    /// One that somebody has given, and that is about a service.
    static func given(_ arguments: ParsedArguments) -> String? {
        ["group", "bind", "bind-address", "binding-mode", "health-check-interval"].first {
            arguments.source($0) == .commandLine
        }
    }

    static func wishes(_ arguments: ParsedArguments) throws -> ServiceLoader.Wishes {
        if let topology = arguments.string("topology"), topology != "standalone" {
            throw ServiceRefusal.needsRing(
                "--topology \(topology)", instead: "leave it away: a service alone is its own leader")
        }
        if let strategy = arguments.string("strategy"), strategy != "none" {
            throw UsageError.refused(
                "'--strategy \(strategy)' needs a Builder that is asked for updates, which this supervisor does not",
                hint: "install the newer release, then load it anew: bio svc load --force IDENT")
        }
        var wishes = ServiceLoader.Wishes()
        if let group = arguments.string("group") {
            guard ServiceGroup.isName(group) else {
                throw UsageError.refused(
                    "'\(group)' of --group is no name of a group", hint: "letters, digits, '-' and '_' are in one")
            }
            wishes.group = group
        }
        for text in arguments.strings("bind") { wishes.binds.append(try ServiceBind(parsing: text)) }
        for text in arguments.strings("bind-address") { wishes.addresses.append(try BoundAddress(parsing: text)) }
        wishes.bindingMode = arguments.string("binding-mode").flatMap { ServiceSpec.BindingMode(rawValue: $0) }
        wishes.healthCheckInterval = arguments.integer("health-check-interval").map { UInt32(clamping: $0) }
        return wishes
    }
}

extension CommandContext {
    var supervisorPlaces: SupervisorPlaces { SupervisorPlaces(in: fileSystemRoot) }

    /// What templates and hooks of services know of this machine and process.
    var hostFacts: HostFacts { hostFacts(without: nil) }

    /// The same without a variable.
    func hostFacts(without variable: String?) -> HostFacts {
        let start = variable.map { "\($0)=" }
        return HostFacts(
            effectiveUserID: userID, hostName: HostFacts.currentHostName(), address: HostFacts.currentAddress(),
            version: BioVersion.number,
            variables: environment.all.filter { entry in start.map { !entry.hasPrefix($0) } ?? true })
    }

    /// The ident of what is to be loaded.
    func loadedIdent(_ text: String) throws -> PackageIdent {
        guard case .artifact(let path) = try PackageSource(parsing: text) else { return try parseIdent(text) }
        throw UsageError.refused(
            "'\(path)' is an artifact, and services are loaded from what is installed",
            hint: "install it: bio pkg install '\(path)'")
    }

    /// For who waits for those who change specs.
    func tellWaiting(for lock: String) {
        status.warn("waits for another command that changes services: it has locked '\(lock)'")
    }

    /// Of the specs that are there, those that `text` means: an ident, a composite's ident, a name, or SERVICE.GROUP.
    func loadedServices(_ text: String) throws -> [ServiceSpec] {
        let (specs, faults) = try ServiceSpecs(in: fileSystemRoot).all()
        let ident = try? PackageIdent(parsing: text)
        let found = specs.filter { spec in
            if let ident {
                return Self.isMeant(spec.ident, by: ident) || isRelease(ident, of: spec)
                    || spec.composite.map { Self.isMeant($0, by: ident) } ?? false
            }
            return spec.name == text || spec.serviceGroup.description == text
        }
        // One that may not be read is not one that is missing.
        let name = ident?.name ?? String(text.prefix { $0 != "." })
        if found.isEmpty, let fault = faults.first(where: { $0.name == name }) { throw ServiceSpecs.refusal(fault) }
        guard !found.isEmpty else {
            throw ServiceRefusal.notLoaded(text, known: specs.map(\.ident.unversioned.description))
        }
        return found
    }

    /// Whether the service runs as that release, or would: what `bio svc status` names it by.
    private func isRelease(_ asked: PackageIdent, of spec: ServiceSpec) -> Bool {
        if let running = supervisorPlaces.runningIdent(spec.name) { return running.satisfies(asked) }
        return (try? store.latest(satisfying: spec.ident))??.ident.satisfies(asked) ?? false
    }

    private static func isMeant(_ ident: PackageIdent, by asked: PackageIdent) -> Bool {
        ident.unversioned == asked.unversioned && (asked.version == nil || asked == ident)
    }
}
