// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// Describes an image to the host: the packages, one layer of what lies around them, and how a container runs.
final class DockerExporter: Exporter {
    private let host: Host
    /// The same in every phase: job and packages are.
    private var decided: Plan?

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) { _ = try decide(job) }

    func plan(_ job: Job) throws(ExportFailure) {
        let plan = try decide(job)
        for note in FormerOptions.notes(job) { host.log(.note, note) }
        for remark in plan.hooks.remarks { host.log(remark.level, remark.text) }
        for remark in plan.service?.remarks ?? [] { host.log(.note, remark) }
        if let remark = plan.service?.stopRemark { host.log(.note, remark) }
        for remark in plan.portRemarks { host.log(.warning, remark) }
        if let remark = plan.userRemark { host.log(.warning, remark) }
        try publish(plan)
    }

    func run(_ job: Job) throws(ExportFailure) { try publish(try decide(job)) }

    private func decide(_ job: Job) throws(ExportFailure) -> Plan {
        if let decided { return decided }
        let plan = try Plan(job, host)
        decided = plan
        return plan
    }

    private func publish(_ plan: Plan) throws(ExportFailure) {
        let image = try host.makeImage()
        try image.add(plan.packages.all)
        let tree = try host.makeRootFilesystem()
        try plan.root.write(to: tree)
        try plan.workingDirectory?.write(to: tree)
        try plan.hooks.write(to: tree, host)
        try plan.service?.write(to: tree, host)
        try image.add(tree, title: plan.title)
        try image.configure(plan.config)
        try image.publish()
    }

    /// An image, decided: every option and package has been looked at.
    private struct Plan {
        let packages: ServicePackages
        let root: ServiceRoot
        let workingDirectory: WorkingDirectory?
        let hooks: InstallHooks
        /// Nil unless it runs without a supervisor.
        let service: DirectService?
        /// A user that cannot do what the service must.
        let userRemark: String?
        let portRemarks: [String]
        let config: ImageConfig

        init(_ job: Job, _ host: Host) throws(ExportFailure) {
            let options = try ContainerOptions(job)
            packages = try ServicePackages(job)
            if options.runtime != .none {
                try packages.checkService(
                    .option(DockerOptions.runtime.id),
                    hint: "add a package with a run hook, or run a program by itself with --runtime none")
            }
            let base =
                options.runtime == .supervisor
                ? try BasePrograms(packages, host, hint: "leave out --base-pkgs none, or say --runtime none") : nil
            var programs: [(owner: Package, programs: [PackageProgram])] = []
            for package in packages.named { programs.append((package, try PackageProgram.all(of: package, host))) }
            service = options.runtime == .direct ? try DirectService(packages, job, host) : nil
            let root = ServiceRoot(packages, base: base, programs: programs, service: service)
            self.root = root
            workingDirectory = options.workingDirectory.map { WorkingDirectory(path: $0, root: root) }
            hooks = InstallHooks(packages, options)
            userRemark =
                service == nil || options.user?.isInRootGroup != false
                ? nil
                : "'\(options.user?.text ?? "")' can neither read the service's configuration nor write its data: only "
                    + "root and group 0 can, as in --user 42:0"
            let process: ContainerProcess
            var portRemarks: [String] = []
            if let service {
                try DirectOptions.checkVariables(
                    options.environment, DockerOptions.environment, of: packages.primary)
                try service.checkInterpreters(packages, host, in: root)
                let ports = try DirectOptions.ports(of: packages.primary, job, host)
                process = .direct(service, ports, options)
                portRemarks = ports.remarks
            } else if options.runtime == .supervisor {
                process = .supervisor(packages, options)
            } else {
                process = try .alone(packages, options, NamedPrograms(programs, primary: packages.primary))
            }
            let check = try options.healthCheck.check(hook: service?.healthCommand)
            self.portRemarks = portRemarks
            config = Self.config(options, process.setting(options.environment), packages, service, check)
            try options.user?.check(root.accounts)
            try workingDirectory?.check()
            try Self.checkShell(check, root)
        }

        /// What users see of the layer beside the packages.
        var title: String {
            if service != nil { return "users, links and the service" }
            return root.base == nil ? "users and links" : "users, links and /init.sh"
        }

        private static func config(
            _ options: ContainerOptions, _ process: ContainerProcess, _ packages: ServicePackages,
            _ service: DirectService?, _ check: ImageConfig.HealthCheck?
        ) -> ImageConfig {
            var config = ImageConfig()
            config.user = options.user?.text ?? ""
            config.workingDirectory = options.workingDirectory ?? ""
            config.stopSignal = process.stopSignal
            config.entrypoint = process.entrypoint
            config.command = process.command
            config.ports = process.ports
            config.environment = process.environment
            config.labels = ImageLabels.labels(packages, service, user: options.labels)
            config.healthCheck = check
            return config
        }

        private static func checkShell(
            _ check: ImageConfig.HealthCheck?, _ root: ServiceRoot
        ) throws(ExportFailure) {
            guard check?.test.first == "CMD-SHELL", !root.links.contains("sh") else { return }
            throw .option(
                DockerOptions.health, "a line for the shell needs /bin/sh, which the image does not have",
                hint: #"write it as a list of words, as in ["redis-cli", "ping"]"#)
        }
    }
}
