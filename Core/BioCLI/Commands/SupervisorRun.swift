// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSupervisor
import Glibc

/// `bio sup run`
enum SupervisorRun {
    static let spec = CommandSpec(
        "run", abstract: "Supervise the services of this machine, in the foreground",
        discussion: """
            Starts every service that is loaded, and PKG, which is loaded so by that; looks after them until a signal \
            ends it: SIGTERM or SIGINT, which lets services end in their own time; a second one kills them. HUP, USR1, \
            USR2 and WINCH are passed on to them. It may be process 1 of a container.

            A service gets its directories in /hab/svc/NAME, its configuration and hooks rendered there, and runs as \
            its package's user when this is root. It is started again when it dies, and reconfigured when its user.toml \
            or what bio config apply sets changes. What it writes comes out here, each line with its name.

            A supervisor is alone: there is no ring. Services find each other by --bind on one machine, and by \
            --bind-address elsewhere.
            """,
        examples: [
            CommandSpec.Example("bio sup run core/redis", "Run a service"),
            CommandSpec.Example(
                "bio sup run acme/app --bind-address redis=10.0.0.7:6379", "Run one that uses another machine's"),
        ],
        arguments: [
            ArgumentSpec("PKG", .optional, help: "ident of a service or composite: origin/name[/version[/release]]")
        ],
        options: ServiceOptions.options + [
            OptionSpec(
                "listen-http", aliases: ["http"], .string("HOST:PORT"), environment: ["HAB_LISTEN_HTTP"],
                section: "Gateway",
                help: "Tell over HTTP how services are, at this numeric address; the token that is asked for is in "
                    + "/hab/sup/default/HTTP_TOKEN"),
            OptionSpec(
                "http-open-health", .flag, environment: ["BIO_HTTP_OPEN_HEALTH"], section: "Gateway",
                help: "Tell without the token whether a service is well, and no more: for probes of an orchestrator"),
            OptionSpec("http-disable", short: "D", .flag, hidden: true, help: "As without --listen-http"),
            OptionSpec(
                "service-min-backoff-period", .integer("SECONDS", 1...3600), fallback: "1", section: "Restarts",
                help: "Wait so long before a service that has died is started again; each time twice as long"),
            OptionSpec(
                "service-max-backoff-period", .integer("SECONDS", 1...86_400), fallback: "60", section: "Restarts",
                help: "Never wait longer"),
            OptionSpec(
                "service-restart-cooldown-period", .integer("SECONDS", 0...86_400), fallback: "60",
                section: "Restarts", help: "After so long a life the waiting begins anew"),
            OptionSpec(
                "service-hook-limit", .integer("SECONDS", 1...86_400), hidden: true, fallback: "60",
                section: "Restarts",
                help: "End hooks that take longer, but not init and install"),
        ] + refused,
        exitCodes: [.packageNotFound, .interrupted], action: run)

    /// Options of the original that one supervisor alone cannot serve, and what to do instead.
    private static let ring: [(name: String, short: Character?, takesValue: Bool, instead: String)] = [
        ("peer", nil, true, "bind to its services by their addresses: --bind-address NAME=HOST:PORT"),
        ("permanent-peer", "I", false, "leave it away"),
        ("peer-watch-file", nil, true, "bind by addresses: --bind-address NAME=HOST:PORT"),
        ("ring", "r", true, "leave it away: nothing is sent that would be encrypted"),
        ("generate-ring-key", nil, true, "leave it away"),
        ("listen-gossip", nil, true, "leave it away"),
        ("listen-ctl", nil, true, "leave it away: bio svc talks to it through /hab/sup/default/control"),
        ("org", nil, true, "leave it away"),
        ("auto-update", nil, false, "install the newer release, and start it anew"),
    ]

    private static let refused = ring.map { option in
        OptionSpec(
            option.name, short: option.short, option.takesValue ? .string("VALUE") : .flag,
            repeatable: option.takesValue, hidden: true, help: "Needs a ring")
    }

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        for option in ring where option.takesValue ? arguments.string(option.name) != nil : arguments.flag(option.name)
        {
            throw ServiceRefusal.needsRing("--\(option.name)", instead: option.instead)
        }
        var settings = Supervisor.Settings()
        settings.pause.shortest = UInt32(arguments.integer("service-min-backoff-period") ?? 1)
        settings.pause.longest = max(
            settings.pause.shortest, UInt32(arguments.integer("service-max-backoff-period") ?? 60))
        settings.pause.cooldown = UInt32(arguments.integer("service-restart-cooldown-period") ?? 60)
        settings.hookLimit = arguments.integer("service-hook-limit").map { Int64($0) } ?? settings.hookLimit
        if let text = arguments.string("listen-http"), !arguments.flag("http-disable") {
            guard let address = GatewayAddress(text) else {
                throw UsageError.refused(
                    "'\(text)' of --listen-http is no numeric address", hint: "as in 127.0.0.1:9631 or [::1]:9631")
            }
            settings.gateway = address
            settings.isHealthOpen = arguments.flag("http-open-health")
        }
        let wishes = try ServiceOptions.wishes(arguments)
        if arguments.argument("PKG") == nil, let option = ServiceOptions.given(arguments) {
            throw UsageError.refused(
                "'--\(option)' is about a service, and none is named", hint: "bio sup run IDENT --\(option) …")
        }
        settings.token = context.environment["HAB_SUP_GATEWAY_AUTH_TOKEN"]
        // Services inherit what the supervisor has, but not that.
        let host = context.hostFacts(without: context.environment.name(of: "HAB_SUP_GATEWAY_AUTH_TOKEN"))
        let loader = ServiceLoader(context.store)
        let specs = try arguments.argument("PKG").map { try loader.specs(for: context.loadedIdent($0), wishes) } ?? []
        let supervisor: Supervisor
        do throws(SupervisorError) {
            supervisor = try Supervisor(context.store, host, settings, output: OutputQueue(descriptor: 1)) {
                () throws(SupervisorError) in
                guard !specs.isEmpty else { return }
                // What is said now counts, whatever an earlier start has left.
                try loader.load(
                    specs, force: true, cancellation: context.cancellation, waiting: context.tellWaiting)
            }
        } catch {
            // Asked to end before there was anything to be ended.
            if error == .cancelled && context.interruption.signal == SIGTERM { return }
            throw error
        }
        let signal = supervisor.run { context.interruption.signal }
        if signal == SIGINT { throw CommandFailure.interrupted }
    }
}
