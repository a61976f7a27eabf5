// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSupervisor
import Glibc

/// `bio svc load`
enum ServiceLoad {
    static let spec = CommandSpec(
        "load", abstract: "Let the supervisor run a service, now and whenever it starts",
        discussion: """
            The service must be installed. Its settings are kept in /hab/sup/default/specs; a supervisor that runs \
            starts it at once, one that does not the next time. Of a composite all services are loaded, in the releases \
            that it was built with and bound as it says.

            Required binds must be given, and services must not wait for each other in a circle.
            """,
        examples: [
            CommandSpec.Example("bio svc load core/redis", "Run a service"),
            CommandSpec.Example("bio svc load acme/app --bind redis:redis.default", "Run one that uses it"),
        ],
        arguments: [ArgumentSpec("PKG", help: "ident of a service or composite: origin/name[/version[/release]]")],
        options: [
            OptionSpec("force", short: "f", .flag, help: "Load it anew, with what is said now, if it is loaded already")
        ] + ServiceOptions.options,
        exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let ident = try context.loadedIdent(arguments.argument("PKG") ?? "")
        let loader = ServiceLoader(context.store)
        let specs = try loader.specs(for: ident, ServiceOptions.wishes(arguments))
        try loader.load(
            specs, force: arguments.flag("force"), cancellation: context.cancellation, waiting: context.tellWaiting)
        try ServiceChange.tell(context)
        for spec in specs { context.status.end("The service \(spec.serviceGroup) is loaded, of \(spec.ident)") }
    }
}

/// `bio svc unload`, `start` and `stop`
enum ServiceChange {
    private static let argument = ArgumentSpec(
        "SERVICE", help: "ident of the service or of its composite, its name, or SERVICE.GROUP")

    static let unload = CommandSpec(
        "unload", abstract: "End a service, and forget it",
        discussion: "Its directories in /hab/svc stay. Returns when it has ended.",
        examples: [CommandSpec.Example("bio svc unload core/redis", "Run it no longer")],
        arguments: [argument], options: former,
        action: { arguments, context in try run(arguments, context, .unload) })

    static let start = CommandSpec(
        "start", abstract: "Start a service that is loaded and has been stopped",
        examples: [CommandSpec.Example("bio svc start core/redis", "Run it again")],
        arguments: [argument], options: former,
        action: { arguments, context in try run(arguments, context, .start) })

    static let stop = CommandSpec(
        "stop", abstract: "Stop a service until it is started again",
        discussion: "It stays loaded, and stopped when the supervisor starts anew. Returns when it has ended.",
        examples: [CommandSpec.Example("bio svc stop core/redis", "Let it rest")],
        arguments: [argument], options: former,
        action: { arguments, context in try run(arguments, context, .stop) })

    private static let former = [
        OptionSpec("shutdown-timeout", .string("SECONDS"), hidden: true, help: "The package says it")
    ]

    private enum Change { case unload, start, stop }

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext, _ change: Change) throws {
        let found = try write(change, of: arguments.argument("SERVICE") ?? "", context)
        let isRunning = try tell(context)
        for (name, shown) in found {
            if isRunning && change != .start { try waitForEnd(of: name, context) }
            // One that has been killed has left it.
            if !isRunning && change != .start && context.supervisorPlaces.isRunning(name) {
                context.status.warn("the process of \(shown) goes on until a supervisor starts, which ends it")
                continue
            }
            switch change {
            case .unload: context.status.end("The service \(shown) is unloaded")
            case .start: context.status.end("The service \(shown) is started")
            case .stop: context.status.end("The service \(shown) is stopped")
            }
        }
    }

    /// - Returns: the services, and how they are named to people.
    private static func write(
        _ change: Change, of text: String, _ context: CommandContext
    ) throws -> [(name: String, shown: String)] {
        let specs = ServiceSpecs(in: context.fileSystemRoot)
        // What is asked for by its very name can be forgotten, whatever its spec says.
        let fault = try change == .unload ? specs.all().faults.first { $0.name == text } : nil
        // Nothing is locked, nor made, for a service that is not there.
        if fault == nil { _ = try context.loadedServices(text) }
        let lock = try specs.locked(context.cancellation, waiting: context.tellWaiting)
        defer { withExtendedLifetime(lock) {} }
        if let fault {
            try specs.remove(fault.name)
            context.status.warn("its spec had a fault: \(fault.error)")
            return [(fault.name, fault.name)]
        }
        let found = try context.loadedServices(text)
        for var spec in found {
            switch change {
            case .unload: try specs.remove(spec.name)
            case .start, .stop:
                spec.desiredState = change == .start ? .up : .down
                try specs.write(spec)
            }
        }
        return found.map { ($0.name, $0.serviceGroup.description) }
    }

    /// Lets a supervisor that runs look at what has been written. False when none runs: then it is for the next one.
    @discardableResult static func tell(_ context: CommandContext) throws -> Bool {
        do throws(SupervisorError) {
            _ = try ControlClient(context.supervisorPlaces).ask(.sync)
            return true
        } catch {
            switch error {
            case .refused(.noSupervisor, _):
                context.status.warn("no supervisor runs here: it takes effect when one starts (bio sup run)")
            // As in a chroot that becomes an image. One that was started outside may look at the files all the same.
            case .refused(.noProcessFiles, _):
                context.status.warn(
                    "'/proc' is not mounted here: whether a supervisor runs cannot be seen. It takes effect at once if "
                        + "one does, otherwise when one starts (bio sup run)")
            default: throw error
            }
            return false
        }
    }

    private static func waitForEnd(of name: String, _ context: CommandContext) throws {
        let client = ControlClient(context.supervisorPlaces)
        do throws(SupervisorError) {
            while try client.ask(.status).contains(where: { $0.service == name && $0.state != "down" }) {
                if context.interruption.isRequested { throw .cancelled }
                usleep(20_000)
            }
        } catch {
            // A supervisor that ends meanwhile ends it too; one that was killed does not.
            if case .cancelled = error { throw error }
            if context.supervisorPlaces.isRunning(name) { throw error }
        }
    }
}
