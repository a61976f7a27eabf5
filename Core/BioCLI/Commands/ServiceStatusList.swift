// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSupervisor

/// `bio svc status`
enum ServiceStatusList {
    static let spec = CommandSpec(
        "status", abstract: "Tell how the services of this machine are",
        discussion: """
            The supervisor that runs is asked. A service is up, down, waiting (for a package, a configuration, a bind), \
            starting (its init hook runs), restarting (it has died, and is started again in a while) or stopping.
            """,
        examples: [CommandSpec.Example("bio svc status", "See what runs")],
        arguments: [
            ArgumentSpec(
                "SERVICE", .optional, help: "ident of a service or composite, its name, or SERVICE.GROUP")
        ],
        options: [.format], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        var services = try ControlClient(context.supervisorPlaces).ask(.status)
        if let text = arguments.argument("SERVICE") {
            let groups = try context.loadedServices(text).map(\.serviceGroup.description)
            services = services.filter { groups.contains($0.group) }
        }
        if arguments.wantsJSON {
            return try context.result.json(["schema_version": 1, "services": .array(services.map(\.value))])
        }
        guard !services.isEmpty else { return context.status.info("no services are loaded: bio svc load IDENT") }
        var table = Table([
            Table.Column("package", flexible: true), Table.Column("type"), Table.Column("desired"),
            Table.Column("state"),
            Table.Column("elapsed (s)", .right), Table.Column("pid", .right), Table.Column("group"),
            Table.Column("health"),
        ])
        for service in services {
            table.add([
                service.ident, service.composite ?? "standalone", service.desiredState, service.state,
                service.upSeconds.map { "\($0)" } ?? "<none>", service.pid.map { "\($0)" } ?? "<none>",
                service.group, service.health,
            ])
        }
        let width = context.terminal.outputColumns
        try context.result.lines(table.lines(width: width == 0 ? nil : width))
        for service in services {
            guard let reason = service.reason else { continue }
            let lines = reason.split(separator: "\n", omittingEmptySubsequences: false)
            context.status.warn("\(service.group): \(lines[0])")
            for line in lines.dropFirst() { context.status.info("  \(line)") }
        }
    }
}
