// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// An image and its manifest, decided: every option and package has been looked at.
struct ImagePlan {
    let service: Package
    let mapping: Mapping
    let app: String
    /// The last of the names says most: the user's own tag, else version and release.
    let reference: String
    /// Of docker's own.
    let options: [(key: String, value: String)]
    /// The commands in the image that a mapping can call.
    let programs: Set<String>
    /// What lies on docker's image: absolute paths without their slash.
    let files: [(path: String, text: String)]

    /// Where Cloud Foundry lets an application listen that says nothing of it.
    private static let standardPort: UInt16 = 8080
    private static let longestFile = 64 << 10

    init(_ job: Job, _ host: Host) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        try packages.checkService()
        service = packages.primary
        let path = job.text(CloudFoundryOptions.mapping) ?? ""
        let bytes = try job.contents(of: CloudFoundryOptions.mapping, limit: Self.longestFile) ?? []
        mapping = try Mapping(bytes, path: path, host)
        reference = try Self.reference(service, host)
        app = try AppManifest.name(job, service)
        options = job.text(CloudFoundryOptions.user).map { [("user", $0)] } ?? []

        let base = try BasePrograms(packages, host)
        let jq = try Self.jq(packages, host)
        var programs = base.tools + [base.cli, jq]
        for package in packages.named { programs += try PackageProgram.all(of: package, host) }
        self.programs = Set(programs.map { String(decoding: $0.name, as: UTF8.self) })
        let shell = String(decoding: base.shell.path, as: UTF8.self)
        files = [
            ("cf-init.sh", StartScript.text(shell: shell, directory: "/\(packages.root)/user/\(service.name)/config")),
            ("cf-render.sh", RenderScript.text(shell: shell, jq: String(decoding: jq.path, as: UTF8.self))),
            ("cf-mapping.sh", try mapping.script(host)),
        ]
        guard files.allSatisfy({ $0.text.utf8.count <= Self.longestFile }) else {
            throw .option(
                CloudFoundryOptions.mapping, "'\(path)' is too long: more than 64 KiB once it is commands of a shell")
        }
    }

    /// Without a tag a platform takes `latest`, which is the image of another format.
    private static func reference(_ service: Package, _ host: Host) throws(ExportFailure) -> String {
        let references = try host.references(of: service)
        guard let last = references.last, last.split(separator: "/").last?.contains(":") == true else {
            throw ExportFailure(
                code: 2, subject: .option("tag-custom"),
                "the image has no tag, and every tag of this format begins with cf-",
                hint: "leave out one of the options --no-tag-…, or give a tag with --tag-custom")
        }
        return last
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

    /// What is different from docker's: it takes the same words, and exposes the one port that Cloud Foundry knows.
    var config: ImageConfig {
        var config = ImageConfig()
        config.entrypoint = ["/cf-init.sh"]
        config.command = ["run", service.requested]
        config.ports = ["\(service.exposedPorts.first ?? Self.standardPort)/tcp"]
        return config
    }

    var manifest: Artifact {
        Artifact(
            .file("\(service.ident.split(separator: "/").joined(separator: "-")).manifest.yml"), role: .sidecar,
            kind: "manifest", mediaType: "application/yaml")
    }

    func manifestText(_ host: Host) throws(ExportFailure) -> String {
        let listens = !service.exposedPorts.isEmpty || mapping.asksForPort
        let document = AppManifest(app: app, image: reference, services: mapping.services, listens: listens).document
        return try host.text(of: document, as: .yaml)
    }
}
