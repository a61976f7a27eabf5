// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The options of formats whose service can run without a supervisor: configured when it is exported.
public enum DirectOptions {
    /// Of formats that know these two runtimes.
    public static let runtime = Option.choice(
        "runtime",
        [
            ("supervisor", "the supervisor runs services"),
            ("direct", "a small first process runs the first service, configured now"),
        ], default: "supervisor", "Choose what runs the packages")

    public static let config = Option.path(
        "config", "FILE", "With --runtime direct, configure the service with this user.toml")
    public static let bindAddress = Option.list(
        "bind-address", "BIND=HOST:PORT", "With --runtime direct, the bind leads there; repeatable")

    public static let options = [config, bindAddress]

    /// The first process of such a service. `omitWhen` are the conditions of every other runtime.
    public static func firstProcess(omitWhen: String) -> BasePackage {
        .other("init", package: "biome/bio-init", omitWhen: omitWhen)
    }

    /// The base packages of such a format: `supervised` under a supervisor, the first process otherwise.
    public static func basePackages(_ supervised: [BasePackage.Role]) -> [BasePackage] {
        supervised.map { BasePackage($0, omitWhen: "runtime=direct") } + [firstProcess(omitWhen: "runtime=supervisor")]
    }

    /// The service of such a format without a supervisor; nil when it has one.
    ///
    /// - Parameter saysWords: whether the format tells the supervisor of binds (`SupervisorWords`).
    public static func service(
        _ packages: ServicePackages, _ job: Job, _ host: Host, saysWords: Bool = false
    ) throws(ExportFailure) -> DirectService? {
        guard job.text(runtime) == "direct" else {
            try checkUnused(job, bindsAnyway: saysWords)
            return nil
        }
        return try DirectService(packages, job, host)
    }

    /// Where such a service listens: `--config` may say something else than the package does.
    public static func ports(of service: Package, _ job: Job, _ host: Host) throws(ExportFailure) -> ConfiguredPorts {
        let given = try job.contents(of: config).map { (text) throws(ExportFailure) in
            try host.read(text, as: .toml, name: job.text(config) ?? "", from: .option(config.id)).value
        }
        return try ConfiguredPorts(service, given, host)
    }

    /// Where the image of such a service has its first process, and what starts the service and looks after it: in every
    /// release the same, so that what names it need not be made anew.
    public static let program = "/bin/bio-init"

    /// - Parameter root: what packages are below, as in `/hab`.
    public static func specPath(_ name: String, below root: String) -> String { "\(root)/svc/\(name)/bio-init.spec" }

    /// What a child export of the format docker is told, so that its image runs the same service.
    public static func forDocker(_ job: Job) -> [(key: String, value: String)] {
        guard job.text(runtime) == "direct" else { return [] }
        return [(runtime.id, "direct")] + (job.text(config).map { [(config.id, $0)] } ?? [])
            + job.list(bindAddress).map { (bindAddress.id, $0) }
    }

    /// Refused where a supervisor, or nobody, would read them.
    public static func checkUnused(_ job: Job, bindsAnyway: Bool = false) throws(ExportFailure) {
        if job.text(config) != nil {
            throw .option(config, "only --runtime direct configures a service when it is exported", hint: elsewhere)
        }
        if !bindsAnyway, !job.list(bindAddress).isEmpty {
            throw .option(bindAddress, "only --runtime direct binds a service when it is exported", hint: elsewhere)
        }
    }

    /// Refuses the variable that would configure the service under a supervisor: nobody reads it.
    ///
    /// - Parameter variables: what `option` sets in its containers.
    public static func checkVariables(
        _ variables: [(key: String, value: String)], _ option: Option, of package: Package
    ) throws(ExportFailure) {
        let root = package.prefix.prefix { $0 != "/" }
        let name = "\(root)_\(package.name)".uppercased().split(separator: "-", omittingEmptySubsequences: false)
            .joined(separator: "_")
        guard variables.contains(where: { $0.key == name }) else { return }
        throw .option(
            option, "nobody reads '\(name)': with --runtime direct the service is configured when it is exported",
            hint: "say with --\(config.id) FILE what it would say")
    }

    private static let elsewhere = "add --runtime direct, or leave it out"
}
