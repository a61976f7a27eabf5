// SPDX-License-Identifier: Apache-2.0

import BioSupervisor
import Glibc

/// `bio sup term`
enum SupervisorEnd {
    static let spec = CommandSpec(
        "term", abstract: "End the supervisor, and all services with it",
        discussion: "Services stay loaded: the next supervisor starts them. Returns when it has ended.",
        examples: [CommandSpec.Example("bio sup term", "End it in good order")],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let places = context.supervisorPlaces
        let client = ControlClient(places)
        // That somebody answers tells that the process in the lock is the one.
        _ = try client.ask(.status)
        guard let pid = places.holder() else { throw ServiceRefusal.noSupervisor(lock: places.lock) }
        guard kill(pid, SIGTERM) == 0 else {
            throw CommandFailure(
                .failure, "the supervisor, process \(pid), cannot be asked to end", hint: "ask as its user, or as root")
        }
        while client.isThere {
            try context.interruption.check()
            usleep(20_000)
        }
        context.status.end("The supervisor, process \(pid), has ended")
    }
}
