// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// What a container runs, and with what.
struct ContainerProcess {
    var entrypoint: [String]
    var command: [String]
    var environment: [(key: String, value: String)]
    var ports: [String]
    var stopSignal = ""

    /// Port of the supervisor's HTTP gateway.
    private static let gateway = "9631/tcp"

    /// `/init.sh` and the first service, unless the user wants something else.
    static func supervisor(_ packages: ServicePackages, _ options: ContainerOptions) -> ContainerProcess {
        ContainerProcess(
            entrypoint: options.entrypoint ?? ["/init.sh"],
            command: options.command ?? (options.entrypoint == nil ? ["run", packages.primary.requested] : []),
            environment: [("PATH", "/bin")], ports: once([gateway] + packages.services.flatMap(exposed)))
    }

    /// The first process and the service that it is told of, unless the user wants something else.
    static func direct(
        _ service: DirectService, _ ports: ConfiguredPorts, _ options: ContainerOptions
    ) -> ContainerProcess {
        ContainerProcess(
            entrypoint: options.entrypoint ?? service.command, command: options.command ?? [],
            environment: [("PATH", "/bin")], ports: ports.exposed.map { "\($0)/tcp" })
    }

    /// A program of the packages, by itself.
    static func alone(
        _ packages: ServicePackages, _ options: ContainerOptions, _ programs: NamedPrograms
    ) throws(ExportFailure) -> ContainerProcess {
        var owner = packages.primary
        var entrypoint = options.entrypoint ?? []
        // Words of the user's are the whole command, as Docker's CMD is, unless a program is named too.
        if options.program != nil || (options.entrypoint == nil && options.command == nil) {
            let program = try programs.program(options.program)
            owner = program.owner
            entrypoint = [program.path]
        }
        let signal = owner.filledMetadata("SHUTDOWN_SIGNAL").map { "SIG\($0)" }
        return ContainerProcess(
            entrypoint: entrypoint, command: options.command ?? [],
            environment: RuntimeEnvironment.variables(of: owner, packages),
            ports: once(packages.named.flatMap(exposed)), stopSignal: signal ?? "")
    }

    /// The same with the user's variables, which win.
    func setting(_ variables: [(key: String, value: String)]) -> ContainerProcess {
        var process = self
        process.environment.removeAll { own in variables.contains { $0.key == own.key } }
        process.environment += variables
        return process
    }

    private static func once(_ ports: [String]) -> [String] {
        var seen: Set<String> = []
        return ports.filter { seen.insert($0).inserted }
    }

    private static func exposed(_ package: Package) -> [String] { package.exposedPorts.map { "\($0)/tcp" } }
}
