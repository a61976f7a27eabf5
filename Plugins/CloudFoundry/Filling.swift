// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// A mapping, and what fills it before the supervisor starts.
struct Filling {
    let mapping: Mapping
    /// The commands in the image that a mapping can call.
    let programs: Set<String>
    /// What lies on docker's image: absolute paths without their slash.
    let files: [(path: String, text: String)]

    private static let longestFile = 64 << 10

    init(_ packages: ServicePackages, _ job: Job, _ host: Host) throws(ExportFailure) {
        guard let path = job.text(CloudFoundryOptions.mapping) else {
            throw .option(
                CloudFoundryOptions.mapping, "there is no mapping for the service's configuration",
                hint: "give it behind the packages: PKG \(CloudFoundryOptions.mapping.valueName); it may be empty")
        }
        let bytes = try job.contents(of: CloudFoundryOptions.mapping, limit: Self.longestFile) ?? []
        mapping = try Mapping(bytes, path: path, host)

        let base = try BasePrograms(packages, host)
        let jq = try Self.jq(packages, host)
        var programs = base.tools + [base.cli, jq]
        for package in packages.named { programs += try PackageProgram.all(of: package, host) }
        self.programs = Set(programs.map { String(decoding: $0.name, as: UTF8.self) })
        let shell = String(decoding: base.shell.path, as: UTF8.self)
        let directory = "/\(packages.root)/user/\(packages.primary.name)/config"
        files = [
            ("cf-init.sh", StartScript.text(shell: shell, directory: directory)),
            ("cf-render.sh", RenderScript.text(shell: shell, jq: String(decoding: jq.path, as: UTF8.self))),
            ("cf-mapping.sh", try mapping.script(host)),
        ]
        guard files.allSatisfy({ $0.text.utf8.count <= Self.longestFile }) else {
            throw .option(
                CloudFoundryOptions.mapping, "'\(path)' is too long: more than 64 KiB once it is commands of a shell")
        }
    }

    /// Of the base packages that no role is known of: the user may have chosen another.
    private static func jq(_ packages: ServicePackages, _ host: Host) throws(ExportFailure) -> PackageProgram {
        let roles: Package.Roles = [.cli, .supervisor, .launcher, .shell, .certificates]
        for package in packages.all where package.roles.contains(.base) && package.roles.isDisjoint(with: roles) {
            let programs = try PackageProgram.all(of: package, host)
            if let jq = programs.first(where: { $0.isExecutable && $0.name.elementsEqual("jq".utf8) }) { return jq }
        }
        throw ExportFailure(
            code: 2, subject: .option("jq-pkg"), "no base package has the program 'jq', which reads what services say",
            hint: "name a package that has it")
    }
}
