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
        try loader.load(specs, force: arguments.flag("force"), cancellation: context.cancellation)
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
        let store = ServiceSpecs(in: context.fileSystemRoot)
        let text = arguments.argument("SERVICE") ?? ""
        // Nothing is locked, nor made, for a service that is not there.
        _ = try context.loadedServices(text)
        let found = try write(change, of: text, store, context)
        let isRunning = try tell(context)
        for spec in found {
            if isRunning && change != .start { try waitForEnd(of: spec, context) }
            switch change {
            case .unload: context.status.end("The service \(spec.serviceGroup) is unloaded")
            case .start: context.status.end("The service \(spec.serviceGroup) is started")
            case .stop: context.status.end("The service \(spec.serviceGroup) is stopped")
            }
        }
    }

    private static func write(
        _ change: Change, of text: String, _ store: ServiceSpecs, _ context: CommandContext
    ) throws -> [ServiceSpec] {
        let lock = try store.locked(context.cancellation)
        defer { withExtendedLifetime(lock) {} }
        let found = try context.loadedServices(text)
        for var spec in found {
            switch change {
            case .unload: try store.remove(spec.name)
            case .start, .stop:
                spec.desiredState = change == .start ? .up : .down
                try store.write(spec)
            }
        }
        return found
    }

    /// Lets a supervisor that runs look at what has been written. False when none runs: then it is for the next one.
    @discardableResult static func tell(_ context: CommandContext) throws -> Bool {
        do throws(SupervisorError) {
            _ = try ControlClient(context.supervisorPlaces).ask(.sync)
            return true
        } catch {
            // Where there is no /proc, as in a chroot that becomes an image, none can run.
            switch error {
            case .refused(.noSupervisor, _), .refused(.noProcessFiles, _): break
            default: throw error
            }
            context.status.warn("no supervisor runs here: it takes effect when one starts (bio sup run)")
            return false
        }
    }

    private static func waitForEnd(of spec: ServiceSpec, _ context: CommandContext) throws {
        let client = ControlClient(context.supervisorPlaces)
        do throws(SupervisorError) {
            while try client.ask(.status).contains(where: { $0.service == spec.name && $0.state != "down" }) {
                if context.interruption.isRequested { throw .cancelled }
                usleep(20_000)
            }
        } catch {
            // A supervisor that ends meanwhile ends it too; one that was killed does not.
            if case .cancelled = error { throw error }
            if context.supervisorPlaces.isRunning(spec.name) { throw error }
        }
    }
}
